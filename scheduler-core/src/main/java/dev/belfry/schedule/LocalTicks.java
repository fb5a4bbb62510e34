// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static dev.belfry.schedule.Civil.CYCLE_YEARS;
import static dev.belfry.schedule.Civil.SECONDS_PER_DAY;

/**
 * The readings of a wall clock that a schedule names, without a zone. Readings are seconds since
 * 1970-01-01T00:00 on that clock. Immutable; allocates nothing.
 */
final class LocalTicks {
  /** Answers that there is no such reading. Not an error: an expression may never run. */
  static final long NONE = Long.MAX_VALUE;

  private final DayTimes times;
  private final LocalDays days;
  private final boolean followsClock;
  private final int weekly;
  private final boolean everyDay;
  private final boolean never;
  private final int months;
  private final int first;
  private final int last;

  LocalTicks(DayTimes times, LocalDays days, boolean followsClock) {
    this.times = times;
    this.days = days;
    this.followsClock = followsClock;
    this.weekly = days.weekly();
    this.everyDay = weekly == CronDays.ALL_WEEKDAYS;
    this.never = days.isNever();
    this.months = days.months();
    this.first = times.first();
    this.last = times.last();
  }

  /** Whether the readings follow the clock, rather than being fixed times. */
  boolean followsClock() {
    return followsClock;
  }

  /** Whether they are at some hours of the day only. */
  boolean namesHours() {
    return Integer.bitCount(times.hours()) < 24;
  }

  /** Whether there is no reading at all. */
  boolean isNever() {
    return never;
  }

  /** Returns the first reading after the given one, or {@link #NONE}. */
  long nextAfter(long reading) {
    if (never) {
      return NONE;
    }
    long second = reading + 1;
    long day = Math.floorDiv(second, (long) SECONDS_PER_DAY);
    long from = dayFrom(day);
    if (from == day) {
      int time = times.from((int) (second - day * SECONDS_PER_DAY));
      if (time >= 0) {
        return day * SECONDS_PER_DAY + time;
      }
      from = dayFrom(day + 1);
    }
    return from == NONE ? NONE : from * SECONDS_PER_DAY + first;
  }

  /** Returns the last reading at or before the given one, or {@link #NONE}. */
  long lastUpTo(long reading) {
    if (never) {
      return NONE;
    }
    long day = Math.floorDiv(reading, (long) SECONDS_PER_DAY);
    long upTo = dayUpTo(day);
    if (upTo == day) {
      int time = times.upTo((int) (reading - day * SECONDS_PER_DAY));
      if (time >= 0) {
        return day * SECONDS_PER_DAY + time;
      }
      upTo = dayUpTo(day - 1);
    }
    return upTo == NONE ? NONE : upTo * SECONDS_PER_DAY + last;
  }

  /** Returns how many readings lie in (after, upTo]. */
  long count(long after, long upTo) {
    if (upTo <= after || never) {
      return 0;
    }
    long firstDay = Math.floorDiv(after + 1, (long) SECONDS_PER_DAY);
    long lastDay = Math.floorDiv(upTo, (long) SECONDS_PER_DAY);
    long count = countDays(firstDay, lastDay) * times.count();
    if (has(firstDay)) {
      count -= times.count(Math.floorMod(after + 1, SECONDS_PER_DAY) - 1);
    }
    if (has(lastDay)) {
      count -= times.count() - times.count(Math.floorMod(upTo, SECONDS_PER_DAY));
    }
    return count;
  }

  private boolean has(long day) {
    return dayFrom(day) == day;
  }

  /** Returns the first matching day from the given one on, or {@link #NONE}. */
  long dayFrom(long day) {
    if (weekly == 0) {
      return dayOfMonthsFrom(day);
    }
    int weekday = everyDay ? 0 : Civil.weekday(day);
    return day + Integer.numberOfTrailingZeros(weekly >>> weekday | weekly << (7 - weekday));
  }

  private long dayOfMonthsFrom(long day) {
    int date = Civil.ofEpochDay(day);
    int year = Civil.year(date);
    int month = Civil.month(date);
    long start = day - Civil.day(date) + 1;
    int matching = days.ofMonth(year, month, start) & -1 << Civil.day(date);
    int lastYear = days.years().isAll() ? year + CYCLE_YEARS : CronYears.LAST;
    while (matching == 0) {
      int later = months & -2 << month;
      if (later == 0) {
        year = days.years().from(year + 1);
        if (year > lastYear) {
          return NONE;
        }
        later = months;
      }
      month = Integer.numberOfTrailingZeros(later);
      start = Civil.firstOf(year, month);
      matching = days.ofMonth(year, month, start);
    }
    return start - 1 + Integer.numberOfTrailingZeros(matching);
  }

  /** Returns the last matching day up to the given one, or {@link #NONE}. */
  private long dayUpTo(long day) {
    if (weekly == 0) {
      return dayOfMonthsUpTo(day);
    }
    int weekday = everyDay ? 6 : Civil.weekday(day);
    int behind = (weekly << (6 - weekday) | weekly >>> (weekday + 1)) & CronDays.ALL_WEEKDAYS;
    return day - 6 + (31 - Integer.numberOfLeadingZeros(behind));
  }

  private long dayOfMonthsUpTo(long day) {
    int date = Civil.ofEpochDay(day);
    int year = Civil.year(date);
    int month = Civil.month(date);
    long start = day - Civil.day(date) + 1;
    int matching = days.ofMonth(year, month, start) & (int) ((2L << Civil.day(date)) - 1);
    int firstYear = days.years().isAll() ? year - CYCLE_YEARS : CronYears.FIRST;
    while (matching == 0) {
      int earlier = months & (1 << month) - 1;
      if (earlier == 0) {
        year = days.years().upTo(year - 1);
        if (year < firstYear || year == CronYears.NONE) {
          return NONE;
        }
        earlier = months;
      }
      month = 31 - Integer.numberOfLeadingZeros(earlier);
      start = Civil.firstOf(year, month);
      matching = days.ofMonth(year, month, start);
    }
    return start + 30 - Integer.numberOfLeadingZeros(matching);
  }

  private long countDays(long firstDay, long lastDay) {
    if (everyDay) {
      return lastDay - firstDay + 1;
    }
    int from = Civil.ofEpochDay(firstDay);
    int to = Civil.ofEpochDay(lastDay);
    int lastMonth = Civil.year(to) * 12 + Civil.month(to) - 1;
    long count = 0;
    for (int m = Civil.year(from) * 12 + Civil.month(from) - 1; m <= lastMonth; m++) {
      count += Integer.bitCount(daysOf(m));
    }
    int before = daysOf(Civil.year(from) * 12 + Civil.month(from) - 1) & (1 << Civil.day(from)) - 1;
    int after = daysOf(lastMonth) & -2 << Civil.day(to);
    return count - Integer.bitCount(before) - Integer.bitCount(after);
  }

  /** Returns the days of a month, counted from January of year 0. */
  private int daysOf(int monthIndex) {
    int year = Math.floorDiv(monthIndex, 12);
    int month = Math.floorMod(monthIndex, 12) + 1;
    return days.ofMonth(year, month, Civil.firstOf(year, month));
  }
}
