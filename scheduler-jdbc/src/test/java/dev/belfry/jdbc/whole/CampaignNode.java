// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerEvent;
import dev.belfry.host.Host;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.RunQuery;
import dev.belfry.schedule.CatchUp;
import dev.belfry.schedule.Overlap;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/** A process with a node of a {@link Campaign}. Prints that it has started, then some events. */
final class CampaignNode {
  static final String WORK = "work";
  static final String PULSE = "pulse";
  static final Schedule EACH_SECOND =
      Schedule.every(Duration.ofSeconds(1))
          .withOverlap(Overlap.ALLOW)
          .withCatchUp(CatchUp.all(1_000, Duration.ofHours(1)));

  private CampaignNode() {}

  /**
   * Takes name, URL, size of the pool, file of effects, lease, threads that read beside, skew, and
   * how long the longest body takes.
   */
  public static void main(String[] arguments) throws Exception {
    Child.dieWithParent();
    String name = arguments[0];
    DataSource pool = pool(arguments[1], Integer.parseInt(arguments[2]));
    Path effects = Path.of(arguments[3]);
    Scheduler scheduler =
        Scheduler.builder()
            .name(name)
            .store(JdbcJobStore.using(pool))
            .host(SkewedHost.of(Host.threads(name, false), Duration.parse(arguments[6])))
            .lease(Duration.parse(arguments[4]))
            .register(work(effects, Duration.parse(arguments[7])), pulse())
            .listener(event -> print(name, event))
            .start();
    System.out.println("started");
    for (int i = 0; i < Integer.parseInt(arguments[5]); i++) {
      var thread = new Thread(() -> readForEver(scheduler), "reads " + i);
      thread.setDaemon(true);
      thread.start();
    }
    scheduler.awaitShutdown(); // it comes otherwise
  }

  static DataSource pool(String url, int size) {
    var config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(size);
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }

  private static void print(String name, SchedulerEvent event) {
    if (event instanceof SchedulerEvent.StoreLost lost) {
      System.out.println(name + ": store lost, " + lost.cause().getMessage());
    } else if (event instanceof SchedulerEvent.StoreBack
        || event instanceof SchedulerEvent.NodeRejoined
        || event instanceof SchedulerEvent.OutcomeRefused
        || event instanceof SchedulerEvent.RunsRecovered) {
      System.out.println(name + ": " + event);
    }
  }

  /** Each tenth run fails at its first attempt. Its effect is a line of run and fence. */
  private static Job<Integer> work(Path effects, Duration longest) {
    return Job.named(WORK, Integer.class)
        .retry(
            RetryPolicy.fixed(Duration.ofMillis(100))
                .withMaxAttempts(1_000)) // what is done to nodes is not the run's fault
        .handler(
            (ctx, number) -> {
              write(effects, ctx.runId() + " " + ctx.fence() + "\n");
              LockSupport.parkNanos(longest.multipliedBy(number % 10).dividedBy(10).toNanos());
              if (number % 10 == 0 && ctx.attempt() == 1) {
                throw new IllegalStateException("planned");
              }
            });
  }

  private static Job<Void> pulse() {
    return Job.named(PULSE)
        .schedule(EACH_SECOND)
        .retry(RetryPolicy.defaults().withMaxAttempts(1_000))
        .handler(ctx -> {});
  }

  private static void readForEver(Scheduler scheduler) {
    while (true) {
      try {
        scheduler.runs(RunQuery.ofJob(WORK).limit(10));
      } catch (StoreException planned) {
        // the next one may do
      }
    }
  }

  private static void write(Path file, String line) {
    try {
      Files.writeString(file, line, UTF_8, CREATE, APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
