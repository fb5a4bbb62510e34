// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import static dev.belfry.http.routing.Route.get;

import dev.belfry.JobView;
import dev.belfry.admin.operations.JobEntry;
import dev.belfry.admin.operations.Operations;
import dev.belfry.http.Response;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Problem;
import dev.belfry.http.routing.Route;
import dev.belfry.store.JobStore;
import dev.belfry.store.Rollup;
import dev.belfry.store.RollupQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The route of what ended, by job and time. */
final class StatisticsRoutes {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int MOST_PARTS = 2_000;
  private static final String ALL = "";

  private final Operations operations;
  private final JobStore store;

  StatisticsRoutes(Operations operations, JobStore store) {
    this.operations = operations;
    this.store = store;
  }

  List<Route> all() {
    return List.of(get(Api.BASE + "/statistics", this::statistics));
  }

  /** What is counted together, beside a part of time. */
  enum By {
    JOB,
    ALL
  }

  /**
   * What ended in a part of time.
   *
   * @param job of this job; missing if it is of all
   */
  record PartView(
      @Nullable String job,
      Instant start,
      long completed,
      long failed,
      long timedOut,
      long cancelled,
      long skipped,
      long totalDurationMs,
      long longestDurationMs) {
    static PartView of(@Nullable String job, Rollup rollup) {
      return new PartView(
          job,
          rollup.start(),
          rollup.completed(),
          rollup.failed(),
          rollup.timedOut(),
          rollup.cancelled(),
          rollup.skipped(),
          rollup.total().toMillis(),
          rollup.longest().toMillis());
    }
  }

  private Response statistics(Call call) {
    Parameters parameters = Parameters.of(call, "job", "from", "to", "width", "by");
    Instant to = parameters.instant("to").orElseGet(store::now);
    Instant from = parameters.instant("from").orElseGet(() -> to.minus(DAY));
    Duration width = parameters.duration("width").orElse(HOUR);
    check(from, to, width);
    Map<String, String> jobs = jobs(call, parameters.text("job"));
    List<Rollup> parts = store.rollups(RollupQuery.of(jobs.keySet(), from, to).by(width));
    By by = parameters.text("by").map(text -> Values.constant("by", By.class, text)).orElse(By.JOB);
    Function<Rollup, String> group =
        by == By.ALL ? part -> ALL : part -> jobs.getOrDefault(part.job(), part.job());
    return Items.all(
        sums(parts, group), part -> PartView.of(by == By.ALL ? null : part.job(), part));
  }

  /** Adds up what is of one group and one part of time; a job may have had several names. */
  private static Collection<Rollup> sums(
      List<Rollup> parts, Function<? super Rollup, String> group) {
    var sums = new TreeMap<String, Rollup>();
    for (Rollup part : parts) {
      String name = group.apply(part);
      sums.merge(
          name + "\n" + part.start(), // all starts have the same length of text
          renamed(name, part),
          StatisticsRoutes::sum);
    }
    return sums.values();
  }

  private static Rollup renamed(String name, Rollup part) {
    return new Rollup(
        name,
        part.start(),
        part.completed(),
        part.failed(),
        part.timedOut(),
        part.cancelled(),
        part.skipped(),
        part.total(),
        part.longest());
  }

  private static Rollup sum(Rollup one, Rollup other) {
    return new Rollup(
        one.job(),
        one.start(),
        one.completed() + other.completed(),
        one.failed() + other.failed(),
        one.timedOut() + other.timedOut(),
        one.cancelled() + other.cancelled(),
        one.skipped() + other.skipped(),
        one.total().plus(other.total()),
        one.longest().compareTo(other.longest()) < 0 ? other.longest() : one.longest());
  }

  private static void check(Instant from, Instant to, Duration width) {
    if (from.isAfter(to)) {
      throw Problem.invalid("from", "must not be after to");
    }
    if (width.getNano() != 0 || width.toSeconds() % 60 != 0) {
      throw Problem.invalid("width", "must be whole minutes, was " + width);
    }
    if (Duration.between(from, to).dividedBy(width) > MOST_PARTS) {
      throw Problem.invalid(
          "width", "must leave at most " + MOST_PARTS + " parts between from and to");
    }
  }

  /** Returns the jobs that who asks may see, by each name that statistics may have of them. */
  private Map<String, String> jobs(Call call, Optional<String> wanted) {
    List<JobEntry> seen =
        wanted.isPresent()
            ? List.of(operations.jobs().get(call.principal(), wanted.get()).entry())
            : operations.jobs().list(call.principal());
    var names = new HashMap<String, String>();
    for (JobEntry job : seen) {
      names.put(job.name(), job.name());
      job.view().map(JobView::names).orElse(List.of()).forEach(name -> names.put(name, job.name()));
    }
    return names;
  }
}
