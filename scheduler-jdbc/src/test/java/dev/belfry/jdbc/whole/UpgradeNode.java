// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import dev.belfry.Job;
import dev.belfry.JobContext;
import dev.belfry.Scheduler;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.jdbc.NextVersion;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.schedule.CatchUp;
import dev.belfry.schedule.Overlap;
import dev.belfry.schedule.Schedule;
import java.time.Duration;

/**
 * A node of {@link RollingUpgradeTest}, of the present version or the next, which knows one job and
 * one schedule more. Prints "started", then job, run and fence of each handler that starts.
 */
final class UpgradeNode {
  static final Schedule EACH_SECOND =
      Schedule.every(Duration.ofSeconds(1))
          .withOverlap(Overlap.ALLOW)
          .withCatchUp(CatchUp.all(100, Duration.ofHours(1)));
  static final Job<Integer> OLD_JOB = job("old-job");
  static final Job<Void> OLD_SCHEDULE = scheduled("old-schedule");
  static final Job<Integer> NEW_JOB = job("new-job");
  static final Job<Void> NEW_SCHEDULE = scheduled("new-schedule");

  private UpgradeNode() {}

  /** Takes URL and user of the database, the node's name, and whether it is of the next version. */
  public static void main(String[] arguments) throws InterruptedException {
    Child.dieWithParent();
    boolean next = Boolean.parseBoolean(arguments[3]);
    JdbcJobStore store = JdbcJobStore.open(arguments[0], arguments[1], "");
    Scheduler scheduler =
        Scheduler.builder()
            .name(arguments[2])
            .store(next ? NextVersion.of(store) : store)
            .lease(Duration.ofSeconds(3))
            .workers(4)
            .register(OLD_JOB, OLD_SCHEDULE)
            .register(next ? new Job<?>[] {NEW_JOB, NEW_SCHEDULE} : new Job<?>[0])
            .start()
            .closeOnShutdown();
    System.out.println("started");
    scheduler.awaitShutdown();
  }

  private static Job<Integer> job(String name) {
    return Job.named(name, Integer.class)
        .retry(RetryPolicy.defaults().withMaxAttempts(1_000)) // a kill is not the run's fault
        .handler((ctx, number) -> print(name, ctx));
  }

  private static Job<Void> scheduled(String name) {
    return Job.named(name)
        .schedule(EACH_SECOND)
        .retry(RetryPolicy.defaults().withMaxAttempts(1_000))
        .handler(ctx -> print(name, ctx));
  }

  private static void print(String name, JobContext context) {
    System.out.println(name + " " + context.runId() + " " + context.fence());
  }
}
