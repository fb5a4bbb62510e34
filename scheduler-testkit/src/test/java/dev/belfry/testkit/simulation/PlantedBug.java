// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import java.util.function.BiFunction;

/** Bugs that others have had, each of which the simulation must find when it is planted. */
enum PlantedBug {
  /** Whoever writes an outcome or a memo is believed, whatever its fence. */
  NO_FENCING(NoFencing::new),
  /** A user whose call may have been applied makes another one, in place of repeating it. */
  UNKNOWN_TAKEN_FOR_FAILURE,
  /** The run of a tick is committed first, and then that the schedule has moved on. */
  TICK_IN_TWO_TRANSACTIONS(TickInTwoTransactions::new),
  /** What is due and whose lease is over is judged by the clock of the node that asks. */
  NODE_CLOCKS(NodeClocks::new),
  /** A run that has been running for long is taken from its node, though that lives. */
  RESCUE_BY_AGE(RescueByAge::new),
  /** An attempt counts when it has ended, so what kills its node is never counted. */
  ATTEMPT_COUNTED_AT_THE_END(AttemptCountedAtTheEnd::new),
  /** The first node that is back after an outage takes all others for dead. */
  REAPING_AFTER_AN_OUTAGE(ReapingAfterAnOutage::new),
  /** Nobody looks again at a dead node, whose last claim is committed late. */
  LATE_CLAIM_NEVER_REAPED,
  /** A node never asks for claims whose answers it did not get. */
  UNKNOWN_CLAIM_NEVER_FOUND(UnknownClaimNeverFound::new),
  /** A wait is committed together with its look back, so neither it nor an event sees the other. */
  WAIT_AND_EVENT_IN_ONE_TRANSACTION(WaitInOneTransaction::new),
  /** Whoever frees a slot forgets the run that was put aside for it. */
  HELD_RUN_NEVER_FREED(HeldRunNeverFreed::new),
  /** All outcomes that are sent with one that the store will never take are failed. */
  GROUP_FAILED_BY_ONE_OUTCOME;

  private final BiFunction<World, ModelStore.Model, ModelStore.Model> planting;

  PlantedBug() {
    this((world, sound) -> sound); // it is not in what a call comes to; see who asks for it
  }

  PlantedBug(BiFunction<World, ModelStore.Model, ModelStore.Model> planting) {
    this.planting = planting;
  }

  ModelStore.Model plantedIn(World world, ModelStore.Model sound) {
    return planting.apply(world, sound);
  }
}
