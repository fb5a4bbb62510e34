// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/** An expression in words, from the parsed fields. */
final class CronWords {
  private static final long ALL_MINUTES = (1L << 60) - 1;
  private static final int ALL_HOURS = (1 << 24) - 1;

  /** More times than these in a day are not listed one by one. */
  private static final int MOST_TIMES = 6;

  private static final List<String> NTH =
      List.of("first-named", "second-named", "third-named", "fourth-named", "fifth-named");

  private final DayTimes times;
  private final CronDays days;
  private final CronWording wording;

  CronWords(CronFields fields, CronWording wording) {
    this.times = fields.times();
    this.days = fields.days();
    this.wording = wording;
  }

  String describe() {
    return describe("");
  }

  /** Describes it for a zone; {@code zone} may be empty. */
  String describe(String zone) {
    if (days.isNever()) {
      return say("never");
    }
    String words = sentence(zone);
    return days.years().isAll() ? words : say("years", words, years());
  }

  private String sentence(String zone) {
    String on = days();
    if (times.count() <= MOST_TIMES && evenHours() == 0) {
      String when = on.isEmpty() ? say("every-day") : on;
      return zone.isEmpty()
          ? say("at", clockTimes(), when)
          : say("at-in-zone", clockTimes(), when, zone);
    }
    String words = on.isEmpty() ? manyTimes() : say("with-days", manyTimes(), on);
    return zone.isEmpty() ? words : say("with-zone", words, zone);
  }

  // Times

  private String clockTimes() {
    List<String> clock = new ArrayList<>();
    for (int time = times.first(); time >= 0; time = times.after(time)) {
      String hourAndMinute = String.format(Locale.ROOT, "%02d:%02d", time / 3_600, time / 60 % 60);
      boolean whole = times.seconds() == 1;
      clock.add(hourAndMinute + (whole ? "" : String.format(Locale.ROOT, ":%02d", time % 60)));
    }
    return join(clock);
  }

  private String manyTimes() {
    if (times.seconds() != 1) {
      return manySeconds();
    }
    if (times.hours() == ALL_HOURS) {
      return minutes("at-each-hour");
    }
    int step = evenHours();
    return step > 0
        ? say("every-hours", Integer.toString(step))
        : say("in-some", minutes("at-some"), hours());
  }

  /** Returns the step of whole hours spread evenly over the day, three or more of them, else 0. */
  private int evenHours() {
    boolean many = times.seconds() == 1 && times.minutes() == 1;
    return many && Integer.bitCount(times.hours()) > 2 ? evenStep(times.hours(), 24) : 0;
  }

  private String minutes(String atSome) {
    if (times.minutes() == ALL_MINUTES) {
      return say("every-minute");
    }
    if (times.minutes() == 1) {
      return say("every-hour");
    }
    int step = evenStep(times.minutes(), 60);
    return step > 1
        ? say("every-minutes", Integer.toString(step))
        : say(atSome, numbered(times.minutes(), "minute", "minutes"));
  }

  private String manySeconds() {
    String seconds = seconds();
    boolean everyHour = times.hours() == ALL_HOURS;
    String inHours = everyHour ? seconds : say("in-some", seconds, hours());
    if (times.minutes() == ALL_MINUTES) {
      return inHours;
    }
    String minutes = numbered(times.minutes(), "minute", "minutes");
    return everyHour
        ? say("in-each-hour", seconds, minutes)
        : say("in-some", say("in-some", seconds, minutes), hours());
  }

  private String seconds() {
    if (times.seconds() == ALL_MINUTES) {
      return say("every-second");
    }
    int step = evenStep(times.seconds(), 60);
    if (step > 1 && step < 60) {
      return say("every-seconds", Integer.toString(step));
    }
    String some = numbered(times.seconds(), "second", "seconds");
    return say(times.minutes() == ALL_MINUTES ? "at-each-minute" : "at-some", some);
  }

  private String hours() {
    return numbered(times.hours(), "hour", "hours");
  }

  /** Returns the step if the values are evenly spread over the whole cycle from 0, else 0. */
  private static int evenStep(long values, int size) {
    int step = size / Long.bitCount(values);
    return size % step == 0 && CronText.all(0, size - 1, step) == values ? step : 0;
  }

  // Days

  private String days() {
    boolean everyMonth = days.months() == LocalDays.ALL_MONTHS;
    if (days.anyDayOfMonth() && days.anyWeekday()) {
      return everyMonth ? "" : say("every-day-in", months());
    }
    if (days.anyWeekday()) {
      return say("on", ofMonths(daysOfMonth()));
    }
    String weekdays = weekdays();
    if (days.anyDayOfMonth()) {
      return everyMonth ? say("on", weekdays) : say("in-months", say("on", weekdays), months());
    }
    if (days.both()) {
      return say("both", say("on", ofMonths(daysOfMonth())), weekdays);
    }
    String either = say("either", say("on", ofMonths(daysOfMonth())), weekdays);
    return everyMonth ? either : say("in-months", either, months());
  }

  private String ofMonths(String what) {
    return days.months() == LocalDays.ALL_MONTHS
        ? say("of-month", what)
        : say("of-months", what, months());
  }

  private String months() {
    return spans(days.months(), wording::month);
  }

  private String daysOfMonth() {
    List<String> items = new ArrayList<>();
    if (days.days() != 0) {
      items.add(numbered(Integer.toUnsignedLong(days.days()), "day", "days"));
    }
    for (int day = 1; day <= 31; day++) {
      if ((days.nearest() >>> day & 1) != 0) {
        items.add(say("nearest", Integer.toString(day)));
      }
    }
    beforeLast(days.beforeLast(), "last-day", "before-last", items);
    beforeLast(days.nearestBeforeLast(), "last-workday", "nearest-to-last", items);
    return join(items);
  }

  private void beforeLast(int bits, String last, String before, List<String> items) {
    for (int distance = 0; distance <= 30; distance++) {
      if ((bits >>> distance & 1) != 0) {
        items.add(distance == 0 ? say(last) : say(before, Integer.toString(distance)));
      }
    }
  }

  private String weekdays() {
    List<String> items = new ArrayList<>();
    if (days.weekdays() != 0) {
      items.add(spans(days.weekdays(), wording::weekday));
    }
    for (int nth = 0; nth < NTH.size(); nth++) {
      named((int) (days.nthWeekdays() >> (7 * nth)), NTH.get(nth), items);
    }
    named(days.lastWeekdays(), "last-named", items);
    return join(items);
  }

  private void named(int weekdays, String key, List<String> items) {
    for (int weekday = 0; weekday < 7; weekday++) {
      if ((weekdays >> weekday & 1) != 0) {
        items.add(say("of-month", say(key, wording.weekday(weekday))));
      }
    }
  }

  private String years() {
    List<String> items = new ArrayList<>();
    for (String item : days.years().toString().split(",", -1)) {
      items.add(span(item, Integer::toString));
    }
    return join(items);
  }

  // Sets of values

  /** Such as {@code days 1 to 7 and 15}. */
  private String numbered(long values, String one, String many) {
    String words = spans(values, Integer::toString);
    return say(Long.bitCount(values) == 1 ? one : many, words);
  }

  private String spans(long values, IntFunction<String> name) {
    List<String> items = new ArrayList<>();
    for (String item : CronText.items(values, true)) {
      items.add(span(item, name));
    }
    return join(items);
  }

  private String span(String item, IntFunction<String> name) {
    int dash = item.indexOf('-');
    return dash < 0
        ? name.apply(Integer.parseInt(item))
        : say(
            "range",
            name.apply(Integer.parseInt(item.substring(0, dash))),
            name.apply(Integer.parseInt(item.substring(dash + 1))));
  }

  private String join(List<String> items) {
    String joined = items.get(0);
    for (int i = 1; i < items.size(); i++) {
      joined = say(i == items.size() - 1 ? "list-last" : "list", joined, items.get(i));
    }
    return joined;
  }

  private String say(String key, String... parts) {
    return wording.text(key, parts);
  }
}
