// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;

/**
 * Quartz with its tables in the database, clustered; it keeps no history. Each run is a trigger of
 * one durable job. Tuned: takes as many triggers at a time as it has threads, looks for triggers of
 * other nodes each second instead of each 30 s, and no run that waits counts as a misfire.
 * Watchful: nodes check in each second instead of each 7.5 s.
 */
final class QuartzEngine implements Engine {
  private static final int BATCH = 1_000;
  private static final AtomicInteger OPENED = new AtomicInteger();

  /** Quartz makes its jobs itself, so they find the tally here. */
  private static volatile @Nullable Tally tally;

  private final Setup setup;
  private final String source = "pool" + OPENED.incrementAndGet();
  private final JobDetail noOp = job(NoOp.class, "no-op");
  private final JobDetail stamped = job(Stamped.class, "stamped");
  private @Nullable Scheduler scheduler;

  QuartzEngine(Setup setup) {
    this.setup = setup;
    DBConnectionManager.getInstance().addConnectionProvider(source, new Connections(setup));
  }

  /** Returns its scheduler, which may not be started yet: there is one of a name in a JVM. */
  private synchronized Scheduler scheduler() throws SchedulerException {
    if (scheduler == null) {
      scheduler = new StdSchedulerFactory(properties()).getScheduler();
    }
    return scheduler;
  }

  /** Carries out runs without input. */
  public static final class NoOp implements Job {
    @Override
    public void execute(JobExecutionContext context) {
      requireNonNull(tally).ran(1);
    }
  }

  /** Carries out runs with a stamp. */
  public static final class Stamped implements Job {
    @Override
    public void execute(JobExecutionContext context) {
      requireNonNull(tally).began(context.getMergedJobDataMap().getLong("stamp"));
    }
  }

  private record Connections(Setup setup) implements ConnectionProvider {
    @Override
    public Connection getConnection() throws SQLException {
      return setup.pool().getConnection();
    }

    @Override
    public void shutdown() {}

    @Override
    public void initialize() {}
  }

  private static JobDetail job(Class<? extends Job> type, String name) {
    return JobBuilder.newJob(type).withIdentity(name).storeDurably().requestRecovery().build();
  }

  private Properties properties() {
    var properties = new Properties();
    properties.putAll(
        Map.of(
            "org.quartz.scheduler.instanceName", "bench",
            "org.quartz.scheduler.instanceId", "AUTO",
            "org.quartz.scheduler.skipUpdateCheck", "true",
            "org.quartz.scheduler.idleWaitTime", "1000",
            "org.quartz.scheduler.batchTriggerAcquisitionMaxCount",
                Integer.toString(setup.workers()),
            "org.quartz.threadPool.threadCount", Integer.toString(setup.workers())));
    properties.putAll(
        Map.of(
            "org.quartz.jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX",
            "org.quartz.jobStore.driverDelegateClass",
                "org.quartz.impl.jdbcjobstore."
                    + (setup.product() == Product.POSTGRESQL
                        ? "PostgreSQLDelegate"
                        : "StdJDBCDelegate"),
            "org.quartz.jobStore.dataSource", source,
            "org.quartz.jobStore.isClustered", "true",
            "org.quartz.jobStore.clusterCheckinInterval", setup.watchful() ? "1000" : "7500",
            "org.quartz.jobStore.acquireTriggersWithinLock", "true",
            "org.quartz.jobStore.misfireThreshold", "3600000"));
    return properties;
  }

  @Override
  public void create() throws SQLException, SchedulerException {
    setup.execute(
        script(
            switch (setup.product()) {
              case POSTGRESQL -> "tables_postgres.sql";
              case MARIADB -> "tables_mysql_innodb.sql";
              case H2 -> "tables_h2.sql";
            }));
    scheduler().addJob(noOp, true);
    scheduler().addJob(stamped, true);
  }

  private static String script(String name) {
    try (InputStream in =
        requireNonNull(
            Scheduler.class.getResourceAsStream("/org/quartz/impl/jdbcjobstore/" + name))) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void fill(int runs) throws SchedulerException {
    for (int left = runs; left > 0; left -= BATCH) {
      Set<Trigger> triggers = new HashSet<>();
      for (int i = Math.min(left, BATCH); i > 0; i--) {
        triggers.add(TriggerBuilder.newTrigger().forJob(noOp).build());
      }
      scheduler().scheduleJobs(Map.of(noOp, triggers), true);
    }
  }

  @Override
  public void enqueue(long stamp) throws SchedulerException {
    Trigger trigger =
        TriggerBuilder.newTrigger().forJob(stamped).usingJobData("stamp", stamp).build();
    scheduler().scheduleJob(trigger);
  }

  @Override
  public void start(Tally newTally) throws SchedulerException {
    tally = newTally;
    scheduler().start();
  }

  /** Does nothing: it is never drained to the end. */
  @Override
  public void settle() {}

  @Override
  public synchronized void stop() throws SchedulerException {
    scheduler().standby();
    // shutdown interrupts its thread, and H2 closes a file whose writer is interrupted
    LockSupport.parkNanos(500_000_000);
    scheduler().shutdown(true);
    scheduler = null;
  }

  @Override
  public synchronized void close() {
    try {
      if (scheduler != null) {
        scheduler.shutdown();
      }
    } catch (SchedulerException e) {
      throw new IllegalStateException(e);
    }
  }
}
