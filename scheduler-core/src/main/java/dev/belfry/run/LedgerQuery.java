// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Which rows of the ledger to read, oldest first.
 *
 * <p>A pass gets its time before it is committed, so an older row may appear a moment after a newer
 * one was read. What ended less than {@link #SETTLING} ago is therefore left out, and a later query
 * that goes on after a cursor misses nothing, as long as no commit took longer than that.
 *
 * @param job only passes of this job; all are looked at nevertheless
 * @param from only passes that ended at or after
 * @param to only passes that ended before
 * @param after only passes after this one
 * @param latest whether passes are read that ended just now, too
 * @param limit the most rows to look at for a page; 1 to 1,000, default 1,000
 */
public record LedgerQuery(
    Optional<String> job,
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<LedgerCursor> after,
    boolean latest,
    int limit) {
  /** How long after its end a pass is read: one minute. */
  public static final Duration SETTLING = Duration.ofMinutes(1);

  /** Checks the limit. */
  public LedgerQuery {
    if (limit < 1 || limit > 1_000) {
      throw new IllegalArgumentException("limit must be 1 to 1000, was " + limit);
    }
  }

  /** Returns the query for the whole ledger, but for the last minute. */
  public static LedgerQuery all() {
    return new LedgerQuery(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false, 1_000);
  }

  /** Returns this query, for passes of a job. */
  public LedgerQuery ofJob(String newJob) {
    return new LedgerQuery(Optional.of(newJob), from, to, after, latest, limit);
  }

  /** Returns this query, for passes that ended in a span of time, its end excluded. */
  public LedgerQuery between(Instant newFrom, Instant newTo) {
    return new LedgerQuery(job, Optional.of(newFrom), Optional.of(newTo), after, latest, limit);
  }

  /** Returns this query, for passes after one. */
  public LedgerQuery after(LedgerCursor cursor) {
    return new LedgerQuery(job, from, to, Optional.of(cursor), latest, limit);
  }

  /**
   * Returns this query, for passes that ended just now, too. To go on after its last row later may
   * miss some.
   */
  public LedgerQuery withLatest() {
    return new LedgerQuery(job, from, to, after, true, limit);
  }

  /** Returns this query with another page size. */
  public LedgerQuery limit(int newLimit) {
    return new LedgerQuery(job, from, to, after, latest, newLimit);
  }

  /** Returns the instant before which passes are read, as seen at another. */
  public Instant end(Instant now) {
    Instant end = latest ? now.plus(SETTLING) : now.minus(SETTLING);
    return to.filter(end::isAfter).orElse(end);
  }
}
