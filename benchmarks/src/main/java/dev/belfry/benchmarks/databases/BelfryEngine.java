// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import static java.util.Objects.requireNonNull;

import dev.belfry.Job;
import dev.belfry.JobContext;
import dev.belfry.ResultJob;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerBuilder;
import dev.belfry.SchedulerClient;
import dev.belfry.jdbc.JdbcJobStore;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Belfry with its default settings but for the number of workers, and a lease of one second where
 * it shall be watchful. History is kept.
 */
final class BelfryEngine implements Engine {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Setup setup;
  private final JdbcJobStore store;
  private final Job<@Nullable Void> noOp = Job.named("no-op").handler(ctx -> tally().ran(1));
  private final Job<Long> stamped =
      Job.named("stamped", Long.class).handler((ctx, stamp) -> tally().began(stamp));
  private final Job<@Nullable Void> limited =
      Job.named("limited").limitRuns(Work.AT_ONCE).handler(ctx -> workHard());
  private final Job<Integer> keyed =
      Job.named("keyed", Integer.class)
          .limitRuns(1, key -> key.toString())
          .handler((ctx, key) -> tally().ran(1));
  private final ResultJob<Integer, Integer> function =
      Job.named("function", Integer.class).returning(Integer.class, BelfryEngine::steps);
  private final Job<Instant> sleeper =
      Job.named("sleeper", Instant.class).handler((ctx, until) -> sleep(ctx, until));
  private final List<Job<?>> jobs = List.of(noOp, stamped, limited, keyed, function, sleeper);
  private @Nullable SchedulerClient client;
  private @Nullable Scheduler scheduler;
  private volatile @Nullable Tally tally;

  BelfryEngine(Setup setup) {
    this.setup = setup;
    this.store = JdbcJobStore.using(setup.pool());
  }

  private Tally tally() {
    return requireNonNull(tally);
  }

  private synchronized SchedulerClient client() {
    if (client == null) {
      client = SchedulerClient.of(store, jobs.toArray(Job<?>[]::new));
    }
    return client;
  }

  @Override
  public void create() {
    client();
  }

  @Override
  public void fill(int runs) {
    client().enqueueAll(noOp, Collections.<@Nullable Void>nCopies(runs, null));
  }

  @Override
  public void fill(Work work, int runs) {
    switch (work) {
      case NOTHING -> fill(runs);
      case LIMITED -> client().enqueueAll(limited, Collections.<@Nullable Void>nCopies(runs, null));
      case KEYED ->
          client()
              .enqueueAll(keyed, IntStream.range(0, runs).map(i -> i % Work.KEYS).boxed().toList());
    }
  }

  private void workHard() throws InterruptedException {
    Thread.sleep(Work.TIME.toMillis());
    tally().ran(1);
  }

  private static int steps(JobContext ctx, int count) {
    int sum = 0;
    for (int i = 0; i < count; i++) {
      int step = i;
      sum += ctx.step("step-" + i, Integer.class, () -> step);
    }
    return sum;
  }

  private void sleep(JobContext ctx, Instant until) {
    ctx.sleepUntil("until", until);
    tally().began(System.nanoTime() - Duration.between(until, Instant.now()).toNanos());
  }

  @Override
  public int function(int count) throws InterruptedException {
    return requireNonNull(scheduler).enqueue(function, count).result(PATIENCE);
  }

  @Override
  public void sleep(int runs, Instant until) throws InterruptedException {
    requireNonNull(scheduler).enqueueAll(sleeper, Collections.nCopies(runs, until));
    settle();
  }

  @Override
  public void enqueue(long stamp) {
    (scheduler != null ? scheduler : client()).enqueue(stamped, stamp);
  }

  @Override
  public void start(Tally newTally) {
    this.tally = newTally;
    SchedulerBuilder builder =
        Scheduler.builder()
            .store(store)
            .register(jobs.toArray(Job<?>[]::new))
            .workers(setup.workers());
    if (setup.watchful()) {
      builder.lease(Duration.ofSeconds(1));
    }
    scheduler = builder.start();
  }

  @Override
  public void settle() throws InterruptedException {
    if (!requireNonNull(scheduler).awaitIdle(PATIENCE)) {
      throw new IllegalStateException("not idle within " + PATIENCE);
    }
  }

  @Override
  public void stop() {
    requireNonNull(scheduler).close();
    scheduler = null;
  }

  @Override
  public void crowd(int future, int running, int ended) {
    new BelfryCrowd(store, client(), noOp).make(future, running, ended);
  }

  @Override
  public long mostAtOnce() throws SQLException {
    return setup.number(
        """
        select max(many) from (
          select sum(one) over (order by at, one rows unbounded preceding) many from (
            select started_at at, 1 one from belfry_history
            union all select ended_at, -1 from belfry_history) moves) counts
        """);
  }

  @Override
  public long left() throws SQLException {
    return setup.number(
        "select (select count(*) from belfry_run) + (select count(*) from belfry_held)"
            + " + (select coalesce(sum(used), 0) from belfry_limit_slot)");
  }

  @Override
  public long recordedTwice() throws SQLException {
    return setup.number(
        "select count(*) - count(distinct run) from belfry_history where status = 'COMPLETED'");
  }
}
