// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import static java.util.Objects.requireNonNull;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * db-scheduler, which keeps no history. Tuned: polls each 100 ms instead of each 10 s, starts at
 * once what was enqueued on the same node, and fetches as its own benchmark does: up to 20 for each
 * thread, again from 4 for each on.
 */
final class DbSchedulerEngine implements Engine {
  private static final int BATCH = 1_000;
  private static final String POSTGRESQL =
      """
      create table scheduled_tasks (
        task_name text not null,
        task_instance text not null,
        task_data bytea,
        execution_time timestamp with time zone,
        picked boolean not null,
        picked_by text,
        last_success timestamp with time zone,
        last_failure timestamp with time zone,
        consecutive_failures int,
        last_heartbeat timestamp with time zone,
        version bigint not null,
        priority smallint,
        state text,
        primary key (task_name, task_instance));
      create index execution_time_idx on scheduled_tasks (execution_time);
      create index last_heartbeat_idx on scheduled_tasks (last_heartbeat);
      """;

  private final Setup setup;
  private final boolean lockAndFetch;
  private final OneTimeTask<Void> noOp =
      Tasks.oneTime("no-op").execute((instance, context) -> tally().ran(1));
  private final SchedulerClient client;
  private @Nullable Scheduler scheduler;
  private volatile @Nullable Tally tally;

  DbSchedulerEngine(Setup setup, boolean lockAndFetch) {
    this.setup = setup;
    this.lockAndFetch = lockAndFetch;
    this.client = SchedulerClient.Builder.create(setup.pool(), noOp).build();
  }

  private Tally tally() {
    return requireNonNull(tally);
  }

  @Override
  public void create() throws SQLException {
    setup.execute(POSTGRESQL);
  }

  @Override
  public void fill(int runs) {
    List<TaskInstance<?>> batch = new ArrayList<>(BATCH);
    for (int left = runs; left > 0; left -= batch.size()) {
      batch.clear();
      for (int i = Math.min(left, BATCH); i > 0; i--) {
        batch.add(noOp.instance(UUID.randomUUID().toString()));
      }
      client.scheduleBatch(batch, Instant.now());
    }
  }

  @Override
  public void enqueue() {
    (scheduler != null ? scheduler : client)
        .scheduleIfNotExists(noOp.instance(UUID.randomUUID().toString()), Instant.now());
  }

  @Override
  public void start(Tally newTally) {
    this.tally = newTally;
    SchedulerBuilder builder =
        Scheduler.create(setup.pool(), noOp)
            .schedulerName(new SchedulerName.Fixed(UUID.randomUUID().toString()))
            .threads(setup.workers())
            .pollingInterval(Duration.ofMillis(100))
            .shutdownMaxWait(Duration.ofSeconds(1))
            .enableImmediateExecution();
    scheduler =
        (lockAndFetch ? builder.pollUsingLockAndFetch(4, 20) : builder.pollUsingFetch(4, 20))
            .build();
    scheduler.start();
  }

  @Override
  public void settle() throws SQLException {
    while (setup.finds("select 1 from scheduled_tasks limit 1")) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void stop() {
    requireNonNull(scheduler).stop();
    scheduler = null;
  }
}
