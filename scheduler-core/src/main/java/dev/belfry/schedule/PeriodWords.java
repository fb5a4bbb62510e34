// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.time.Duration;

/** Periods in English. */
final class PeriodWords {
  private PeriodWords() {}

  /** After "every": {@code minute}, {@code 5 minutes}. */
  static String of(Duration period) {
    String words = count(period);
    return words.startsWith("1 ") ? words.substring(2) : words;
  }

  /** With its number: {@code 1 minute}, {@code 90 seconds}, in the largest unit that fits whole. */
  static String count(Duration period) {
    long micros = Micros.of(period);
    if (micros % 86_400_000_000L == 0) {
      return unit(micros / 86_400_000_000L, "day");
    }
    if (micros % 3_600_000_000L == 0) {
      return unit(micros / 3_600_000_000L, "hour");
    }
    if (micros % 60_000_000 == 0) {
      return unit(micros / 60_000_000, "minute");
    }
    if (micros % 1_000_000 == 0) {
      return unit(micros / 1_000_000, "second");
    }
    return micros % 1_000 == 0 ? unit(micros / 1_000, "millisecond") : unit(micros, "microsecond");
  }

  private static String unit(long count, String unit) {
    return count + " " + unit + (count == 1 ? "" : "s");
  }
}
