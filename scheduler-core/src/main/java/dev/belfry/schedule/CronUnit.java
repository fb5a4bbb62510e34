// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.util.List;
import java.util.Locale;

/** The fields of an expression, in their order. */
@SuppressWarnings("ImmutableEnumChecker") // the lists of names are immutable
enum CronUnit {
  MINUTE("minute", 0, 59, "hour", List.of()),
  HOUR("hour", 0, 23, "day", List.of()),
  DAY("day of month", 1, 31, "month", List.of()),
  MONTH(
      "month",
      1,
      12,
      "year",
      List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")),
  WEEKDAY("day of week", 0, 7, "week", List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"));

  private final String label;
  private final int min;
  private final int max;
  private final String cycle;
  private final List<String> names;

  CronUnit(String label, int min, int max, String cycle, List<String> names) {
    this.label = label;
    this.min = min;
    this.max = max;
    this.cycle = cycle;
    this.names = names;
  }

  String label() {
    return label;
  }

  int min() {
    return min;
  }

  int max() {
    return max;
  }

  /** The largest value of {@code *}: 7 is a second name for Sunday. */
  int starMax() {
    return this == WEEKDAY ? 6 : max;
  }

  /** What ends when the values start again. */
  String cycle() {
    return cycle;
  }

  /** Returns the value of a name in any case, or -1. */
  int named(String name) {
    boolean ascii = name.chars().allMatch(c -> c < 128);
    int index = ascii ? names.indexOf(name.toUpperCase(Locale.ROOT)) : -1;
    return index < 0 ? -1 : index + min;
  }

  /** Such as {@code 1-12 or JAN-DEC}. */
  String range() {
    return min + "-" + max + (names.isEmpty() ? "" : " or " + names.get(0) + "-" + lastName());
  }

  private String lastName() {
    return names.get(names.size() - 1);
  }
}
