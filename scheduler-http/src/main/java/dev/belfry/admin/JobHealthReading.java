// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin;

import dev.belfry.JobStatistics;
import dev.belfry.JobView;
import dev.belfry.PluginContext;
import dev.belfry.run.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Reads how jobs fare, from rollups and indexes; no hot row is counted. */
final class JobHealthReading {
  private static final Duration GRACE = Duration.ofMinutes(5);

  private final PluginContext context;
  private final Set<String> critical;
  private final Instant startedAt;

  JobHealthReading(PluginContext context, Set<String> critical) {
    this.context = context;
    this.critical = critical;
    this.startedAt = context.store().now();
  }

  JobHealth read() {
    Instant now = context.store().now();
    List<Target> paused = context.client().paused();
    return new JobHealth(
        startedAt,
        Duration.between(startedAt, now),
        context.jobs().stream().map(job -> entry(job, paused, now)).toList());
  }

  private JobHealth.Entry entry(JobView job, List<Target> paused, Instant now) {
    JobStatistics statistics = context.client().statistics(job.job());
    Duration grace = job.startWithin().orElse(GRACE);
    boolean late = statistics.nextRun().filter(at -> at.plus(grace).isBefore(now)).isPresent();
    return new JobHealth.Entry(
        job, statistics, critical.contains(job.name()), late && !isPaused(job, paused));
  }

  private static boolean isPaused(JobView job, List<Target> paused) {
    return paused.contains(Target.all())
        || paused.contains(Target.queue(job.queue()))
        || job.names().stream().map(Target::job).anyMatch(paused::contains);
  }
}
