// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Moves time to where something happens. */
final class Moves {
  private static final int MOST = 10_000;

  private final TestScheduler scheduler;
  private final VirtualTime time;
  private final TestNodes nodes;

  Moves(TestScheduler scheduler, TestNodes nodes) {
    this.scheduler = scheduler;
    this.time = scheduler.time();
    this.nodes = nodes;
  }

  /** Goes to where a handler starts or goes on next; returns whether one does. */
  boolean toNextRun() {
    long before = nodes.passes();
    scheduler.runDue();
    for (int moves = 0; nodes.passes() == before && moves < MOST; moves++) {
      Optional<Instant> next = NextStart.after(time.now(), nodes.reader());
      Duration most = next.map(at -> Duration.between(time.now(), at)).orElse(TestNodes.LOST_LEASE);
      if (next.isEmpty() && haveAllEnded()) {
        return false;
      }
      time.advanceUntil(() -> nodes.passes() > before, most);
      if (next.isEmpty()) {
        break; // what is due was taken over by now, or it is paused or has no room
      }
    }
    scheduler.runDue();
    return nodes.passes() > before;
  }

  /** Goes to where all runs have ended; returns whether they have. */
  boolean untilAllHaveEnded() {
    scheduler.runDue();
    for (int moves = 0; !haveAllEnded(); moves++) {
      if (moves == MOST || !toNextRun()) {
        return haveAllEnded();
      }
    }
    return true;
  }

  private boolean haveAllEnded() {
    return nodes
        .reader()
        .runs(
            RunQuery.all()
                .in(Status.SCHEDULED, Status.WAITING, Status.BLOCKED, Status.RUNNING)
                .limit(1))
        .items()
        .isEmpty();
  }
}
