// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule.oracle;

import dev.belfry.schedule.CronDialect;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The numbers that may stand in a field.
 *
 * @param min what {@code *} begins with
 * @param max what {@code *} and {@code a/n} end with
 * @param firstName the number of the first name
 * @param names none for most fields
 */
record Numbers(int min, int max, int firstName, List<String> names) {
  static final Numbers SECONDS = new Numbers(0, 59, 0, List.of());
  static final Numbers MINUTES = SECONDS;
  static final Numbers HOURS = new Numbers(0, 23, 0, List.of());
  static final Numbers DAYS = new Numbers(1, 31, 0, List.of());
  static final Numbers MONTHS =
      new Numbers(
          1,
          12,
          1,
          List.of(
              "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"));
  static final Numbers YEARS = new Numbers(1970, 2199, 0, List.of());

  private static final List<String> FROM_SUNDAY =
      List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
  private static final List<String> FROM_MONDAY =
      List.of("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN");

  /** Returns the weekdays of a dialect: * is 0-6, 1-7 from Monday, or 1-7 from Sunday. */
  static Numbers weekdays(CronDialect dialect) {
    return switch (dialect) {
      case UNIX -> new Numbers(0, 6, 0, FROM_SUNDAY);
      case SPRING -> new Numbers(1, 7, 1, FROM_MONDAY);
      case QUARTZ -> new Numbers(1, 7, 1, FROM_SUNDAY);
    };
  }

  int read(String token) {
    int name = names.indexOf(token.toUpperCase(Locale.ROOT));
    return name < 0 ? Integer.parseInt(token) : firstName + name;
  }

  Set<Integer> all(String field) {
    Set<Integer> numbers = new TreeSet<>();
    for (String item : field.split(",", -1)) {
      numbers.addAll(item(item));
    }
    return numbers;
  }

  /** Reads {@code *}, {@code a} or {@code a-b}, each also with {@code /n}. */
  Set<Integer> item(String item) {
    String[] parts = item.split("/", -1);
    boolean stepped = parts.length == 2;
    int step = stepped ? Integer.parseInt(parts[1]) : 1;
    String[] ends = parts[0].split("-", -1);
    if (parts[0].equals("*")) {
      return range(min, max, step);
    }
    int from = read(ends[0]);
    if (ends.length == 2) {
      return range(from, read(ends[1]), step);
    }
    return range(from, stepped ? max : from, step);
  }

  /**
   * Counts on to the end, through the highest number to the lowest where the end is before the
   * start. The same wrap brings the Sunday of UNIX from 7 to 0.
   */
  private Set<Integer> range(int from, int to, int step) {
    int size = max - min + 1;
    Set<Integer> numbers = new TreeSet<>();
    for (int number = from; number <= (to < from ? to + size : to); number += step) {
      numbers.add(number > max ? number - size : number);
    }
    return numbers;
  }
}
