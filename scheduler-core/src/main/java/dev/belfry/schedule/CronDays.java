// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

/**
 * The day fields of an expression. Sunday is weekday 0.
 *
 * @param days days of the month, as bits 1 to 31
 * @param beforeLast days counted back from the last, which is bit 0
 * @param nearest days for which the nearest one from Monday to Friday is meant
 * @param nearestBeforeLast the same, counted back from the last
 * @param weekdays as bits 0 to 6
 * @param lastWeekdays the last such weekday of the month, as bits 0 to 6
 * @param nthWeekdays the n-th such weekday of the month: seven bits for the first, seven for the
 *     second, up to the fifth
 * @param months as bits 1 to 12
 * @param both whether the day of the month and the weekday must both match, or either
 */
record CronDays(
    int days,
    int beforeLast,
    int nearest,
    int nearestBeforeLast,
    int weekdays,
    int lastWeekdays,
    long nthWeekdays,
    int months,
    CronYears years,
    boolean both)
    implements LocalDays {
  /*
   * All day fields become one mask of days for each month, from its length and the weekday of its
   * first: weekdays are a pattern repeated every seven bits, "before the last" is a mirrored mask,
   * "nearest" moves Saturdays and Sundays by one or two bits. No day is looked for, and no month is
   * a special case.
   */
  static final int ALL_DAYS = -2;
  static final int ALL_WEEKDAYS = 0x7f;
  private static final int SATURDAY = 1 << 6;
  private static final int SUNDAY = 1;

  static final CronDays EVERY = onWeekdays(ALL_WEEKDAYS);

  /** Returns all days that are some weekday; {@code weekdays} as bits 0 to 6. */
  static CronDays onWeekdays(int weekdays) {
    return new CronDays(ALL_DAYS, 0, 0, 0, weekdays, 0, 0, ALL_MONTHS, CronYears.ALL, true);
  }

  /** Either of two fields one of which is every day is every day; letters add no day to that. */
  CronDays {
    if (!both && (days == ALL_DAYS || weekdays == ALL_WEEKDAYS)) {
      days = ALL_DAYS;
      weekdays = ALL_WEEKDAYS;
      both = true;
    }
    if (days == ALL_DAYS) {
      beforeLast = 0;
      nearest = 0;
      nearestBeforeLast = 0;
    }
    if (weekdays == ALL_WEEKDAYS) {
      lastWeekdays = 0;
      nthWeekdays = 0;
    }
  }

  boolean anyDayOfMonth() {
    return days == ALL_DAYS;
  }

  boolean anyWeekday() {
    return weekdays == ALL_WEEKDAYS;
  }

  boolean hasLetters() {
    return (beforeLast | nearest | nearestBeforeLast | lastWeekdays) != 0 || nthWeekdays != 0;
  }

  @Override
  public int ofMonth(int year, int month, long firstDay) {
    if ((months & 1 << month) == 0 || (!years.isAll() && years.from(year) != year)) {
      return 0;
    }
    return of(hasWeekdays() ? Civil.weekday(firstDay) : 0, Civil.lengthOf(year, month));
  }

  /** Whether it matters on which weekday a month starts. */
  private boolean hasWeekdays() {
    return !anyWeekday() || (nearest | nearestBeforeLast) != 0;
  }

  /** Returns the days of a month of the given shape, as bits 1 to 31. */
  int of(int first, int length) {
    int ofMonth = daysOfMonth(first, length);
    int ofWeek = anyWeekday() ? ALL_DAYS : daysOfWeek(first, length);
    return (both ? ofMonth & ofWeek : ofMonth | ofWeek) & upTo(length);
  }

  private int daysOfMonth(int first, int length) {
    if ((beforeLast | nearest | nearestBeforeLast) == 0) {
      return days;
    }
    int wanted = (nearest & upTo(length)) | beforeLast(nearestBeforeLast, length);
    int moved = wanted == 0 ? 0 : nearest(wanted, first, length);
    return days | beforeLast(beforeLast, length) | moved;
  }

  private static int beforeLast(int mask, int length) {
    return Integer.reverse(mask) >>> (31 - length) & ALL_DAYS;
  }

  /** Moves days at a weekend to the nearest weekday of the same month. */
  private static int nearest(int wanted, int first, int length) {
    int saturdays = wanted & pattern(SATURDAY, first);
    int sundays = wanted & pattern(SUNDAY, first);
    int firstDay = 1 << 1;
    int lastDay = 1 << length;
    return (wanted & ~(saturdays | sundays))
        | (saturdays & ~firstDay) >>> 1
        | (saturdays & firstDay) << 2
        | (sundays & ~lastDay) << 1
        | (sundays & lastDay) >>> 2;
  }

  private int daysOfWeek(int first, int length) {
    int matching = pattern(weekdays, first);
    if (lastWeekdays != 0) {
      matching |= pattern(lastWeekdays, first) & ~upTo(length - 7);
    }
    long nth = nthWeekdays;
    for (int end = 7; nth != 0; end += 7, nth >>>= 7) {
      matching |=
          pattern((int) nth & ALL_WEEKDAYS, first) & upTo(Math.min(end, 31)) & ~upTo(end - 7);
    }
    return matching;
  }

  /** Returns all days on some weekdays; {@code first} is the weekday of the first. */
  private static int pattern(int weekdays, int first) {
    long week = ((weekdays >> first) | (weekdays << (7 - first))) & ALL_WEEKDAYS;
    return (int) ((week | week << 7 | week << 14 | week << 21 | week << 28) << 1);
  }

  /** Bits 1 to {@code day}. */
  private static int upTo(int day) {
    return (int) ((2L << day) - 2);
  }

  @Override
  public int weekly() {
    boolean alone = anyDayOfMonth() && months == ALL_MONTHS && years.isAll() && !hasLetters();
    return alone ? weekdays : 0;
  }

  /*
   * Every month of a given length starts on each weekday in some year of the 400 after which the
   * calendar repeats, February of 29 days included. So an expression that is not tied to years never
   * runs if no shape of its months has a day.
   */
  @Override
  public boolean isNever() {
    if (anyDayOfMonth() && !hasLetters()) {
      return false;
    }
    for (int month = 1; month <= 12; month++) {
      for (int length = shortest(month); length <= Civil.lengthOf(2000, month); length++) {
        for (int first = 0; first < 7 && (months & 1 << month) != 0; first++) {
          if (of(first, length) != 0) {
            return !years.isAll() && isNeverInItsYears();
          }
        }
      }
    }
    return true;
  }

  private static int shortest(int month) {
    return Civil.lengthOf(2001, month);
  }

  private boolean isNeverInItsYears() {
    for (int year = years.from(CronYears.FIRST);
        year != CronYears.NONE;
        year = years.from(year + 1)) {
      for (int month = 1; month <= 12; month++) {
        if (ofMonth(year, month, Civil.firstOf(year, month)) != 0) {
          return false;
        }
      }
    }
    return true;
  }
}
