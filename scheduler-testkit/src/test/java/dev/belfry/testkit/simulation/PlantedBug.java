// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

/** Bugs that the simulation must find when they are planted, in the store or around it. */
enum PlantedBug {
  UNKNOWN_TAKEN_FOR_FAILURE,
  LATE_CLAIM_NEVER_REAPED;

  ModelStore.Model plantedIn(World world, ModelStore.Model sound) {
    return sound;
  }
}
