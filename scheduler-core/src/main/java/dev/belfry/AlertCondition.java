// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Run;
import dev.belfry.schedule.Schedule;
import java.time.Duration;
import java.util.function.Predicate;

/** What a rule looks for. */
sealed interface AlertCondition {
  /** Of no one job, so that only a scheduler can have it. */
  sealed interface OfAll extends AlertCondition {}

  /**
   * Runs in a row failed.
   *
   * @param which which failed runs it is about
   */
  record Failures(int inARow, Predicate<? super Run> which) implements AlertCondition {}

  /** A pass takes too long. */
  record Longer(Duration than) implements AlertCondition {}

  /**
   * No run came between two deadlines.
   *
   * @param finished whether it must have completed, and not only started
   */
  record Deadline(Schedule deadlines, boolean finished) implements AlertCondition {}

  /** Ticks were missed and are not made up. */
  record Missed() implements AlertCondition {}

  /** A run completed with failed items. */
  record Partial() implements AlertCondition {}

  /** A node has died. */
  record NodeLost() implements OfAll {}

  /** Runs are due and no live node has a handler. */
  record Unserved(Duration after) implements OfAll {}
}
