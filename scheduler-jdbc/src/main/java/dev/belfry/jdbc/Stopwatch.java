// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How long something goes on. Nothing else in this package reads the JVM's monotonic clock. */
final class Stopwatch {
  /** Nanoseconds from some beginning. */
  static final LongSupplier CLOCK = System::nanoTime;

  private final long begin = CLOCK.getAsLong();

  private Stopwatch() {}

  static Stopwatch start() {
    return new Stopwatch();
  }

  boolean isPast(Duration time) {
    return CLOCK.getAsLong() - begin > time.toNanos();
  }
}
