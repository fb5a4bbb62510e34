// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One call to the store in memory: when it happens, and who may want to hear of it. */
final class Commit {
  private static final int NANOS_PER_MICRO = 1_000;
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long MOST_SECONDS = Long.MAX_VALUE / MICROS_PER_SECOND - 1;

  private final Instant now;
  private @Nullable Map<Integer, Instant> lanes;
  private boolean catalog;

  Commit(Instant now) {
    this.now = now;
  }

  Instant now() {
    return now;
  }

  /**
   * Returns an instant as stores keep it; most have no more digits, and are returned as they are.
   */
  static Instant micros(Instant instant) {
    return instant.getNano() % NANOS_PER_MICRO == 0
        ? instant
        : instant.truncatedTo(ChronoUnit.MICROS);
  }

  static Optional<Instant> micros(Optional<Instant> instant) {
    return instant.map(Commit::micros);
  }

  /** Beyond the years that fit, all times are equal: they only have to come after the others. */
  static long toMicros(Instant instant) {
    long second = Math.max(-MOST_SECONDS, Math.min(instant.getEpochSecond(), MOST_SECONDS));
    return second * MICROS_PER_SECOND + instant.getNano() / NANOS_PER_MICRO;
  }

  static Instant ofMicros(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, MICROS_PER_SECOND),
        Math.floorMod(micros, MICROS_PER_SECOND) * NANOS_PER_MICRO);
  }

  /** Notes that a lane has a run that was not ready before. */
  void ready(int lane, Instant due) {
    if (lanes == null) {
      lanes = new HashMap<>();
    }
    lanes.merge(lane, due, (one, other) -> one.isBefore(other) ? one : other);
  }

  /** Notes that lanes, pauses or schedules changed. */
  void catalogChanged() {
    catalog = true;
  }

  Optional<Hint> hint() {
    return lanes == null && !catalog
        ? Optional.empty()
        : Optional.of(new Hint(now, lanes == null ? Map.of() : lanes, catalog));
  }
}
