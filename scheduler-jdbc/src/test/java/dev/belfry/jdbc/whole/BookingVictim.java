// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import com.zaxxer.hikari.HikariDataSource;
import dev.belfry.Job;
import dev.belfry.JobContext;
import dev.belfry.Scheduler;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.jdbc.Proxies;
import dev.belfry.retry.RetryPolicy;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;

/**
 * The process that {@link BookingKillTest} kills: books each run in a table of the application, in
 * a transaction of its handler. Prints each run whose enqueue has returned.
 */
final class BookingVictim {
  private static final Duration LEASE = Duration.ofMillis(900);
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private BookingVictim() {}

  /** Takes the URL of the database, where to stop for ever, and how many runs to enqueue. */
  public static void main(String[] arguments) throws Exception {
    Child.dieWithParent();
    String stop = arguments[1];
    DataSource pool = stopping(pool(arguments[0]), stop);
    Job<Integer> job = job(() -> {});
    Scheduler scheduler = start(pool, job);
    System.out.println("started");
    for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
      System.out.println("ack " + scheduler.enqueue(job, i).id());
    }
    scheduler.awaitShutdown(); // it comes otherwise
  }

  static HikariDataSource pool(String url) {
    var pool = new HikariDataSource();
    pool.setJdbcUrl(url);
    pool.setMaximumPoolSize(6);
    return pool;
  }

  static Scheduler start(DataSource pool, Job<?> job) {
    return Scheduler.builder()
        .store(JdbcJobStore.using(pool))
        .lease(LEASE)
        .pollInterval(Duration.ofMillis(200))
        .workers(4)
        .register(job)
        .start();
  }

  /** Returns the job: each run is one row, whose number is the value that is remembered. */
  static Job<Integer> job(Runnable onBody) {
    return Job.named("book", Integer.class)
        .retry(RetryPolicy.fixed(Duration.ofMillis(1)).withMaxAttempts(1_000))
        .handler((ctx, number) -> book(ctx, number, onBody));
  }

  private static void book(JobContext ctx, int number, Runnable onBody) throws Exception {
    int booked =
        ctx.transaction(
            "book",
            Integer.class,
            Connection.class,
            connection -> {
              onBody.run();
              insert(connection, ctx, number);
              return number;
            });
    if (booked != number) {
      throw new AssertionError("booked " + booked + ", not " + number);
    }
    if (ctx.attempt() == 1 && number % 3 == 0) {
      throw new IOException("a failure after the transaction");
    }
  }

  private static void insert(Connection connection, JobContext ctx, int number)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("insert into bookings (run, number, fence) values (?, ?, ?)")) {
      insert.setString(1, ctx.runId().toString());
      insert.setInt(2, number);
      insert.setLong(3, ctx.fence());
      insert.executeUpdate();
    }
  }

  /** Returns a pool on which the commit of a booking stops for ever, before it or after it. */
  private static DataSource stopping(DataSource pool, String stop) {
    return Proxies.around(pool, connection -> stopping(connection, stop));
  }

  private static Connection stopping(Connection connection, String stop) {
    var booked = new boolean[1];
    return Proxies.of(
        Connection.class,
        (method, arguments) -> {
          if (method.getName().equals("prepareStatement")
              && arguments[0].toString().startsWith("insert into belfry_memo")) {
            booked[0] = true;
          }
          boolean commit = booked[0] && method.getName().equals("commit");
          stopIf(commit && stop.equals("before"));
          Object answer = Proxies.pass(connection, method, arguments);
          stopIf(commit && stop.equals("after"));
          return answer;
        });
  }

  private static void stopIf(boolean here) throws InterruptedException {
    if (here) {
      System.out.println("stopped");
      NEVER.await();
    }
  }
}
