// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import static java.util.Objects.requireNonNull;

import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.jdbc.JdbcJobStore;
import java.time.Duration;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/** Belfry with its default settings but for the number of workers. History is kept. */
final class BelfryEngine implements Engine {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Setup setup;
  private final JdbcJobStore store;
  private final Job<@Nullable Void> noOp = Job.named("no-op").handler(ctx -> tally().ran(1));
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

  private SchedulerClient client() {
    if (client == null) {
      client = SchedulerClient.of(store, noOp);
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
  public void enqueue() {
    (scheduler != null ? scheduler : client()).enqueue(noOp);
  }

  @Override
  public void start(Tally newTally) {
    this.tally = newTally;
    scheduler = Scheduler.builder().store(store).register(noOp).workers(setup.workers()).start();
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
}
