// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

/** Dates of the ISO calendar as plain numbers; the hot paths make no objects. */
final class Civil {
  /*
   * After C. Neri and L. Schneider, "Euclidean affine functions and their application to calendar
   * algorithms" (2022): the year is counted from March in a far past, so that all divisions are of
   * positive numbers by constants. Good for every year from -9999 to 9999 and some beyond.
   */
  static final int SECONDS_PER_DAY = 86_400;

  /** After as many years the calendar repeats; a date that did not come until then never comes. */
  static final int CYCLE_YEARS = 400;

  /** As many days are whole weeks, so that all dates fall on the same weekdays again. */
  static final int CYCLE_DAYS = 146_097;

  private static final int CYCLES = 82;
  private static final int SHIFT_DAYS = 719_468 + CYCLE_DAYS * CYCLES;
  private static final int SHIFT_YEARS = CYCLE_YEARS * CYCLES;

  private Civil() {}

  /** Returns a date as one number; {@link #month} and {@link #day} and {@link #year} read it. */
  static int ofEpochDay(long epochDay) {
    int days = 4 * ((int) epochDay + SHIFT_DAYS) + 3;
    int century = days / CYCLE_DAYS;
    long ofCentury = 2_939_745L * (days % CYCLE_DAYS | 3);
    int yearOfCentury = (int) (ofCentury >>> 32);
    int ofYear = (int) ((ofCentury & 0xffff_ffffL) / 2_939_745 / 4);
    int month = 2_141 * ofYear + 197_913;
    boolean nextYear = ofYear >= 306;
    int year = 100 * century + yearOfCentury - SHIFT_YEARS + (nextYear ? 1 : 0);
    int ofMonth = (month & 0xffff) / 2_141 + 1;
    return year << 9 | (nextYear ? (month >> 16) - 12 : month >> 16) << 5 | ofMonth;
  }

  static int year(int date) {
    return date >> 9;
  }

  static int month(int date) {
    return date >> 5 & 15;
  }

  static int day(int date) {
    return date & 31;
  }

  /** Returns the epoch day of the first of a month. */
  static long firstOf(int year, int month) {
    int shifted = year - (month <= 2 ? 1 : 0) + SHIFT_YEARS;
    int century = shifted / 100;
    int ofYear = (979 * (month <= 2 ? month + 12 : month) - 2_919) >> 5;
    return 1_461L * shifted / 4 - century + century / 4 + ofYear - SHIFT_DAYS;
  }

  static int lengthOf(int year, int month) {
    if (month == 2) {
      return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
    }
    return 30 | (month ^ month >> 3);
  }

  /** Returns the length of the month before. */
  static int lengthBefore(int year, int month) {
    return month == 1 ? 31 : lengthOf(year, month - 1);
  }

  /** Returns the weekday, Sunday being 0. */
  static int weekday(long epochDay) {
    return Math.floorMod(epochDay + 4, 7);
  }
}
