// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

/** What must hold, at every moment or at the end. The numbers are those of docs/reliability.md. */
enum Invariant {
  /** I1: a run ends once, and nothing follows its end. */
  ONE_END,
  /** I1: what is recorded as completed is what a handler returned, under that fence. */
  RESULT_OF_A_BODY,
  /** I2: fences grow, and each is held once. */
  FENCE_GROWS,
  /** I3: no write under an old fence changes anything. */
  OLD_FENCE_WRITES_NOTHING,
  /** I4: each claim that opens an attempt counts it, and no handler starts beyond the last. */
  ATTEMPTS_BOUNDED,
  /** I5: nothing starts early. */
  NOT_EARLY,
  /** I5: a tick has one run. */
  ONE_RUN_FOR_A_TICK,
  /** I5: a tick has a run, or a record that says why it has none. */
  NO_TICK_LOST,
  /** I6: runs of one key come in order, one at a time. */
  ORDER_OF_A_KEY,
  /** I6: no more runs at once than the limit says. */
  WITHIN_THE_LIMIT,
  /** I7: a run is taken from a node only if its lease is over. */
  TAKEN_FROM_THE_DEAD,
  /** I7: nobody reaps who has not held its lease for as long as a lease. */
  REAPER_HELD_ITS_LEASE,
  /** I7: two handlers of a run go on at once only if one of them has lost it. */
  NO_OVERLAP,
  /** I8: what is to happen at most once does. */
  AT_MOST_ONCE,
  /** A step that has returned is not called again, and its value stays. */
  STEP_REMEMBERED,
  /** I9: a dead node's run starts elsewhere within the lease, a renewal, and a second. */
  RECOVERED_IN_TIME,
  /** I10: what was acknowledged is there. */
  NOTHING_LOST,
  /** I10: a unique key, an event, an end has one run. */
  NOTHING_TWICE,
  /** I11: state, history and statistics say the same. */
  HISTORY_AGREES,
  /** I11: a run ends as its handler has it end. */
  ENDS_AS_PLANNED,
  /** After the faults all ends, within ten minutes. */
  ALL_ENDS,
  /** No event of a control loop dies of an exception. */
  LOOP_SURVIVES
}
