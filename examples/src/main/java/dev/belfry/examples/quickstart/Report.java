// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.quickstart;

import dev.belfry.Job;
import dev.belfry.JobStatistics;
import dev.belfry.SchedulerClient;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What happened, as tables for people. */
final class Report {
  private Report() {}

  /** Returns the newest runs of all jobs, newest first, each with its passes. */
  static String history(SchedulerClient client) {
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("JOB", "ATTEMPT", "EVENT", "STARTED (UTC)", "RAN", "ITEMS", "DETAIL"));
    for (Run run : client.runs(RunQuery.all().limit(10)).items()) {
      for (Pass pass : client.passes(run.id())) {
        rows.add(
            List.of(
                run.job(),
                Integer.toString(pass.attempt()),
                pass.event().name(),
                time(pass.startedAt()),
                seconds(pass.ran()),
                Long.toString(pass.counters().processed()),
                pass.detail()));
      }
    }
    return table(rows);
  }

  /** Returns what the newest run of a job logged in its last pass. */
  static String log(SchedulerClient client, Job<?> job) {
    return client.runs(RunQuery.ofJob(job.name()).limit(1)).items().stream()
        .flatMap(run -> client.passes(run.id()).stream())
        .reduce((before, last) -> last)
        .map(pass -> pass.log().indent(2))
        .orElse("");
  }

  /** Returns how each job has fared. */
  static String statistics(SchedulerClient client, Job<?>... jobs) {
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("JOB", "ENDED", "COMPLETED", "FAILED", "SUCCESS", "MEAN", "LONGEST", "NEXT"));
    for (Job<?> job : jobs) {
      JobStatistics statistics = client.statistics(job);
      rows.add(
          List.of(
              statistics.job(),
              Long.toString(statistics.total()),
              Long.toString(statistics.completed()),
              Long.toString(statistics.failed()),
              statistics.successRate().isEmpty()
                  ? "-"
                  : Math.round(statistics.successRate().getAsDouble() * 100) + " %",
              statistics.mean().map(Report::seconds).orElse("-"),
              statistics.longest().map(Report::seconds).orElse("-"),
              statistics.nextRun().map(Instant::toString).orElse("-")));
    }
    return table(rows);
  }

  private static String time(Instant instant) {
    return instant.toString().substring(0, 19).replace('T', ' ');
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.3f s", duration.toNanos() / 1e9);
  }

  /** Pads each column to its widest cell. */
  private static String table(List<List<String>> rows) {
    var text = new StringBuilder();
    for (List<String> row : rows) {
      var line = new StringBuilder("  ");
      for (int column = 0; column < row.size(); column++) {
        int at = column;
        int width = rows.stream().mapToInt(cells -> cells.get(at).length()).max().orElse(0);
        line.append(row.get(column)).append(" ".repeat(width - row.get(column).length() + 2));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
