// SPDX-License-Identifier: Apache-2.0
package dev.belfry.retry;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Locale;

/** The arithmetic of waits: whole microseconds between zero and a year, and no overflow. */
final class Delays {
  /** No wait of a policy is longer, so that adding one to a timestamp of today always works. */
  static final Duration LONGEST = Duration.ofDays(365);

  private static final long LONGEST_MICROS = LONGEST.toSeconds() * 1_000_000;

  private Delays() {}

  /** Rounds up to a microsecond, so that a wait never ends early, and down to {@link #LONGEST}. */
  static long toMicros(Duration delay) {
    if (delay.compareTo(LONGEST) >= 0) {
      return LONGEST_MICROS;
    }
    return delay.toSeconds() * 1_000_000 + (delay.toNanosPart() + 999) / 1_000;
  }

  static Duration ofMicros(long micros) {
    return Duration.ofSeconds(micros / 1_000_000, micros % 1_000_000 * 1_000);
  }

  /** As {@link #ofMicros(long)}, with anything from {@link #LONGEST} to infinity cut to it. */
  static Duration ofMicros(double micros) {
    return ofMicros(micros >= LONGEST_MICROS ? LONGEST_MICROS : (long) micros);
  }

  static Duration min(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  static Duration max(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  static Duration requireNotNegative(Duration delay, String name) {
    if (requireNonNull(delay, name).isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative, was " + delay);
    }
    return delay;
  }

  static Duration requirePositive(Duration delay, String name) {
    if (requireNonNull(delay, name).isNegative() || delay.isZero()) {
      throw new IllegalArgumentException(name + " must be positive, was " + delay);
    }
    return delay;
  }

  static Duration requireAtMostLongest(Duration delay, String name) {
    if (delay.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(name + " must be at most 365 days, was " + delay);
    }
    return delay;
  }

  /**
   * Returns the delay for people: two units at most, such as {@code 1 h 5 min} or {@code 2.5 s}.
   */
  static String words(Duration delay) {
    long millis = toMicros(delay) / 1_000;
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < 10_000 && millis % 1_000 != 0) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
    }
    long seconds = (millis + 500) / 1_000;
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3_600) {
      return two(seconds, 60, " min", 1, " s");
    }
    return seconds < 86_400
        ? two(seconds, 3_600, " h", 60, " min")
        : two(seconds, 86_400, " d", 3_600, " h");
  }

  private static String two(long seconds, long big, String bigUnit, long small, String smallUnit) {
    long rest = seconds % big / small;
    return seconds / big + bigUnit + (rest == 0 ? "" : " " + rest + smallUnit);
  }
}
