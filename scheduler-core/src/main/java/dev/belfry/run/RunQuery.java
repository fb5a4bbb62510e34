// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which runs to read: a filter and a page. The newest run comes first; pages are stable while runs
 * are added, because a page continues after an id.
 *
 * @param job only runs of this job
 * @param statuses only runs in one of these states; empty: in any
 * @param schedule only runs of this schedule
 * @param tag only runs with this tag
 * @param from only runs made at or after
 * @param to only runs made before
 * @param after only runs older than this one: the last of the page before
 * @param limit the most runs to read; 1 to 1,000, default 100
 */
public record RunQuery(
    Optional<String> job,
    Set<Status> statuses,
    Optional<String> schedule,
    Optional<String> tag,
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<RunId> after,
    int limit) {
  /** Checks the limit. */
  public RunQuery {
    statuses = Set.copyOf(statuses);
    if (limit < 1 || limit > 1_000) {
      throw new IllegalArgumentException("limit must be 1 to 1000, was " + limit);
    }
  }

  /** Returns the query for the newest 100 runs of all. */
  public static RunQuery all() {
    return new RunQuery(
        Optional.empty(),
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        100);
  }

  /** Returns the query for the newest 100 runs of a job. */
  public static RunQuery ofJob(String job) {
    return new RunQuery(
        Optional.of(job),
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        100);
  }

  /** Returns this query, for runs in one of these states. */
  public RunQuery in(Status first, Status... more) {
    return new RunQuery(job, EnumSet.of(first, more), schedule, tag, from, to, after, limit);
  }

  /** Returns this query, for runs of a schedule. */
  public RunQuery ofSchedule(String id) {
    return new RunQuery(job, statuses, Optional.of(id), tag, from, to, after, limit);
  }

  /** Returns this query, for runs with a tag. */
  public RunQuery tagged(String newTag) {
    return new RunQuery(job, statuses, schedule, Optional.of(newTag), from, to, after, limit);
  }

  /** Returns this query, for runs made in a span of time, its end excluded. */
  public RunQuery between(Instant newFrom, Instant newTo) {
    return new RunQuery(
        job, statuses, schedule, tag, Optional.of(newFrom), Optional.of(newTo), after, limit);
  }

  /** Returns this query, for the runs older than one. */
  public RunQuery olderThan(RunId run) {
    return new RunQuery(job, statuses, schedule, tag, from, to, Optional.of(run), limit);
  }

  /** Returns this query with another page size. */
  public RunQuery limit(int newLimit) {
    return new RunQuery(job, statuses, schedule, tag, from, to, after, newLimit);
  }
}
