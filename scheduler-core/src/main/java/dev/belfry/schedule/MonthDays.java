// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

/**
 * One day of each month.
 *
 * @param day from 1 to 31
 */
record MonthDays(int day, MonthEnd end) implements LocalDays {
  MonthDays {
    if (day < 1 || day > 31) {
      throw new IllegalArgumentException("day must be from 1 to 31, was " + day);
    }
  }

  @Override
  public int ofMonth(int year, int month, long firstDay) {
    int length = Civil.lengthOf(year, month);
    int here = day <= length ? 1 << day : 0;
    return switch (end) {
      case SKIP -> here;
      case LAST_DAY -> 1 << Math.min(day, length);
      case FIRST_OF_NEXT -> here | (day > Civil.lengthBefore(year, month) ? 1 << 1 : 0);
    };
  }
}
