// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.pages;

import com.zaxxer.hikari.HikariDataSource;
import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.admin.Admin;
import dev.belfry.http.Scope;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.schedule.Schedule;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Prints how long pages and lists take on PostgreSQL over a history of many runs, asked over HTTP,
 * and how often PostgreSQL has read the whole history meanwhile, which is to be never. A page is
 * asked once in a while, so that no answer that was kept is measured.
 *
 * <p>Takes the number of ended runs and of requests to each page; default: 1000000 15.
 */
final class PageCost {
  private static final int JOBS = 50;
  private static final Duration KEPT = Duration.ofMillis(1_100); // by whoever answers
  private static final String TOKEN = "a token of a benchmark, which guards nothing";
  private static final List<String> PAGES =
      List.of(
          "/",
          "/?span=day",
          "/?span=quarter",
          "/runs",
          "/runs?state=FAILED",
          "/runs?job=job-7&state=COMPLETED",
          "/jobs",
          "/jobs/job-7",
          "/schedules",
          "/queues",
          "/api/v1/runs?limit=50",
          "/api/v1/jobs",
          "/api/v1/overview",
          "/health/ready");

  private final DataSource database;

  private PageCost(DataSource database) {
    this.database = database;
  }

  public static void main(String[] args) throws Exception {
    int runs = args.length == 0 ? 1_000_000 : Integer.parseInt(args[0]);
    int requests = args.length < 2 ? 15 : Integer.parseInt(args[1]);
    try (EmbeddedPostgres server = EmbeddedPostgres.start();
        var pool = new HikariDataSource()) {
      pool.setDataSource(server.getPostgresDatabase());
      pool.setMaximumPoolSize(10);
      new PageCost(pool).measure(runs, requests);
    }
  }

  private void measure(int runs, int requests) throws Exception {
    Admin admin = Admin.on(0).token("bench", TOKEN, Scope.ADMIN).dashboard();
    List<Job<@Nullable Void>> jobs = IntStream.range(0, JOBS).mapToObj(PageCost::job).toList();
    try (Scheduler scheduler =
        Scheduler.builder()
            .store(JdbcJobStore.using(database))
            .register(jobs.toArray(new Job<?>[0]))
            .with(admin)
            .start()) {
      for (Job<@Nullable Void> job : jobs) {
        scheduler.enqueue(job).await(Duration.ofSeconds(10));
      }
      fill(runs);
      URI root = URI.create("http://127.0.0.1:" + admin.address().orElseThrow().getPort());
      long before = wholeReads();
      System.out.printf("%,d ended runs of %d jobs; milliseconds%n", runs, JOBS);
      for (String page : PAGES) {
        time(root.resolve(page), requests);
      }
      System.out.printf("the whole history was read %d times%n", wholeReads() - before);
    }
  }

  private static Job<@Nullable Void> job(int i) {
    return Job.named("job-" + i)
        .retry(RetryPolicy.none())
        .schedule(Schedule.every(Duration.ofDays(1)))
        .handler(
            ctx -> {
              if (i % 10 == 9) {
                throw new IllegalStateException("this one fails");
              }
            });
  }

  /** Copies what has ended, over the last ninety days. */
  private void fill(int runs) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      List<String> columns = columns(statement, "belfry_history");
      String copied =
          String.join(
              ", ",
              columns.stream()
                  .map(
                      column ->
                          switch (column) {
                            case "run" -> "gen_random_uuid()";
                            case "started_at", "ended_at", "created_at" ->
                                column + " - interval '90 days' * random()";
                            default -> column;
                          })
                  .toList());
      statement.execute(
          "insert into belfry_history (%s) select %s from belfry_history, generate_series(1, %d)"
              .formatted(String.join(", ", columns), copied, runs / JOBS));
      statement.execute(
          "insert into belfry_rollup select 'job-' || job,"
              + " date_trunc('minute', now()) - minute * interval '1 minute',"
              + " gen_random_uuid(), 1, 0, 0, 0, 0, 1000000, 1000000"
              + " from generate_series(0, "
              + (JOBS - 1)
              + ") job, generate_series(1, 90 * 24 * 60, 7) minute");
      statement.execute("analyze");
    }
  }

  private static List<String> columns(Statement statement, String table) throws SQLException {
    try (ResultSet found =
        statement.executeQuery(
            "select string_agg(column_name, ',' order by ordinal_position)"
                + " from information_schema.columns where table_name = '"
                + table
                + "'")) {
      found.next();
      return List.of(found.getString(1).split(",", -1));
    }
  }

  private long wholeReads() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "select seq_scan from pg_stat_user_tables where relname = 'belfry_history'")) {
      found.next();
      return found.getLong(1);
    }
  }

  private static void time(URI page, int requests) throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest request =
        HttpRequest.newBuilder(page)
            .header("Authorization", "Bearer " + TOKEN)
            .header("Accept", "text/html,application/json")
            .build();
    long[] took = new long[requests];
    int bytes = 0;
    for (int i = -2; i < requests; i++) {
      Thread.sleep(KEPT.toMillis());
      long start = System.nanoTime();
      HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(page + " answered " + answer.statusCode());
      }
      bytes = answer.body().length;
      if (i >= 0) {
        took[i] = System.nanoTime() - start;
      }
    }
    Arrays.sort(took);
    String address = page.getRawPath() + (page.getRawQuery() == null ? "" : "?" + page.getQuery());
    System.out.printf(
        "%-34s median %6.1f, most %6.1f; %,d bytes%n",
        address, took[requests / 2] / 1e6, took[requests - 1] / 1e6, bytes);
  }
}
