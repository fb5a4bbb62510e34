// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

/**
 * The readings of a wall clock that a schedule names, without a zone. Times are seconds since
 * 1970-01-01T00:00 on that clock.
 */
interface LocalTicks {
  /** Answers that there is no such reading. Not an error: an expression may never run. */
  long NONE = Long.MAX_VALUE;

  /** Returns the first reading after the given one, or {@link #NONE}. */
  long nextAfter(long local);

  /** Returns the last reading at or before the given one, or {@link #NONE}. */
  long lastUpTo(long local);

  /** Returns how many readings lie in (after, upTo]. */
  long count(long after, long upTo);

  /** Whether the readings follow the clock, rather than being fixed times. */
  boolean followsClock();
}
