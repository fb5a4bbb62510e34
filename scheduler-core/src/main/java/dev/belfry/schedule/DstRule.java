// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import dev.belfry.schedule.ZoneClock.Segment;
import org.jspecify.annotations.Nullable;

/** Turns readings of a zone's clock into the instants at which a schedule runs. */
final class DstRule {
  /*
   * Let H be the latest reading the zone has shown so far; H never falls. A fixed time runs at t if
   * its reading lies in (H before t, clock(t)], so at the first instant at which the clock has
   * reached it: in a gap that is the end of the gap, in an overlap the first pass. A schedule that
   * follows the clock runs at t if clock(t) is a reading. Both are computed from segments of
   * constant offset; no kind of transition is a special case.
   */
  private static final long LARGEST_OFFSET = 18 * 3_600;

  /** After as long no clock shows what it has shown before. */
  private static final long BACK = 2 * LARGEST_OFFSET;

  /** The calendar and the rules of zones repeat; what was not found until then is not there. */
  private static final long CYCLE = (long) Civil.CYCLE_DAYS * Civil.SECONDS_PER_DAY;

  /** From year -9999 to 9999, with room for offsets. */
  static final long FIRST = -377_705_116_800L + 2 * LARGEST_OFFSET;

  static final long LAST = 253_402_300_799L - 2 * LARGEST_OFFSET;

  private DstRule() {}

  /** Returns the first run after an epoch second, or {@link LocalTicks#NONE}. */
  static long after(LocalTicks ticks, ZoneClock clock, DstPolicy dst, long after) {
    if (after >= LAST || ticks.isNever()) {
      return LocalTicks.NONE;
    }
    long from = Math.max(after, FIRST);
    long run =
        ticks.followsClock()
            ? followedAfter(ticks, clock, from)
            : fixedAfter(ticks, clock, dst, from);
    return run <= LAST ? run : LocalTicks.NONE;
  }

  /** Returns the last run at or before an epoch second, or {@link LocalTicks#NONE}. */
  static long upTo(LocalTicks ticks, ZoneClock clock, DstPolicy dst, long upTo) {
    if (upTo < FIRST || ticks.isNever()) {
      return LocalTicks.NONE;
    }
    long to = Math.min(upTo, LAST);
    long run =
        ticks.followsClock() ? followedUpTo(ticks, clock, to) : fixedUpTo(ticks, clock, dst, to);
    return run != LocalTicks.NONE && run >= FIRST ? run : LocalTicks.NONE;
  }

  /** Returns how many runs lie in (after, upTo], without visiting each. */
  static long count(LocalTicks ticks, ZoneClock clock, DstPolicy dst, long after, long upTo) {
    long end = Math.min(upTo, LAST);
    long start = Math.max(after, FIRST) + 1;
    long count = 0;
    @Nullable Segment segment = start <= end ? clock.at(start) : null;
    while (segment != null && start <= end) {
      long low = start + segment.offset();
      long high = Math.min(segment.until() - 1, end) + segment.offset();
      count +=
          ticks.followsClock()
              ? ticks.count(low - 1, high)
              : fixedCount(ticks, dst, Math.max(segment.shown(), before(clock, start)), low, high);
      start = segment.until();
      segment = clock.after(segment);
    }
    return count;
  }

  /** The reading of the second before. */
  private static long before(ZoneClock clock, long epochSecond) {
    return epochSecond - 1 + clock.at(epochSecond - 1).offset();
  }

  private static long fixedCount(LocalTicks ticks, DstPolicy dst, long shown, long low, long high) {
    if (high <= shown) {
      return 0;
    }
    long leapt = dst == DstPolicy.SKIP ? Math.max(shown, low - 1) : shown;
    return Math.min(ticks.count(leapt, low), 1) + ticks.count(Math.max(shown, low), high);
  }

  private static long fixedAfter(LocalTicks ticks, ZoneClock clock, DstPolicy dst, long after) {
    @Nullable Segment segment = clock.at(after);
    long reading = ticks.nextAfter(Math.max(after + segment.offset(), segment.shown()));
    long limit = reading + CYCLE; // beyond which all of them are in gaps
    while (segment != null && reading != LocalTicks.NONE) {
      if (reading - segment.offset() >= segment.until()) {
        segment = clock.after(segment);
      } else if (reading - segment.offset() >= segment.from()) {
        return reading - segment.offset();
      } else if (dst == DstPolicy.RUN_ONCE) {
        return segment.from();
      } else if (reading > limit) {
        return LocalTicks.NONE;
      } else {
        reading = ticks.nextAfter(segment.from() + segment.offset() - 1);
      }
    }
    return LocalTicks.NONE;
  }

  private static long fixedUpTo(LocalTicks ticks, ZoneClock clock, DstPolicy dst, long upTo) {
    @Nullable Segment segment = clock.at(upTo);
    long reading = ticks.lastUpTo(Math.max(upTo + segment.offset(), segment.shown()));
    while (segment != null && reading != LocalTicks.NONE) {
      if (reading <= segment.shown()) {
        segment = clock.before(segment);
      } else if (reading - segment.offset() >= segment.from()) {
        return reading - segment.offset();
      } else if (dst == DstPolicy.RUN_ONCE) {
        return segment.from();
      } else {
        reading = ticks.lastUpTo(segment.shown());
      }
    }
    return LocalTicks.NONE;
  }

  private static long followedAfter(LocalTicks ticks, ZoneClock clock, long after) {
    Segment segment = clock.at(after + 1);
    long reading = ticks.nextAfter(after + segment.offset());
    long limit = reading == LocalTicks.NONE ? after + BACK : reading + CYCLE;
    while (reading == LocalTicks.NONE || reading - segment.offset() >= segment.until()) {
      Segment next = clock.after(segment);
      if (next == null || next.from() > limit) {
        return LocalTicks.NONE;
      }
      long shown = segment.until() - 1 + segment.offset();
      long low = next.from() + next.offset();
      if (low <= shown || reading < low) { // shown again, or leapt over
        reading = ticks.nextAfter(low - 1);
      }
      segment = next;
    }
    return reading - segment.offset();
  }

  private static long followedUpTo(LocalTicks ticks, ZoneClock clock, long upTo) {
    Segment segment = clock.at(upTo);
    long reading = ticks.lastUpTo(upTo + segment.offset());
    long limit = reading == LocalTicks.NONE ? upTo - BACK : Long.MIN_VALUE;
    while (reading == LocalTicks.NONE || reading - segment.offset() < segment.from()) {
      Segment earlier = clock.before(segment);
      if (earlier == null || earlier.until() < limit) {
        return LocalTicks.NONE;
      }
      long high = earlier.until() - 1 + earlier.offset();
      if (reading == LocalTicks.NONE
          || reading > high
          || high >= segment.from() + segment.offset()) { // leapt over, or shown before as well
        reading = ticks.lastUpTo(high);
      }
      segment = earlier;
    }
    return reading - segment.offset();
  }
}
