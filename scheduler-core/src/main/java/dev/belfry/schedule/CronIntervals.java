// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static dev.belfry.schedule.Civil.CYCLE_DAYS;
import static dev.belfry.schedule.Civil.SECONDS_PER_DAY;

import java.time.Duration;
import java.util.Optional;

/** The shortest and the longest time between two runs, on a clock that is never changed. */
record CronIntervals(Duration shortest, Duration longest) {
  private static final long NEW_YEAR_2000 = 10_957;

  /** Returns them; empty if there are not two runs. */
  static Optional<CronIntervals> of(CronFields fields) {
    LocalTicks ticks = fields.ticks();
    if (ticks.isNever()) {
      return Optional.empty();
    }
    boolean cyclic = fields.days().years().isAll();
    long start = cyclic ? NEW_YEAR_2000 : 0;
    long firstDay = ticks.dayFrom(start);
    long end = cyclic ? firstDay + CYCLE_DAYS : LocalTicks.NONE;
    long nearestDays = Long.MAX_VALUE;
    long farthestDays = 0;
    long day = firstDay;
    while (day < end) {
      long next = ticks.dayFrom(day + 1);
      if (next == LocalTicks.NONE) {
        break;
      }
      nearestDays = Math.min(nearestDays, next - day);
      farthestDays = Math.max(farthestDays, next - day);
      day = next;
    }
    return of(fields.times(), nearestDays, farthestDays);
  }

  private static Optional<CronIntervals> of(DayTimes times, long nearestDays, long farthestDays) {
    long shortest = Long.MAX_VALUE;
    long longest = 0;
    int time = times.first();
    for (int next = times.after(time); next >= 0; next = times.after(time)) {
      shortest = Math.min(shortest, next - time);
      longest = Math.max(longest, next - time);
      time = next;
    }
    if (farthestDays > 0) {
      long night = (long) times.first() - times.last();
      shortest = Math.min(shortest, nearestDays * SECONDS_PER_DAY + night);
      longest = Math.max(longest, farthestDays * SECONDS_PER_DAY + night);
    }
    return longest == 0
        ? Optional.empty()
        : Optional.of(new CronIntervals(Duration.ofSeconds(shortest), Duration.ofSeconds(longest)));
  }
}
