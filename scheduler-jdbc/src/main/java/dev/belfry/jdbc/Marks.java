// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where to begin to look in each lane: the due time of the last run that was claimed there.
 * Thread-safe.
 */
final class Marks {
  /*
   * What was claimed stays in the index until it is cleaned, which no database does as long as an
   * old snapshot may still want to see it. Without marks each claim would read all of that again.
   * What comes in below a mark is told by a hint, if it comes from this process; else it is found
   * when a claim finds nothing, or within a second, when the mark is forgotten.
   */
  static final Instant BEGINNING = Instant.parse("1000-01-01T00:00:00Z");

  private static final Duration LIFE = Duration.ofSeconds(1);

  private final Map<Integer, Mark> marks = new ConcurrentHashMap<>();

  /** Returns the due time from which on a lane is worth a look. */
  Instant of(int lane, Instant now) {
    Mark mark = marks.get(lane);
    return mark == null || mark.isOver(now) ? BEGINNING : mark.due;
  }

  /** Notes up to where a lane was claimed. */
  void claimed(int lane, Instant due, Instant now) {
    marks.compute(
        lane,
        (id, mark) ->
            mark == null || mark.isOver(now)
                ? new Mark(due, now)
                : due.isAfter(mark.due) ? new Mark(due, mark.since) : mark);
  }

  /** Notes that a run of a lane became ready. */
  void ready(int lane, Instant due) {
    marks.computeIfPresent(lane, (id, mark) -> due.isBefore(mark.due) ? null : mark);
  }

  /** Has a lane looked at from its beginning. */
  void forget(int lane) {
    marks.remove(lane);
  }

  /** A due time, and when the lane was last looked at from its beginning. */
  private record Mark(Instant due, Instant since) {
    boolean isOver(Instant now) {
      return now.isBefore(since) || !now.isBefore(since.plus(LIFE));
    }
  }
}
