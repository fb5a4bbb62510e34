// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.util.ArrayList;
import java.util.List;

/** Sets of values as the text of a field. */
final class CronText {
  private CronText() {}

  /** Whether a minute or hour field of this text makes an expression follow the clock. */
  static boolean followsClock(String field) {
    return field.indexOf('*') >= 0 || field.indexOf('-') >= 0 || field.indexOf('/') >= 0;
  }

  /** A minute or hour field; a fixed time must stay a list. */
  static String time(long values, int min, int max, boolean followsClock) {
    if (!followsClock) {
      return list(values, false);
    }
    int step = step(values, min, max);
    return step > 0 && all(min, max, step) == values ? star(step) : list(values, true);
  }

  /** A day or month field, which starts with a star if told so. */
  static String day(long values, int min, int max, boolean star) {
    if (!star) {
      return list(values, true);
    }
    int step = step(values, min, max);
    long rest = values & ~all(min, max, step);
    return star(step) + (rest == 0 ? "" : "," + list(rest, true));
  }

  /** The values, one of them as a range, so that the field follows the clock. */
  static String asRange(long values) {
    String first = Integer.toString(Long.numberOfTrailingZeros(values));
    long rest = values & values - 1;
    return first + "-" + first + (rest == 0 ? "" : "," + list(rest, false));
  }

  private static String star(int step) {
    return step == 1 ? "*" : "*/" + step;
  }

  /** Returns the smallest step from the least value whose values are all in the set, or 0. */
  private static int step(long values, int min, int max) {
    for (int step = 1; step <= max; step++) {
      if ((all(min, max, step) & ~values) == 0) {
        return step;
      }
    }
    return 0;
  }

  private static long all(int min, int max, int step) {
    long values = 0;
    for (int value = min; value <= max; value += step) {
      values |= 1L << value;
    }
    return values;
  }

  /** Values with commas; three or more in a row become a range if allowed. */
  static String list(long values, boolean ranges) {
    List<String> items = new ArrayList<>();
    long rest = values;
    while (rest != 0) {
      int first = Long.numberOfTrailingZeros(rest);
      int length = Long.numberOfTrailingZeros(~(rest >>> first));
      if (ranges && length >= 3) {
        items.add(first + "-" + (first + length - 1));
        rest &= -1L << (first + length - 1) << 1;
      } else {
        items.add(Integer.toString(first));
        rest &= rest - 1;
      }
    }
    return String.join(",", items);
  }
}
