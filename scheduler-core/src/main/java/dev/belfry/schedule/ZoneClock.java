// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The clock of a zone, cut into segments of constant offset. One for each zone, shared.
 * Thread-safe.
 */
final class ZoneClock {
  /*
   * Asking the rules of a zone costs more than the rest of an answer, so segments are made once,
   * ahead of what is asked, and then only compared. The one that answered last is tried first: ticks
   * of a zone lie in the same segment for months.
   */
  private static final ConcurrentHashMap<ZoneId, ZoneClock> CLOCKS = new ConcurrentHashMap<>();

  /** Offsets have no bound in number, and a service may take zones from its users. */
  private static final int MOST_CLOCKS = 2_000;

  /** Questions about the far future make many; a service may take its dates from users too. */
  private static final int MOST_SEGMENTS = 300_000;

  private static final AtomicInteger MADE = new AtomicInteger();

  /** How far ahead of a question segments are made. */
  private static final long AHEAD = 64 * 365L * Civil.SECONDS_PER_DAY;

  /** No rules reach back further. */
  private static final Instant BEGIN = Instant.ofEpochSecond(DstRule.FIRST - Civil.SECONDS_PER_DAY);

  private final ZoneId zone;
  private final ZoneRules rules;
  private volatile Segment[] segments;
  private volatile Segment recent;

  /**
   * A stretch of constant offset.
   *
   * @param from its first second, since 1970-01-01T00:00Z
   * @param until its end, not included; {@link Long#MAX_VALUE} if it has none
   * @param offset what the clock shows beyond UTC, in seconds
   * @param shown the latest reading that the clock had shown before; {@link Long#MIN_VALUE} if none
   */
  record Segment(int index, long from, long until, int offset, long shown) {
    /** The latest reading shown in it or before. */
    long shownAtEnd() {
      return Math.max(shown, until - 1 + offset);
    }
  }

  private ZoneClock(ZoneId zone) {
    this.zone = zone;
    this.rules = zone.getRules();
    int offset = rules.getOffset(BEGIN).getTotalSeconds();
    long until = end(rules.nextTransition(BEGIN));
    this.recent = new Segment(0, Long.MIN_VALUE, until, offset, Long.MIN_VALUE);
    this.segments = new Segment[] {recent};
  }

  static ZoneClock of(ZoneId zone) {
    ZoneClock known = CLOCKS.get(zone);
    if (known != null && known.isOf(zone)) {
      return known;
    }
    if (CLOCKS.size() >= MOST_CLOCKS) {
      CLOCKS.clear();
    }
    ZoneClock made = new ZoneClock(zone);
    CLOCKS.put(zone, made);
    return made;
  }

  /** Returns whether it is the clock of a zone, whose rules may be renewed in the running JVM. */
  @SuppressWarnings("ReferenceEquality") // comparing the rules themselves would take longest
  boolean isOf(ZoneId other) {
    if (other instanceof ZoneOffset) { // it may make its rules anew each time that it is asked
      return zone.equals(other);
    }
    ZoneRules asked = other.getRules();
    return rules == asked || (rules.isFixedOffset() && rules.equals(asked));
  }

  /** Returns the segment that an instant lies in. */
  Segment at(long epochSecond) {
    Segment likely = recent;
    if (epochSecond >= likely.from && epochSecond < likely.until) {
      return likely;
    }
    Segment found = find(epochSecond);
    recent = found;
    return found;
  }

  private Segment find(long epochSecond) {
    Segment[] known = segments;
    if (epochSecond >= known[known.length - 1].until) {
      known = extend(epochSecond);
    }
    int low = 0;
    int high = known.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (known[middle].from <= epochSecond) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return known[low];
  }

  /** Returns the segment after another; null after the last. */
  @Nullable Segment after(Segment segment) {
    if (segment.until == Long.MAX_VALUE) {
      return null;
    }
    Segment[] known = segments;
    int index = segment.index + 1;
    return index < known.length ? known[index] : extend(segment.until)[index];
  }

  /** Returns the segment before another; null before the first. */
  @Nullable Segment before(Segment segment) {
    return segment.index == 0 ? null : segments[segment.index - 1];
  }

  private synchronized Segment[] extend(long epochSecond) {
    List<Segment> known = new ArrayList<>(List.of(segments));
    Segment last = known.get(known.size() - 1);
    while (last.until <= epochSecond + AHEAD) {
      Instant change = Instant.ofEpochSecond(last.until);
      int offset = rules.getOffset(change).getTotalSeconds();
      long until = end(rules.nextTransition(change));
      last = new Segment(known.size(), last.until, until, offset, last.shownAtEnd());
      known.add(last);
    }
    Segment[] extended = known.toArray(Segment[]::new);
    if (MADE.addAndGet(extended.length - segments.length) > MOST_SEGMENTS) {
      CLOCKS.clear();
      MADE.set(0);
    }
    segments = extended;
    return extended;
  }

  private static long end(@Nullable ZoneOffsetTransition change) {
    return change == null ? Long.MAX_VALUE : change.toEpochSecond();
  }
}
