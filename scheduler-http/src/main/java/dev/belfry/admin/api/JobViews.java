// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import dev.belfry.JobStatistics;
import dev.belfry.JobView;
import dev.belfry.admin.operations.JobDetail;
import dev.belfry.admin.operations.JobEntry;
import dev.belfry.run.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Jobs and how they have fared, as JSON has them. */
final class JobViews {
  private JobViews() {}

  /**
   * A job in a list.
   *
   * @param title missing if the code of the node that answers does not know the job
   */
  record JobItem(
      String name,
      @Nullable String title,
      @Nullable String description,
      String queue,
      @Nullable Integer priority,
      @Nullable List<String> tags,
      List<String> nodes,
      boolean served,
      boolean paused,
      Map<Status, Long> pending,
      @Nullable Instant dueAt) {
    static JobItem of(JobEntry entry) {
      Optional<JobView> code = entry.view();
      return new JobItem(
          entry.name(),
          code.map(JobView::title).orElse(null),
          code.map(JobView::description).orElse(null),
          entry.queue(),
          code.map(JobView::priority).orElse(null),
          code.map(JobView::tags).orElse(null),
          entry.nodes(),
          entry.served(),
          entry.paused(),
          new TreeMap<>(entry.pending()),
          entry.dueAt().orElse(null));
    }
  }

  /** All that there is to see of a job. */
  record JobFull(
      JobItem job,
      @Nullable CodeView code,
      @Nullable StatisticsView statistics,
      String explanation,
      List<ScheduleViews.ScheduleItem> schedules) {
    static JobFull of(JobDetail detail) {
      return new JobFull(
          JobItem.of(detail.entry()),
          detail.entry().view().map(CodeView::of).orElse(null),
          detail.statistics().map(StatisticsView::of).orElse(null),
          detail.explanation(),
          detail.schedules().stream().map(ScheduleViews.ScheduleItem::of).toList());
    }
  }

  /** What the code says of a job. */
  record CodeView(
      List<String> formerly,
      String input,
      String result,
      List<String> schedules,
      List<String> events,
      List<String> follows,
      String retry,
      @Nullable Duration timeout,
      @Nullable Duration startWithin,
      @Nullable Duration finishWithin,
      List<String> limits,
      List<String> alerts) {
    static CodeView of(JobView view) {
      return new CodeView(
          view.formerly().stream().sorted().toList(),
          view.input(),
          view.result(),
          view.schedules(),
          view.events(),
          view.follows(),
          view.retry().toString(),
          view.timeout().orElse(null),
          view.startWithin().orElse(null),
          view.finishWithin().orElse(null),
          view.limits(),
          view.alerts());
    }
  }

  /**
   * How a job has fared.
   *
   * @param successRate completed / (completed + failed + timed out), between 0 and 1
   */
  record StatisticsView(
      String job,
      long total,
      long completed,
      long failed,
      long timedOut,
      long cancelled,
      long skipped,
      @Nullable Double successRate,
      @Nullable Long meanDurationMs,
      @Nullable Long longestDurationMs,
      RunViews.@Nullable RunView lastRun,
      RunViews.@Nullable RunView lastSuccess,
      RunViews.@Nullable RunView lastFailure,
      @Nullable Instant nextRunAt,
      List<RunViews.RunView> lastRuns) {
    static StatisticsView of(JobStatistics statistics) {
      var rate = statistics.successRate();
      return new StatisticsView(
          statistics.job(),
          statistics.total(),
          statistics.completed(),
          statistics.failed(),
          statistics.timedOut(),
          statistics.cancelled(),
          statistics.skipped(),
          rate.isPresent() ? (Double) rate.getAsDouble() : null,
          statistics.mean().map(Duration::toMillis).orElse(null),
          statistics.longest().map(Duration::toMillis).orElse(null),
          statistics.lastRun().map(RunViews.RunView::of).orElse(null),
          statistics.lastSuccess().map(RunViews.RunView::of).orElse(null),
          statistics.lastFailure().map(RunViews.RunView::of).orElse(null),
          statistics.nextRun().orElse(null),
          statistics.lastRuns().stream().map(RunViews.RunView::of).toList());
    }
  }
}
