// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Instants as microseconds since the epoch, cut to the years -9999 to 9999. */
final class Micros {
  static final Instant FIRST = Instant.parse("-9999-01-01T00:00:00Z");
  static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

  private Micros() {}

  /** Refuses a duration with fractions of a microsecond. */
  static void requireWhole(Duration duration, String name) {
    if (duration.getNano() % 1_000 != 0) {
      throw new IllegalArgumentException(name + " must be whole microseconds, was " + duration);
    }
  }

  static long floor(Instant instant) {
    Instant cut = instant.isBefore(FIRST) ? FIRST : instant.isAfter(LAST) ? LAST : instant;
    return cut.getEpochSecond() * 1_000_000 + cut.getNano() / 1_000;
  }

  static long ceiling(Instant instant) {
    return floor(instant) + (instant.getNano() % 1_000 == 0 ? 0 : 1);
  }

  static long of(Duration duration) {
    return duration.getSeconds() * 1_000_000 + duration.getNano() / 1_000;
  }

  /** Returns an instant; empty if it is outside of those years. */
  static Optional<Instant> within(long micros) {
    return micros < floor(FIRST) || micros > floor(LAST)
        ? Optional.empty()
        : Optional.of(toInstant(micros));
  }

  static Instant toInstant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
  }
}
