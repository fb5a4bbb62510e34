// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

/**
 * What the text of an expression says.
 *
 * @param followsClock whether it is an interval, rather than a fixed time
 */
record CronFields(DayTimes times, CronDays days, boolean followsClock) {
  LocalTicks ticks() {
    return new LocalTicks(times, days, followsClock);
  }
}
