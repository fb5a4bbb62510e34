// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.time.DayOfWeek;
import java.time.Month;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/** Cron expressions in English, from the parsed fields. */
final class CronWords {
  private static final long ALL_MINUTES = (1L << 60) - 1;
  private static final int ALL_HOURS = (1 << 24) - 1;
  private static final int ALL_DAYS = -2;
  private static final int ALL_MONTHS = 0x1ffe;
  private static final int ALL_WEEKDAYS = 0x7f;

  /** More times than these in a day are not listed one by one. */
  private static final int MOST_TIMES = 6;

  private CronWords() {}

  /** Describes the fields; {@code zone} may be empty. */
  static String describe(CronFields fields, String zone) {
    if (fields.isNever()) {
      return "never";
    }
    List<String> times = times(fields.minutes(), fields.hours());
    String days = days(fields);
    if (times.size() <= MOST_TIMES && evenHours(fields) == 0) {
      String in = zone.isEmpty() ? " " : " " + zone + " ";
      return "at " + join(times) + in + (days.isEmpty() ? "every day" : days);
    }
    String on = days.isEmpty() ? "" : " " + days;
    return manyTimes(fields) + on + (zone.isEmpty() ? "" : " (" + zone + ")");
  }

  private static String manyTimes(CronFields fields) {
    if (fields.hours() == ALL_HOURS) {
      return everyHour(fields.minutes());
    }
    int step = evenHours(fields);
    if (step > 0) {
      return "every " + step + " hours from 00:00";
    }
    return everyHour(fields.minutes()).replace(" of every hour", "")
        + " in "
        + values(fields.hours(), "hour", "hours", Integer::toString);
  }

  /** Returns the step of whole hours spread evenly over the day, three or more of them, else 0. */
  private static int evenHours(CronFields fields) {
    boolean many = fields.minutes() == 1 && Integer.bitCount(fields.hours()) > 2;
    return many ? evenStep(fields.hours(), 24) : 0;
  }

  private static String everyHour(long minutes) {
    if (minutes == ALL_MINUTES) {
      return "every minute";
    }
    if (minutes == 1) {
      return "every hour";
    }
    int step = evenStep(minutes, 60);
    return step > 1
        ? "every " + step + " minutes"
        : "at " + values(minutes, "minute", "minutes", Integer::toString) + " of every hour";
  }

  /** Returns the step if the values are evenly spread over the whole cycle from 0, else 0. */
  private static int evenStep(long values, int size) {
    int step = size / Long.bitCount(values);
    long even = 0;
    for (int value = 0; value < size; value += step) {
      even |= 1L << value;
    }
    return size % step == 0 && even == values ? step : 0;
  }

  private static List<String> times(long minutes, int hours) {
    List<String> times = new ArrayList<>();
    for (int hour = 0; hour < 24; hour++) {
      for (int minute = 0; minute < 60; minute++) {
        if ((hours & 1 << hour) != 0 && (minutes & 1L << minute) != 0) {
          times.add(String.format(Locale.ROOT, "%02d:%02d", hour, minute));
        }
      }
    }
    return times;
  }

  private static String days(CronFields fields) {
    boolean everyDay = fields.days() == ALL_DAYS;
    boolean everyWeekday = fields.weekdays() == ALL_WEEKDAYS;
    String dayOfMonth =
        "on " + values(Integer.toUnsignedLong(fields.days()), "day", "days", Integer::toString);
    String weekday = "on " + values(fields.weekdays(), "", "", CronWords::weekday);
    String month = values(fields.months(), "", "", CronWords::month);
    String in = fields.months() == ALL_MONTHS ? "" : " in " + month;
    String of = fields.months() == ALL_MONTHS ? " of the month" : " of " + month;
    if ((everyDay && everyWeekday) || (!fields.bothDays() && (everyDay || everyWeekday))) {
      return in.isEmpty() ? "" : "every day" + in;
    }
    if (everyWeekday) {
      return dayOfMonth + of;
    }
    if (everyDay) {
      return weekday + in;
    }
    return fields.bothDays()
        ? dayOfMonth + of + " if it is " + weekday.substring(3)
        : dayOfMonth + of + " or " + weekday + in;
  }

  /** Such as {@code days 1 to 7 and 15}. */
  private static String values(long values, String one, String many, IntFunction<String> name) {
    List<String> items = new ArrayList<>();
    for (String item : CronText.list(values, true).split(",", -1)) {
      int dash = item.indexOf('-');
      items.add(
          dash < 0
              ? name.apply(Integer.parseInt(item))
              : name.apply(Integer.parseInt(item.substring(0, dash)))
                  + " to "
                  + name.apply(Integer.parseInt(item.substring(dash + 1))));
    }
    String label = Long.bitCount(values) == 1 ? one : many;
    return label.isEmpty() ? join(items) : label + " " + join(items);
  }

  private static String weekday(int value) {
    return DayOfWeek.of(value == 0 ? 7 : value).getDisplayName(TextStyle.FULL, Locale.ENGLISH);
  }

  private static String month(int value) {
    return Month.of(value).getDisplayName(TextStyle.FULL, Locale.ENGLISH);
  }

  private static String join(List<String> items) {
    int last = items.size() - 1;
    return last == 0
        ? items.get(0)
        : String.join(", ", items.subList(0, last)) + " and " + items.get(last);
  }
}
