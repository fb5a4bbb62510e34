// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Parsed fields as canonical text: numbers for names, sorted lists, no macro. */
final class CronText {
  private final CronFields fields;
  private final CronDays days;
  private final CronDialect dialect;

  private CronText(CronFields fields, CronDialect dialect) {
    this.fields = fields;
    this.days = fields.days();
    this.dialect = dialect;
  }

  /**
   * Returns the text in a dialect.
   *
   * @throws IllegalArgumentException if the dialect can't say it; the message says what
   */
  static String of(CronFields fields, CronDialect dialect) {
    return new CronText(fields, dialect).text();
  }

  private String text() {
    requireExpressible();
    List<String> words = new ArrayList<>(times());
    words.add(dayOfMonth());
    words.add(list(days.months(), 1, 12));
    words.add(weekday());
    if (!days.years().isAll()) {
      words.add(days.years().toString());
    }
    return String.join(" ", words);
  }

  private void requireExpressible() {
    boolean restrictsBoth = !days.anyDayOfMonth() && !days.anyWeekday();
    if (dialect == CronDialect.UNIX && fields.times().seconds() != 1) {
      throw cant("seconds other than 0");
    }
    if (dialect == CronDialect.UNIX && days.hasLetters()) {
      throw cant("L, W and #");
    }
    if (dialect != CronDialect.QUARTZ && !days.years().isAll()) {
      throw cant("years");
    }
    if (dialect == CronDialect.SPRING && (days.nearestBeforeLast() & ~1) != 0) {
      throw cant("L-nW");
    }
    if (dialect != CronDialect.UNIX && !days.both()) {
      throw cant("a day of the month or a day of the week, whichever comes first");
    }
    if (dialect == CronDialect.QUARTZ && restrictsBoth) {
      throw cant("a day of the month and a day of the week together");
    }
    if (dialect == CronDialect.UNIX && restrictsBoth && days.both() && !startsWithStar()) {
      throw cant("a day of the month and a day of the week together");
    }
  }

  private IllegalArgumentException cant(String what) {
    return new IllegalArgumentException("the " + dialect + " dialect can't say " + what);
  }

  // Times

  private List<String> times() {
    DayTimes times = fields.times();
    String second = time(times.seconds(), 59);
    String minute = time(times.minutes(), 59);
    String hour = time(times.hours(), 23);
    if (fields.followsClock()) {
      String shown = dialect.hasSeconds() ? second + minute + hour : minute + hour;
      if (shown.indexOf('*') < 0 && shown.indexOf('-') < 0) {
        minute = asRange(times.minutes());
      }
    }
    return dialect.hasSeconds() ? List.of(second, minute, hour) : List.of(minute, hour);
  }

  /** A fixed time must stay a list of values, or it would follow the clock. */
  private String time(long values, int max) {
    return fields.followsClock() ? list(values, 0, max) : join(items(values, false));
  }

  /** The values, some of them as a range, so that the field follows the clock. */
  private static String asRange(long values) {
    String stepped = stepped(values);
    if (!stepped.isEmpty()) {
      return stepped;
    }
    String first = Integer.toString(Long.numberOfTrailingZeros(values));
    long rest = values & values - 1;
    return first + "-" + first + (rest == 0 ? "" : "," + join(items(rest, false)));
  }

  // Days

  private String dayOfMonth() {
    if (days.anyDayOfMonth()) {
      return dialect == CronDialect.QUARTZ && !days.anyWeekday() ? "?" : "*";
    }
    if (dialect == CronDialect.UNIX) {
      boolean star = days.both() && !days.anyWeekday() && dayStar();
      long values = Integer.toUnsignedLong(days.days());
      return star ? star(values, 1, 31) : plain(values);
    }
    List<String> items = items(Integer.toUnsignedLong(days.days()), true);
    each(days.nearest(), 31, day -> day + "W", items);
    each(days.beforeLast(), 30, before -> before == 0 ? "L" : "L-" + before, items);
    each(days.nearestBeforeLast(), 30, before -> before == 0 ? "LW" : "L-" + before + "W", items);
    return join(items);
  }

  private String weekday() {
    if (days.anyWeekday()) {
      return dialect == CronDialect.QUARTZ ? "?" : "*";
    }
    if (dialect == CronDialect.UNIX) {
      boolean star = days.both() && !days.anyDayOfMonth() && !dayStar();
      return star ? star(days.weekdays(), 0, 6) : plain(days.weekdays());
    }
    int sunday = dialect.sunday();
    List<String> items = items((long) days.weekdays() << sunday, true);
    for (int nth = 1; nth <= 5; nth++) {
      int weekdays = (int) (days.nthWeekdays() >> (7 * (nth - 1))) & CronDays.ALL_WEEKDAYS;
      String number = "#" + nth;
      each(weekdays, 6, weekday -> weekday + sunday + number, items);
    }
    each(days.lastWeekdays(), 6, weekday -> weekday + sunday + "L", items);
    return join(items);
  }

  private static void each(int bits, int max, IntFunction<String> word, List<String> items) {
    for (int bit = 0; bit <= max; bit++) {
      if ((bits >>> bit & 1) != 0) {
        items.add(word.apply(bit));
      }
    }
  }

  /** In UNIX only a field that starts with a star makes both day fields count. */
  private boolean startsWithStar() {
    return mayStarDay() || mayStarWeekday();
  }

  private boolean mayStarDay() {
    return (days.days() & 1 << 1) != 0;
  }

  private boolean mayStarWeekday() {
    return (days.weekdays() & 1) != 0;
  }

  /** Whether the day of the month is to start with the star, as the shorter text has it. */
  private boolean dayStar() {
    if (!mayStarDay() || !mayStarWeekday()) {
      return mayStarDay();
    }
    long values = Integer.toUnsignedLong(days.days());
    String here = star(values, 1, 31) + plain(days.weekdays());
    return here.length() <= (plain(values) + star(days.weekdays(), 0, 6)).length();
  }

  private static String star(long values, int min, int max) {
    int step = 1;
    while ((all(min, max, step) & ~values) != 0) {
      step++;
    }
    long rest = values & ~all(min, max, step);
    return (step == 1 ? "*" : "*/" + step) + (rest == 0 ? "" : "," + join(items(rest, true)));
  }

  // Sets of values

  /** The shortest of {@code *}, {@code *}{@code /n}, {@code a-b/n} and a list. */
  private static String list(long values, int min, int max) {
    for (int step = 1; step <= (max - min) / 2; step++) {
      if (all(min, max, step) == values) {
        return step == 1 ? "*" : "*/" + step;
      }
    }
    return plain(values);
  }

  private static String plain(long values) {
    String stepped = Long.bitCount(values) > 3 ? stepped(values) : "";
    return stepped.isEmpty() ? join(items(values, true)) : stepped;
  }

  /** The values as {@code a-b/n}; empty if they are not evenly spread. */
  private static String stepped(long values) {
    int first = Long.numberOfTrailingZeros(values);
    int last = 63 - Long.numberOfLeadingZeros(values);
    int step = (last - first) / Math.max(Long.bitCount(values) - 1, 1);
    return step > 1 && all(first, last, step) == values ? first + "-" + last + "/" + step : "";
  }

  static long all(int min, int max, int step) {
    long values = 0;
    for (int value = min; value <= max; value += step) {
      values |= 1L << value;
    }
    return values;
  }

  private static String join(List<String> items) {
    return String.join(",", items);
  }

  /** Values one by one; three or more in a row become a range if allowed. */
  static List<String> items(long values, boolean ranges) {
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
    return items;
  }
}
