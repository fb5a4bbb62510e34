// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.util.List;

/** The fields of an expression, in their order. */
@SuppressWarnings("ImmutableEnumChecker") // the lists of names are immutable
enum CronUnit {
  SECOND("second", 0, 59, "minute", List.of()),
  MINUTE("minute", 0, 59, "hour", List.of()),
  HOUR("hour", 0, 23, "day", List.of()),
  DAY("day of month", 1, 31, "month", List.of()),
  MONTH(
      "month",
      1,
      12,
      "year",
      List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")),
  WEEKDAY("day of week", 0, 7, "week", List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")),
  YEAR("year", CronYears.FIRST, CronYears.LAST, "", List.of());

  private final String label;
  private final int min;
  private final int max;
  private final String cycle;
  private final List<String> names;
  private final int[] nameKeys;

  CronUnit(String label, int min, int max, String cycle, List<String> names) {
    this.label = label;
    this.min = min;
    this.max = max;
    this.cycle = cycle;
    this.names = names;
    this.nameKeys = names.stream().mapToInt(name -> nameKey(name, 0)).toArray();
  }

  String label() {
    return label;
  }

  int min(CronDialect dialect) {
    return this == WEEKDAY ? dialect.sunday() : min;
  }

  int max() {
    return max;
  }

  /** What ends when the values start again; empty for years. */
  String cycle() {
    return cycle;
  }

  /** The first value of {@code *}. */
  int starMin(CronDialect dialect) {
    return this == WEEKDAY && dialect != CronDialect.UNIX ? 1 : min(dialect);
  }

  /** The last value of {@code *}. */
  int starMax(CronDialect dialect) {
    return this == WEEKDAY && dialect == CronDialect.UNIX ? 6 : max;
  }

  boolean isDay() {
    return this == DAY || this == WEEKDAY;
  }

  /** Whether its text decides if an expression is a fixed time. */
  boolean isTime() {
    return this == SECOND || this == MINUTE || this == HOUR;
  }

  /** Returns the value of the three letters at the index, or -1. */
  int named(String text, int index, CronDialect dialect) {
    int key = nameKeys.length == 0 ? -1 : nameKey(text, index);
    for (int i = 0; i < nameKeys.length; i++) {
      if (nameKeys[i] == key) {
        // Spring reads SUN as 7, so that FRI-SUN ascends.
        return this == WEEKDAY && i == 0 && dialect == CronDialect.SPRING ? 7 : i + min(dialect);
      }
    }
    return -1;
  }

  /** Three letters of ASCII, in any case, as one number; -1 if there is anything else. */
  private static int nameKey(String text, int index) {
    if (index + 3 > text.length()) {
      return -1;
    }
    int key = 0;
    for (int i = index; i < index + 3; i++) {
      int letter = (text.charAt(i) | 0x20) - 'a';
      if (letter < 0 || letter > 25) {
        return -1;
      }
      key = key * 32 + letter;
    }
    return key;
  }

  /** Such as {@code 1-12 or JAN-DEC}. */
  String range(CronDialect dialect) {
    String numbers = min(dialect) + "-" + max;
    return names.isEmpty()
        ? numbers
        : numbers + " or " + names.get(0) + "-" + names.get(names.size() - 1);
  }
}
