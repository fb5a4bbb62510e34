// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.time.Instant;
import java.util.Optional;

/** The ticks of a schedule, worked out. */
interface TickSeries {
  /** Returns the first tick after an instant. */
  Optional<Instant> next(Instant after);

  /** Returns the first tick at or after an instant. */
  default Optional<Instant> firstFrom(Instant from) {
    return next(from.minusNanos(1));
  }

  /** Returns the last tick at or before an instant. */
  Optional<Instant> lastUpTo(Instant upTo);

  /** Returns how many ticks lie in (after, upTo]. */
  long count(Instant after, Instant upTo);

  /** Returns why a tick is when it is. */
  PlannedTick explain(Instant tick);
}
