// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

/** The dates on which a schedule has readings, month by month. */
interface LocalDays {
  /** Bits 1 to 12. */
  int ALL_MONTHS = 0x1ffe;

  /**
   * Returns the days of a month as bits 1 to 31.
   *
   * @param firstDay the epoch day of the first of the month
   */
  int ofMonth(int year, int month, long firstDay);

  /** Returns the months outside which there is no day, as bits 1 to 12. */
  default int months() {
    return ALL_MONTHS;
  }

  /** Returns the years outside which there is no day. */
  default CronYears years() {
    return CronYears.ALL;
  }

  /** Returns the weekdays, as bits 0 to 6 from Sunday, if they alone decide; 0 if they don't. */
  default int weekly() {
    return 0;
  }

  /** Whether no date is one of them, as far as can be told at once. */
  default boolean isNever() {
    return false;
  }
}
