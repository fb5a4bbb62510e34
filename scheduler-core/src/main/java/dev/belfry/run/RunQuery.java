// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which runs to read: filters, all of which a run must meet, and a page. The newest run comes
 * first, by id. A run keeps its place as long as it exists, so pages that continue after an id show
 * no run twice and miss none, whatever is inserted and ends between them; runs that are made
 * meanwhile are newer than the first page.
 *
 * <p>Job, states and key are looked up. The other filters look at each run that these let through,
 * from the newest on, until the page is full: give them a job, or states, where there are many.
 *
 * @param job only runs of this job
 * @param statuses only runs in one of these states; empty: in any
 * @param schedule only runs of this schedule
 * @param tag only runs with this tag
 * @param key only runs that were enqueued with this unique key, whether they hold it still or not
 * @param error only runs one of whose passes failed with this text in the type or message of the
 *     failure, or was BLOCKED with it in the reason; upper and lower case differ
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
    Optional<String> key,
    Optional<String> error,
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<RunId> after,
    int limit) {
  private static final RunQuery ALL =
      new RunQuery(
          Optional.empty(),
          Set.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          100);

  /** Checks the limit and the text. */
  public RunQuery {
    statuses = Set.copyOf(statuses);
    if (limit < 1 || limit > 1_000) {
      throw new IllegalArgumentException("limit must be 1 to 1000, was " + limit);
    }
    if (error.filter(text -> text.isEmpty() || text.length() > 200).isPresent()) {
      throw new IllegalArgumentException(
          "text of an error must have 1 to 200 characters, had " + error.get().length());
    }
  }

  /** Returns the query for the newest 100 runs of all. */
  public static RunQuery all() {
    return ALL;
  }

  /** Returns the query for the newest 100 runs of a job. */
  public static RunQuery ofJob(String job) {
    return new RunQuery(
        Optional.of(job),
        ALL.statuses,
        ALL.schedule,
        ALL.tag,
        ALL.key,
        ALL.error,
        ALL.from,
        ALL.to,
        ALL.after,
        ALL.limit);
  }

  /** Returns this query, for runs in one of these states. */
  public RunQuery in(Status first, Status... more) {
    return new RunQuery(
        job, EnumSet.of(first, more), schedule, tag, key, error, from, to, after, limit);
  }

  /** Returns this query, for runs of a schedule. */
  public RunQuery ofSchedule(String id) {
    return new RunQuery(job, statuses, Optional.of(id), tag, key, error, from, to, after, limit);
  }

  /** Returns this query, for runs with a tag. */
  public RunQuery tagged(String newTag) {
    return new RunQuery(
        job, statuses, schedule, Optional.of(newTag), key, error, from, to, after, limit);
  }

  /** Returns this query, for runs that were enqueued with a unique key. */
  public RunQuery keyed(String newKey) {
    return new RunQuery(
        job, statuses, schedule, tag, Optional.of(newKey), error, from, to, after, limit);
  }

  /** Returns this query, for runs that failed, at least once, with a text in their error. */
  public RunQuery failingWith(String text) {
    return new RunQuery(
        job, statuses, schedule, tag, key, Optional.of(text), from, to, after, limit);
  }

  /** Returns this query, for runs made in a span of time, its end excluded. */
  public RunQuery between(Instant newFrom, Instant newTo) {
    return new RunQuery(
        job,
        statuses,
        schedule,
        tag,
        key,
        error,
        Optional.of(newFrom),
        Optional.of(newTo),
        after,
        limit);
  }

  /** Returns this query, for the runs older than one. */
  public RunQuery olderThan(RunId run) {
    return new RunQuery(
        job, statuses, schedule, tag, key, error, from, to, Optional.of(run), limit);
  }

  /** Returns this query with another page size. */
  public RunQuery limit(int newLimit) {
    return new RunQuery(job, statuses, schedule, tag, key, error, from, to, after, newLimit);
  }
}
