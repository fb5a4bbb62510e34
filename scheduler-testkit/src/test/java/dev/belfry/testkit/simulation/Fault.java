// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import java.util.EnumSet;

/** The kinds of things that go wrong. Each seed has about half of them, so that causes part. */
enum Fault {
  /** Processes are killed, and started again some time later. */
  CRASHES,
  /** Processes stand still, for up to three leases. */
  PAUSES,
  /** Processes are closed in order and started again. */
  RESTARTS,
  /** The store is not to be reached, by anybody. */
  OUTAGES,
  /** One process can't reach the store. */
  PARTITIONS,
  /** Single calls fail, and are known not to have been applied. */
  LOST_CALLS,
  /** Single calls fail, and nobody knows whether they were applied. */
  UNKNOWN_COMMITS,
  /** Single calls are applied long after their callers have given them up. */
  LATE_COMMITS,
  /** Messages take long, and so overtake each other. */
  SLOW_CALLS,
  /** Nodes do not hear of each other's work. */
  NO_HINTS,
  /** The store's clock is set, forward and back. */
  STORE_CLOCK,
  /** The clocks of processes are wrong, and are set. */
  NODE_CLOCKS,
  /** Handlers fail. */
  FAILURES,
  /** Some runs kill the process that they run in. */
  POISON,
  /** Some outcomes are refused by the store for ever. */
  REFUSED_OUTCOMES,
  /** Runs are cancelled. */
  CANCELS;

  static EnumSet<Fault> drawn(Chance chance) {
    var drawn = EnumSet.noneOf(Fault.class);
    for (Fault fault : values()) {
      if (chance.oneIn(2)) {
        drawn.add(fault);
      }
    }
    return drawn;
  }
}
