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
import java.util.concurrent.atomic.AtomicLong;
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

  private static final String MARIADB =
      """
      create table scheduled_tasks (
        task_name varchar(100) not null,
        task_instance varchar(100) not null,
        task_data blob,
        execution_time timestamp(6) null,
        picked boolean not null,
        picked_by varchar(50),
        last_success timestamp(6) null,
        last_failure timestamp(6) null,
        consecutive_failures int,
        last_heartbeat timestamp(6) null,
        version bigint not null,
        priority smallint,
        state varchar(20),
        primary key (task_name, task_instance),
        index execution_time_idx (execution_time),
        index last_heartbeat_idx (last_heartbeat))
      """;
  private static final String CROWD =
      """
      insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)
        select 'no-op', gen_random_uuid()::text, now() + interval '1 day'
          + n * interval '1 millisecond', false, 1 from generate_series(1, $future) n;
      insert into scheduled_tasks (task_name, task_instance, execution_time, picked, picked_by,
          last_heartbeat, version)
        select 'no-op', gen_random_uuid()::text, now() - interval '1 hour'
          + n * interval '1 millisecond', true, 'other', now() + interval '1 day', 2
          from generate_series(1, $running) n;
      """;

  private final Setup setup;
  private final boolean lockAndFetch;
  private final OneTimeTask<Void> noOp =
      Tasks.oneTime("no-op").execute((instance, context) -> tally().ran(1));
  private final OneTimeTask<Void> stamped =
      Tasks.oneTime("stamped").execute((instance, context) -> tally().began(stampOf(instance)));
  private final SchedulerClient client;
  private final AtomicLong ids = new AtomicLong(System.currentTimeMillis() << 20);
  private final String name = UUID.randomUUID().toString();
  private @Nullable Scheduler scheduler;
  private volatile @Nullable Tally tally;

  DbSchedulerEngine(Setup setup, boolean lockAndFetch) {
    this.setup = setup;
    this.lockAndFetch = lockAndFetch;
    this.client = SchedulerClient.Builder.create(setup.pool(), noOp, stamped).build();
  }

  private Tally tally() {
    return requireNonNull(tally);
  }

  @Override
  public void create() throws SQLException {
    setup.execute(setup.product() == Product.MARIADB ? MARIADB : POSTGRESQL);
  }

  @Override
  public void fill(int runs) {
    List<TaskInstance<?>> batch = new ArrayList<>(BATCH);
    for (int left = runs; left > 0; left -= batch.size()) {
      batch.clear();
      for (int i = Math.min(left, BATCH); i > 0; i--) {
        batch.add(noOp.instance(id()));
      }
      client.scheduleBatch(batch, Instant.now());
    }
  }

  @Override
  public void enqueue(long stamp) {
    String id = stamp + "-" + id();
    (scheduler != null ? scheduler : client)
        .scheduleIfNotExists(stamped.instance(id), Instant.now());
  }

  /** Returns an id that sorts behind those before, which is kind to the index. */
  private String id() {
    return Long.toString(ids.incrementAndGet(), Character.MAX_RADIX) + "-" + name;
  }

  private static long stampOf(TaskInstance<?> instance) {
    return Long.parseLong(instance.getId().substring(0, instance.getId().indexOf('-')));
  }

  @Override
  public void start(Tally newTally) {
    this.tally = newTally;
    SchedulerBuilder builder =
        Scheduler.create(setup.pool(), noOp, stamped)
            .schedulerName(new SchedulerName.Fixed(name))
            .threads(setup.workers())
            .pollingInterval(Duration.ofMillis(100))
            .shutdownMaxWait(Duration.ofSeconds(1))
            .enableImmediateExecution();
    if (setup.watchful()) {
      builder.heartbeatInterval(Duration.ofSeconds(1)).missedHeartbeatsLimit(4);
    }
    scheduler =
        (lockAndFetch ? builder.pollUsingLockAndFetch(4, 20) : builder.pollUsingFetch(4, 20))
            .build();
    scheduler.start();
  }

  @Override
  public void settle() {
    while (!requireNonNull(scheduler).getCurrentlyExecuting().isEmpty()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void stop() {
    requireNonNull(scheduler).stop();
    scheduler = null;
  }

  @Override
  public void crowd(int future, int running, int ended) throws SQLException {
    setup.execute(
        CROWD
            .replace("$future", Integer.toString(future))
            .replace("$running", Integer.toString(running)));
  }
}
