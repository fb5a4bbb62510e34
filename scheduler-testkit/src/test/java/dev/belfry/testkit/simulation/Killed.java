// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

/** Takes what a killed process was doing off its stack; nobody may catch it and go on. */
final class Killed extends Error {
  private static final long serialVersionUID = 1;

  Killed() {
    super("this process was killed", null, false, false);
  }
}
