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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The route of what ended, by job and time. */
final class StatisticsRoutes {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int MOST_PARTS = 2_000;

  private final Operations operations;
  private final JobStore store;

  StatisticsRoutes(Operations operations, JobStore store) {
    this.operations = operations;
    this.store = store;
  }

  List<Route> all() {
    return List.of(get(Api.BASE + "/statistics", this::statistics));
  }

  /** What ended of a job in a part of time. */
  record PartView(
      String job,
      Instant start,
      long completed,
      long failed,
      long timedOut,
      long cancelled,
      long skipped,
      long totalDurationMs,
      long longestDurationMs) {
    static PartView of(String job, Rollup rollup) {
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
    Parameters parameters = Parameters.of(call, "job", "from", "to", "width");
    Instant to = parameters.instant("to").orElseGet(store::now);
    Instant from = parameters.instant("from").orElseGet(() -> to.minus(DAY));
    Duration width = parameters.duration("width").orElse(HOUR);
    check(from, to, width);
    Map<String, String> jobs = jobs(call, parameters.text("job"));
    var query = RollupQuery.of(jobs.keySet(), from, to).by(width);
    return Items.all(store.rollups(query), part -> PartView.of(jobs.get(part.job()), part));
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
