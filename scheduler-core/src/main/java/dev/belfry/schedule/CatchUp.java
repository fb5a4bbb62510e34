// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What happens to ticks of a schedule that were missed because no node was up or the schedule was
 * paused. Immutable.
 */
public sealed interface CatchUp {
  /** Returns the policy that runs the latest missed tick once. The default of a schedule. */
  static CatchUp latest() {
    return new Latest();
  }

  /** Returns the policy that runs no missed tick; up to one minute late is not missed. */
  static CatchUp skip() {
    return new Skip();
  }

  /**
   * Returns the policy that runs missed ticks one after another, oldest first. If there are more
   * than the limits allow, the latest ones are run.
   *
   * @param maxCount the most ticks made up at once; from 1 to 10,000
   * @param maxAge how late a tick may be to be made up; positive
   * @throws IllegalArgumentException if a limit is out of range
   */
  static CatchUp all(int maxCount, Duration maxAge) {
    return new All(maxCount, maxAge);
  }

  /** Runs the latest missed tick once. */
  record Latest() implements CatchUp {}

  /** Runs no missed tick. */
  record Skip() implements CatchUp {
    /** How late a tick may be handled before it counts as missed: 1 minute. */
    public static final Duration TOLERANCE = Duration.ofMinutes(1);
  }

  /**
   * Runs missed ticks one after another, oldest first.
   *
   * @param maxCount the most ticks made up at once; from 1 to 10,000
   * @param maxAge how late a tick may be to be made up; positive
   */
  record All(int maxCount, Duration maxAge) implements CatchUp {
    private static final int MOST = 10_000; // they are walked through at each tick

    /** Refuses limits out of range. */
    public All {
      if (maxCount < 1 || maxCount > MOST) {
        throw new IllegalArgumentException(
            "maxCount must be from 1 to 10000, was " + maxCount + "; skip() makes up no tick");
      }
      if (requireNonNull(maxAge, "maxAge").isNegative() || maxAge.isZero()) {
        throw new IllegalArgumentException("maxAge must be positive, was " + maxAge);
      }
    }
  }
}
