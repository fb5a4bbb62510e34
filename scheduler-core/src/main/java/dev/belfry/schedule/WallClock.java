// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.time.Instant;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/** Turns readings of a zone's clock into the instants at which a schedule runs. */
final class WallClock {
  /*
   * Let H be the latest reading the zone has shown so far; H never falls. A fixed time runs at t if
   * its reading lies in (H before t, clock(t)], so at the first instant at which the clock has
   * reached it: in a gap that is the end of the gap, in an overlap the first pass. A schedule that
   * follows the clock runs at t if clock(t) is a reading. Both are computed from stretches of
   * constant offset; no kind of transition is a special case.
   *
   * Offsets are within 18 hours of UTC, so no reading older than 36 hours exceeds the present one.
   */
  private static final long LARGEST_OFFSET = 18 * 3_600;

  /** From year -9999 to 9999, with room for offsets and for steps of one zone transition. */
  private static final long FIRST = -377_705_116_800L + 2 * LARGEST_OFFSET;

  private static final long LAST = 253_402_300_799L - 2 * LARGEST_OFFSET;

  private final LocalTicks ticks;
  private final ZoneRules rules;
  private final DstPolicy dst;

  WallClock(LocalTicks ticks, ZoneRules rules, DstPolicy dst) {
    this.ticks = ticks;
    this.rules = rules;
    this.dst = dst;
  }

  /** Returns the first run after an epoch second, or {@link LocalTicks#NONE}. */
  long after(long after) {
    if (after >= LAST) {
      return LocalTicks.NONE;
    }
    long from = Math.max(after, FIRST);
    long run = ticks.followsClock() ? followedAfter(from) : fixedAfter(from);
    return run <= LAST ? run : LocalTicks.NONE;
  }

  /** Returns the last run at or before an epoch second, or {@link LocalTicks#NONE}. */
  long atOrBefore(long upTo) {
    if (upTo < FIRST) {
      return LocalTicks.NONE;
    }
    long to = Math.min(upTo, LAST);
    long run = ticks.followsClock() ? followedUpTo(to) : fixedUpTo(to);
    return run != LocalTicks.NONE && run >= FIRST ? run : LocalTicks.NONE;
  }

  /** Returns how many runs lie in (after, upTo], without visiting each. */
  long count(long after, long upTo) {
    long end = Math.min(upTo, LAST);
    long start = Math.max(after, FIRST) + 1;
    long count = 0;
    long shown = ticks.followsClock() ? 0 : highest(start - 1);
    while (start <= end) {
      long next = nextChange(start);
      long last = Math.min(next - 1, end);
      long low = start + offset(start);
      long high = last + offset(start);
      count += ticks.followsClock() ? ticks.count(low - 1, high) : fixedCount(shown, low, high);
      shown = Math.max(shown, high);
      start = next;
    }
    return count;
  }

  private long fixedCount(long shown, long low, long high) {
    if (high <= shown) {
      return 0;
    }
    long atStart = ticks.count(dst == DstPolicy.SKIP ? Math.max(shown, low - 1) : shown, low);
    return Math.min(atStart, 1) + ticks.count(Math.max(shown, low), high);
  }

  private long fixedAfter(long after) {
    long shown = highest(after);
    while (true) {
      long reading = ticks.nextAfter(shown);
      if (reading == LocalTicks.NONE) {
        return LocalTicks.NONE;
      }
      long run = firstShowing(reading);
      long shownThen = run + offset(run);
      if (dst == DstPolicy.RUN_ONCE || shownThen == reading) {
        return run;
      }
      shown = shownThen - 1;
    }
  }

  private long fixedUpTo(long upTo) {
    long reading = ticks.lastUpTo(highest(upTo));
    while (reading != LocalTicks.NONE) {
      long run = firstShowing(reading);
      if (dst == DstPolicy.RUN_ONCE || run + offset(run) == reading) {
        return run;
      }
      reading = ticks.lastUpTo(reading - 1);
    }
    return LocalTicks.NONE;
  }

  private long followedAfter(long after) {
    long start = after + 1;
    while (start <= LAST) {
      long offset = offset(start);
      long reading = ticks.nextAfter(start - 1 + offset);
      if (reading == LocalTicks.NONE) {
        return LocalTicks.NONE;
      }
      long next = nextChange(start);
      if (reading - offset < next) {
        return reading - offset;
      }
      start = next;
    }
    return LocalTicks.NONE;
  }

  private long followedUpTo(long upTo) {
    long end = upTo;
    while (end >= FIRST) {
      long offset = offset(end);
      long reading = ticks.lastUpTo(end + offset);
      if (reading == LocalTicks.NONE) {
        return LocalTicks.NONE;
      }
      ZoneOffsetTransition change = rules.previousTransition(instant(end + 1));
      if (change == null || reading - offset >= change.toEpochSecond()) {
        return reading - offset;
      }
      end = change.toEpochSecond() - 1;
    }
    return LocalTicks.NONE;
  }

  /** Returns H: the latest reading shown at or before an instant. */
  private long highest(long epochSecond) {
    long highest = epochSecond + offset(epochSecond);
    ZoneOffsetTransition change = rules.previousTransition(instant(epochSecond + 1));
    while (change != null && change.toEpochSecond() > epochSecond - 2 * LARGEST_OFFSET) {
      long before = change.toEpochSecond() - 1 + change.getOffsetBefore().getTotalSeconds();
      highest = Math.max(highest, before);
      change = rules.previousTransition(change.getInstant());
    }
    return highest;
  }

  /** Returns the first instant at which the clock shows the reading or a later one. */
  private long firstShowing(long reading) {
    long start = reading - LARGEST_OFFSET;
    while (true) {
      long run = Math.max(reading - offset(start), start);
      long next = nextChange(start);
      if (run < next) {
        return run;
      }
      start = next;
    }
  }

  private long offset(long epochSecond) {
    return rules.getOffset(instant(epochSecond)).getTotalSeconds();
  }

  /**
   * Returns when the offset that holds at an instant ends; {@link Long#MAX_VALUE} if it does not.
   */
  private long nextChange(long epochSecond) {
    ZoneOffsetTransition change = rules.nextTransition(instant(epochSecond));
    return change == null ? Long.MAX_VALUE : change.toEpochSecond();
  }

  private static Instant instant(long epochSecond) {
    return Instant.ofEpochSecond(epochSecond);
  }
}
