// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.store.Limit;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Bugs that the simulation must find when they are planted. The first twelve are such as others
 * have had; the rest break what those do not.
 */
@SuppressWarnings("ImmutableEnumChecker") // a list of constants, and a function without state
enum PlantedBug {
  /** Whoever writes an outcome or a memo is believed, whatever its fence. */
  NO_FENCING(NoFencing::new, Invariant.OLD_FENCE_WRITES_NOTHING),
  /** A user whose call may have been applied makes another one, in place of repeating it. */
  UNKNOWN_TAKEN_FOR_FAILURE(Invariant.NOTHING_TWICE),
  /** The run of a tick is committed first, and then that the schedule has moved on. */
  TICK_IN_TWO_TRANSACTIONS(TickInTwoTransactions::new, Invariant.ONE_RUN_FOR_A_TICK),
  /** What is due and whose lease is over is judged by the clock of the node that asks. */
  NODE_CLOCKS(
      NodeClocks::new,
      Invariant.NOT_EARLY,
      Invariant.TAKEN_FROM_THE_DEAD,
      Invariant.RECOVERED_IN_TIME),
  /** A run that has been running for long is taken from its node, though that lives. */
  RESCUE_BY_AGE(RescueByAge::new, Invariant.FENCE_GROWS),
  /** An attempt counts when it has ended, so what kills its node is never counted. */
  ATTEMPT_COUNTED_AT_THE_END(AttemptCountedAtTheEnd::new, Invariant.ATTEMPTS_BOUNDED),
  /** The first node that is back after an outage takes all others for dead. */
  REAPING_AFTER_AN_OUTAGE(ReapingAfterAnOutage::new, Invariant.REAPER_HELD_ITS_LEASE),
  /** Nobody looks again at a dead node, whose last claim is committed late. */
  LATE_CLAIM_NEVER_REAPED(Invariant.ALL_ENDS),
  /** A node never asks for claims whose answers it did not get. */
  UNKNOWN_CLAIM_NEVER_FOUND(UnknownClaimNeverFound::new, Invariant.ALL_ENDS),
  /** A wait is committed together with its look back, so neither it nor an event sees the other. */
  WAIT_AND_EVENT_IN_ONE_TRANSACTION(WaitInOneTransaction::new, Invariant.ALL_ENDS),
  /** Whoever frees a slot forgets the run that was put aside for it. */
  HELD_RUN_NEVER_FREED(HeldRunNeverFreed::new, Invariant.ALL_ENDS),
  /** All outcomes that are sent with one that the store will never take are failed. */
  GROUP_FAILED_BY_ONE_OUTCOME(Invariant.ENDS_AS_PLANNED),
  /** A limit is not looked at when runs are claimed. */
  LIMIT_IGNORED(
      (world, sound) -> new LimitIgnored(sound, Limit.Kind.SLOTS), Invariant.WITHIN_THE_LIMIT),
  /** The order of a key is not looked at when runs are claimed. */
  ORDER_IGNORED(
      (world, sound) -> new LimitIgnored(sound, Limit.Kind.ORDER), Invariant.ORDER_OF_A_KEY),
  /** What a step has returned is forgotten now and then. */
  MEMO_FORGOTTEN(MemoForgotten::new, Invariant.STEP_REMEMBERED),
  /** An insert is acknowledged before it is committed, and the commit fails. */
  ACKNOWLEDGED_BEFORE_COMMIT(
      AcknowledgedBeforeCommit::new,
      Invariant.NOTHING_LOST,
      Invariant.NOTHING_TWICE,
      Invariant.ALL_ENDS),
  /** The schedule's move is committed first, and the run of the tick after that, or never. */
  TICK_MOVED_WITHOUT_ITS_RUN(TickMovedWithoutItsRun::new, Invariant.NO_TICK_LOST),
  /** Leases last longer than is said. */
  LEASE_TOO_LONG(
      (world, sound) -> new LeaseTooLong(sound),
      Invariant.RECOVERED_IN_TIME,
      Invariant.REAPER_HELD_ITS_LEASE);

  private final BiFunction<World, ModelStore.Model, ModelStore.Model> planting;
  private final List<Invariant> broken;

  /** One that is not in what a call to the store comes to: see who asks for it. */
  PlantedBug(Invariant... broken) {
    this((world, sound) -> sound, broken);
  }

  PlantedBug(BiFunction<World, ModelStore.Model, ModelStore.Model> planting, Invariant... broken) {
    this.planting = planting;
    this.broken = List.of(broken);
  }

  /** Returns a store that has this bug. */
  ModelStore.Model plantedIn(World world, ModelStore.Model sound) {
    return planting.apply(world, sound);
  }

  /** Returns what it must be found by: one of these. */
  List<Invariant> broken() {
    return broken;
  }
}
