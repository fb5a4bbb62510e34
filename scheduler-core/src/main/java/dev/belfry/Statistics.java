// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Run;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import dev.belfry.store.JobStore;
import dev.belfry.store.Rollup;
import dev.belfry.store.RollupQuery;
import dev.belfry.store.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Sums up how a job has fared, from rollups; no hot row is counted. */
final class Statistics {
  private static final Duration SPAN = Duration.ofDays(90);
  private static final Duration DAY = Duration.ofDays(1);
  private static final int LAST_RUNS = 10;
  private static final int SCHEDULES = 1_000;

  private Statistics() {}

  static JobStatistics of(JobStore store, String job) {
    Instant now = store.now();
    long completed = 0;
    long failed = 0;
    long timedOut = 0;
    long cancelled = 0;
    long skipped = 0;
    Duration ran = Duration.ZERO;
    Duration longest = Duration.ZERO;
    for (Rollup day :
        store.rollups(RollupQuery.of(List.of(job), now.minus(SPAN), now.plusSeconds(60)).by(DAY))) {
      completed += day.completed();
      failed += day.failed();
      timedOut += day.timedOut();
      cancelled += day.cancelled();
      skipped += day.skipped();
      ran = ran.plus(day.total());
      longest = day.longest().compareTo(longest) > 0 ? day.longest() : longest;
    }
    long timed = completed + failed + timedOut;
    return new JobStatistics(
        job,
        timed + cancelled + skipped,
        completed,
        failed,
        timedOut,
        cancelled,
        skipped,
        timed == 0 ? Optional.empty() : Optional.of(ran.dividedBy(timed)),
        timed == 0 ? Optional.empty() : Optional.of(longest),
        newest(store, job, Status.COMPLETED, Status.FAILED, Status.TIMED_OUT, Status.CANCELLED),
        newest(store, job, Status.COMPLETED),
        newest(store, job, Status.FAILED, Status.TIMED_OUT),
        nextRun(store, job),
        store.runs(RunQuery.ofJob(job).limit(LAST_RUNS)).map(RunRecord::run).items());
  }

  private static Optional<Run> newest(JobStore store, String job, Status first, Status... more) {
    return store.runs(RunQuery.ofJob(job).in(first, more).limit(1)).items().stream()
        .findFirst()
        .map(RunRecord::run);
  }

  private static Optional<Instant> nextRun(JobStore store, String job) {
    Stream<Instant> ticks =
        store.schedulesOf(job, SCHEDULES).stream()
            .filter(row -> !row.paused())
            .flatMap(row -> row.nextAt().stream());
    return Stream.concat(store.nextDue(job).stream(), ticks).min(Instant::compareTo);
  }
}
