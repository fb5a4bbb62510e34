// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Instants as every store can keep them: microseconds, years 1 to 9999. */
final class Instants {
  static final Instant MIN = Instant.parse("0001-01-01T00:00:00Z");
  static final Instant MAX = Instant.parse("9999-12-31T00:00:00Z");

  private Instants() {}

  /** Rounds up, so that nothing starts early. */
  static Instant ceilToMicros(Instant instant) {
    Instant floor = instant.truncatedTo(ChronoUnit.MICROS);
    return floor.equals(instant) ? floor : floor.plus(1, ChronoUnit.MICROS);
  }
}
