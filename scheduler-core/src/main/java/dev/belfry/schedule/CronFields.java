// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.time.LocalDate;
import java.time.YearMonth;

/**
 * The parsed fields: one bit for each value. Bit 0 of {@code weekdays} is Sunday; bit 1 of {@code
 * days} and {@code months} is the first.
 */
record CronFields(
    long minutes,
    int hours,
    int days,
    int months,
    int weekdays,
    boolean starDays,
    boolean starWeekdays,
    boolean followsClock)
    implements LocalTicks {
  /*
   * The two day fields and the month become one mask of days for each month: the weekdays,
   * repeated and shifted by the weekday of the 1st, and-ed or or-ed with the days of the month.
   * Finding a day is then a look at bits, month by month; whether there is one at all is decided
   * beforehand.
   */
  private static final int ALL_DAYS = -2;
  private static final int ALL_WEEKDAYS = 0x7f;
  private static final int SECONDS_PER_DAY = 86_400;

  /** Equal for fields with the same readings. */
  record Meaning(
      long minutes, int hours, int days, int months, int weekdays, boolean both, boolean follows) {}

  Meaning meaning() {
    if (isNever()) {
      return new Meaning(0, 0, 0, 0, 0, true, false);
    }
    int possible = possibleDays(months);
    int restricted = days & possible;
    boolean everyDay = restricted == possible;
    boolean everyWeekday = weekdays == ALL_WEEKDAYS;
    boolean both = bothDays();
    if (!both && (everyDay || everyWeekday)) {
      return meaning(ALL_DAYS, months, ALL_WEEKDAYS, true);
    }
    if (!both && restricted == 0) {
      return meaning(ALL_DAYS, months, weekdays, true);
    }
    return both
        ? meaning(everyDay ? ALL_DAYS : restricted, possibleMonths(), weekdays, true)
        : meaning(restricted, months, weekdays, false);
  }

  private Meaning meaning(int days, int months, int weekdays, boolean both) {
    return new Meaning(minutes, hours, days, months, weekdays, both, followsClock);
  }

  /**
   * Every date falls on every weekday in some year, so only the lengths of months can rule it out.
   */
  boolean isNever() {
    return bothDays() && possibleMonths() == 0;
  }

  boolean bothDays() {
    return starDays || starWeekdays;
  }

  /** The months that have one of the days of the month. */
  private int possibleMonths() {
    int possible = 0;
    for (int month = 1; month <= 12; month++) {
      int bit = 1 << month;
      if ((months & bit) != 0 && (days & possibleDays(bit)) != 0) {
        possible |= bit;
      }
    }
    return possible;
  }

  private static int possibleDays(int months) {
    int longest = 0;
    for (int month = 1; month <= 12; month++) {
      if ((months & 1 << month) != 0) {
        longest = Math.max(longest, YearMonth.of(2000, month).lengthOfMonth());
      }
    }
    return daysUpTo(longest);
  }

  /** Bits 1 to {@code day}. */
  private static int daysUpTo(int day) {
    return (int) ((2L << day) - 2);
  }

  @Override
  public long nextAfter(long local) {
    if (isNever()) {
      return NONE;
    }
    long minute = Math.floorDiv(local, 60L) + 1;
    long day = Math.floorDiv(minute, 1_440L);
    if (matchesDay(day)) {
      int ofDay = minuteFrom(Math.floorMod(minute, 1_440));
      if (ofDay >= 0) {
        return at(day, ofDay);
      }
    }
    return at(dayFrom(day + 1), minuteFrom(0));
  }

  @Override
  public long lastUpTo(long local) {
    if (isNever()) {
      return NONE;
    }
    long minute = Math.floorDiv(local, 60L);
    long day = Math.floorDiv(minute, 1_440L);
    if (matchesDay(day)) {
      int ofDay = minuteUpTo(Math.floorMod(minute, 1_440));
      if (ofDay >= 0) {
        return at(day, ofDay);
      }
    }
    return at(dayUpTo(day - 1), minuteUpTo(1_439));
  }

  @Override
  public long count(long after, long upTo) {
    long first = Math.floorDiv(after, 60L) + 1;
    long last = Math.floorDiv(upTo, 60L);
    if (last < first || isNever()) {
      return 0;
    }
    long firstDay = Math.floorDiv(first, 1_440L);
    long lastDay = Math.floorDiv(last, 1_440L);
    long count = countDays(firstDay, lastDay) * countMinutes(1_439);
    if (matchesDay(firstDay)) {
      count -= countMinutes(Math.floorMod(first, 1_440) - 1);
    }
    if (matchesDay(lastDay)) {
      count -= countMinutes(1_439) - countMinutes(Math.floorMod(last, 1_440));
    }
    return count;
  }

  private static long at(long epochDay, int minuteOfDay) {
    return epochDay * SECONDS_PER_DAY + minuteOfDay * 60L;
  }

  /** Returns the first minute of the day from the given one, or -1. */
  private int minuteFrom(int minuteOfDay) {
    int hour = minuteOfDay / 60;
    long here = minutes & -1L << minuteOfDay % 60;
    if ((hours & 1 << hour) != 0 && here != 0) {
      return hour * 60 + Long.numberOfTrailingZeros(here);
    }
    int later = hours & -2 << hour;
    return later == 0
        ? -1
        : Integer.numberOfTrailingZeros(later) * 60 + Long.numberOfTrailingZeros(minutes);
  }

  /** Returns the last minute of the day up to the given one, or -1. */
  private int minuteUpTo(int minuteOfDay) {
    int hour = minuteOfDay / 60;
    long here = minutes & (2L << minuteOfDay % 60) - 1;
    if ((hours & 1 << hour) != 0 && here != 0) {
      return hour * 60 + 63 - Long.numberOfLeadingZeros(here);
    }
    int earlier = hours & (1 << hour) - 1;
    return earlier == 0
        ? -1
        : (31 - Integer.numberOfLeadingZeros(earlier)) * 60
            + 63
            - Long.numberOfLeadingZeros(minutes);
  }

  /** Returns how many minutes of a day match, up to the given one; -1 is before the first. */
  private long countMinutes(int upTo) {
    if (upTo < 0) {
      return 0;
    }
    int hour = upTo / 60;
    long before = (long) Integer.bitCount(hours & (1 << hour) - 1) * Long.bitCount(minutes);
    boolean here = (hours & 1 << hour) != 0;
    return before + (here ? Long.bitCount(minutes & (2L << upTo % 60) - 1) : 0);
  }

  private boolean matchesDay(long epochDay) {
    LocalDate date = LocalDate.ofEpochDay(epochDay);
    return (daysOf(date.withDayOfMonth(1)) & 1 << date.getDayOfMonth()) != 0;
  }

  private long dayFrom(long epochDay) {
    LocalDate date = LocalDate.ofEpochDay(epochDay);
    LocalDate month = date.withDayOfMonth(1);
    int matching = daysOf(month) & -1 << date.getDayOfMonth();
    while (matching == 0) {
      month = month.plusMonths(1);
      matching = daysOf(month);
    }
    return month.toEpochDay() - 1 + Integer.numberOfTrailingZeros(matching);
  }

  private long dayUpTo(long epochDay) {
    LocalDate date = LocalDate.ofEpochDay(epochDay);
    LocalDate month = date.withDayOfMonth(1);
    int matching = daysOf(month) & daysUpTo(date.getDayOfMonth());
    while (matching == 0) {
      month = month.minusMonths(1);
      matching = daysOf(month);
    }
    return month.toEpochDay() + 30 - Integer.numberOfLeadingZeros(matching);
  }

  private long countDays(long firstDay, long lastDay) {
    LocalDate first = LocalDate.ofEpochDay(firstDay);
    LocalDate last = LocalDate.ofEpochDay(lastDay);
    LocalDate lastMonth = last.withDayOfMonth(1);
    long count = 0;
    for (LocalDate m = first.withDayOfMonth(1); !m.isAfter(lastMonth); m = m.plusMonths(1)) {
      count += Integer.bitCount(daysOf(m));
    }
    count -=
        Integer.bitCount(daysOf(first.withDayOfMonth(1)) & daysUpTo(first.getDayOfMonth() - 1));
    return count - Integer.bitCount(daysOf(lastMonth) & ~daysUpTo(last.getDayOfMonth()));
  }

  /** Returns the days that match in the month that starts on the given date. */
  private int daysOf(LocalDate firstOfMonth) {
    if ((months & 1 << firstOfMonth.getMonthValue()) == 0) {
      return 0;
    }
    int first = firstOfMonth.getDayOfWeek().getValue() % 7;
    long week = ((weekdays >> first) | (weekdays << (7 - first))) & ALL_WEEKDAYS;
    int byWeekday = (int) ((week | (week << 7) | (week << 14) | (week << 21) | (week << 28)) << 1);
    int matching = bothDays() ? days & byWeekday : days | byWeekday;
    return matching & daysUpTo(firstOfMonth.lengthOfMonth());
  }

  @Override
  public String toString() {
    String minuteText = CronText.time(minutes, 0, 59, followsClock);
    String hourText = CronText.time(hours, 0, 23, followsClock);
    if (followsClock && !CronText.followsClock(minuteText) && !CronText.followsClock(hourText)) {
      minuteText = CronText.asRange(minutes);
    }
    return String.join(
        " ",
        minuteText,
        hourText,
        CronText.day(Integer.toUnsignedLong(days), 1, 31, starDays),
        CronText.day(months, 1, 12, months == 0x1ffe),
        CronText.day(weekdays, 0, 6, starWeekdays));
  }
}
