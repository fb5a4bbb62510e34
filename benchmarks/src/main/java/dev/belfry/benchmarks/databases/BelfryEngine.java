// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import static java.util.Objects.requireNonNull;

import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerBuilder;
import dev.belfry.SchedulerClient;
import dev.belfry.jdbc.JdbcJobStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
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
      client = SchedulerClient.of(store, noOp, stamped);
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
  public void enqueue(long stamp) {
    (scheduler != null ? scheduler : client()).enqueue(stamped, stamp);
  }

  @Override
  public void start(Tally newTally) {
    this.tally = newTally;
    SchedulerBuilder builder =
        Scheduler.builder().store(store).register(noOp, stamped).workers(setup.workers());
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
  public long recordedTwice() throws SQLException {
    return setup.number(
        "select count(*) - count(distinct run) from belfry_history where status = 'COMPLETED'");
  }
}
