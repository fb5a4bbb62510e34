// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

/** When a monthly schedule is due in a month that does not have its day. */
public enum MonthEnd {
  /** On the last day of the month. The default. */
  LAST_DAY,

  /** Not at all. */
  SKIP,

  /** On the first day of the next month. */
  FIRST_OF_NEXT
}
