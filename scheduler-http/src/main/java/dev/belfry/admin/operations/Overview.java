// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.run.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How things stand.
 *
 * @param at when, by the store's clock
 * @param pending how many runs have not ended, by state; those of which there are none are left out
 * @param width how much time a part of the history counts together
 * @param history what ended, oldest first, without gaps
 * @param oldestDue the earliest due time of the runs that are SCHEDULED and that no limit has put
 *     aside; it may be to come
 * @param lag how long that one is due already; zero if it is to come or there is none
 * @param concerns what somebody should look at, the most pressing first
 * @param nodes how many nodes are alive; empty for a confined principal
 */
public record Overview(
    Instant at,
    Map<Status, Long> pending,
    Duration width,
    List<Ended> history,
    Optional<Instant> oldestDue,
    Duration lag,
    List<Concern> concerns,
    Optional<Integer> nodes) {
  /** Copies the collections. */
  public Overview {
    pending = Map.copyOf(pending);
    history = List.copyOf(history);
    concerns = List.copyOf(concerns);
  }

  /**
   * What ended in a part of time.
   *
   * @param start its beginning, a multiple of the width since 1970
   * @param completed runs that ended COMPLETED
   * @param failed runs that ended FAILED
   * @param timedOut runs that ended TIMED_OUT
   * @param cancelled runs that ended CANCELLED
   * @param skipped runs that ended SKIPPED
   */
  public record Ended(
      Instant start, long completed, long failed, long timedOut, long cancelled, long skipped) {
    Ended plus(Ended other) {
      return new Ended(
          start,
          completed + other.completed,
          failed + other.failed,
          timedOut + other.timedOut,
          cancelled + other.cancelled,
          skipped + other.skipped);
    }
  }

  /** How far back an overview looks. */
  public enum Span {
    /** The last hour, by minute. */
    HOUR(Duration.ofHours(1), Duration.ofMinutes(1)),
    /** The last day, by quarter of an hour. */
    DAY(Duration.ofDays(1), Duration.ofMinutes(15)),
    /** The last week, by two hours. */
    WEEK(Duration.ofDays(7), Duration.ofHours(2)),
    /** The last 90 days, by day of UTC. */
    QUARTER(Duration.ofDays(90), Duration.ofDays(1));

    private final Duration length;
    private final Duration width;

    Span(Duration length, Duration width) {
      this.length = length;
      this.width = width;
    }

    /** Returns how far back it looks. */
    public Duration length() {
      return length;
    }

    /** Returns how much time is counted together. */
    public Duration width() {
      return width;
    }
  }
}
