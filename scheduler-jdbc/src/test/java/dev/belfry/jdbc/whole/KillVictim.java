// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import dev.belfry.Job;
import dev.belfry.JobContext;
import dev.belfry.Scheduler;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.retry.RetryPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The process that {@link KillTest} kills: works on what it finds and enqueues more, on one H2
 * file. Prints what it found, then each run whose enqueue has returned.
 */
final class KillVictim {
  private static final Duration WORK = Duration.ofMillis(8);
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private KillVictim() {}

  /** Takes the database, the file of effects, and how many runs to enqueue. */
  public static void main(String[] arguments) throws Exception {
    Child.dieWithParent();
    Path database = Path.of(arguments[0]);
    System.out.println("main");
    System.out.println(inFlight(database));
    JdbcJobStore store = JdbcJobStore.embedded(database);
    Job<Integer> job = job(Path.of(arguments[1]));
    Scheduler scheduler = Scheduler.builder().store(store).workers(4).register(job).start();
    System.out.println("started");
    for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
      System.out.println("ack " + scheduler.enqueue(job, i).id());
    }
    System.out.println("enqueued");
    scheduler.awaitShutdown(); // it comes otherwise
  }

  /** Returns the job; its effects are lines of run and fence. */
  static Job<Integer> job(Path effects) {
    return Job.named("work", Integer.class)
        .retry(RetryPolicy.defaults().withMaxAttempts(1_000)) // a kill is not the run's fault
        .handler((ctx, number) -> work(ctx, effects));
  }

  private static void work(JobContext context, Path effects) throws InterruptedException {
    NEVER.await(WORK.toMillis(), TimeUnit.MILLISECONDS);
    try {
      Files.writeString(
          effects, context.runId() + " " + context.fence() + "\n", UTF_8, CREATE, APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns how many runs were running, and how many had not ended, when the last process died. */
  private static String inFlight(Path database) throws SQLException {
    String counts = "select count(*) filter (where state = 1), count(*) from belfry_run";
    try (Connection connection = DriverManager.getConnection("jdbc:h2:file:" + database);
        Statement statement = connection.createStatement()) {
      try (ResultSet tables = connection.getMetaData().getTables(null, null, "BELFRY_RUN", null)) {
        if (!tables.next()) {
          return "found 0 0";
        }
      }
      try (ResultSet row = statement.executeQuery(counts)) {
        row.next();
        return "found " + row.getInt(1) + " " + row.getInt(2);
      }
    }
  }
}
