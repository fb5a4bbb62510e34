// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.AlertRule;
import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.MapOptions;
import dev.belfry.ResultJob;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Counters;
import dev.belfry.run.Run;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import dev.belfry.run.TypeRef;
import dev.belfry.schedule.Schedule;
import dev.belfry.testkit.VirtualTime.VirtualHost;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Functions as applications have them, over the days and months that they are made for. */
class ApplicationFunctionsTest {
  record ReportWanted(String organization, String type) {}

  private static final EventType<ReportWanted> REPORT_WANTED =
      EventType.of("report/generate", ReportWanted.class);
  private static final int USERS = 5_000;

  private final World world = new World(Instant.parse("2026-03-02T08:00:00Z"));
  private final List<String> done = new ArrayList<>();

  private void send(String mail) {
    done.add(mail);
  }

  /** Three retries, so four attempts; what was done before a failure is not done again. */
  private ResultJob<ReportWanted, String> reports(int failures) {
    return Job.named("generate-report", ReportWanted.class)
        .onEvent(REPORT_WANTED)
        .retry(RetryPolicy.exponential(Duration.ofSeconds(10)).withMaxAttempts(4))
        .returning(
            String.class,
            (ctx, wanted) -> {
              String data =
                  ctx.step(
                      "fetch-data",
                      String.class,
                      () -> {
                        send("fetch");
                        return wanted.organization() + "/" + wanted.type();
                      });
              String url =
                  ctx.step(
                      "generate-pdf",
                      String.class,
                      () -> {
                        send("pdf");
                        if (ctx.attempt() <= failures) {
                          throw new IOException("no fonts");
                        }
                        return "https://files.example/" + data + ".pdf";
                      });
              ctx.step("notify-user", () -> send("report-ready " + url));
              return url;
            });
  }

  @Test
  void report_isRetriedThreeTimes_andItsLinkIsTheResult() {
    ResultJob<ReportWanted, String> job = reports(3);
    try (Scheduler scheduler = world.start(job)) {
      scheduler.send(REPORT_WANTED, new ReportWanted("acme", "monthly-summary"));
      world.time.advance(Duration.ofMinutes(30));

      assertThat(done)
          .containsExactly(
              "fetch",
              "pdf",
              "pdf",
              "pdf",
              "pdf",
              "report-ready https://files.example/acme/monthly-summary.pdf");
      assertThat(world.store.runs(RunQuery.all()).items())
          .singleElement()
          .satisfies(
              record ->
                  assertThat(new String(record.result().orElseThrow().bytes(), UTF_8))
                      .isEqualTo("\"https://files.example/acme/monthly-summary.pdf\""));
    }
  }

  @Test
  void reportThatFailsFourTimes_hasFailed_andNobodyIsTold() {
    ResultJob<ReportWanted, String> job = reports(4);
    try (Scheduler scheduler = world.start(job)) {
      RunHandle handle = scheduler.enqueue(job, new ReportWanted("acme", "monthly-summary"));
      world.time.advance(Duration.ofMinutes(30));

      assertThat(done).containsExactly("fetch", "pdf", "pdf", "pdf", "pdf");
      assertThat(world.run(handle.id()).status()).isEqualTo(Status.FAILED);
    }
  }

  /** At nine each day; the first node dies among the mails, the second sends the others. */
  @Test
  void dailyReports_areSentToEachOf5000Users_alsoIfANodeDiesAmongThem() {
    Job<Void> daily =
        Job.named("send-daily-reports")
            .schedule(Schedule.cron("0 9 * * *", ZoneOffset.UTC))
            .handler(
                ctx -> {
                  List<Integer> users =
                      ctx.step(
                          "users",
                          new TypeRef<List<Integer>>() {},
                          () -> IntStream.range(0, USERS).boxed().toList());
                  ctx.map(
                      "report",
                      users,
                      String.class,
                      MapOptions.keyedBy(user -> "user-" + user),
                      user -> {
                        send("report " + user);
                        if (done.size() == USERS / 2) {
                          world.time.pause(); // and never goes on
                        }
                        return "sent";
                      });
                });
    VirtualHost first = world.time.newHost();
    world.builder(first, daily).start();
    world.time.advance(Duration.ofMinutes(61));
    assertThat(done).hasSize(USERS / 2);
    first.kill();

    try (Scheduler second = world.start(daily)) {
      world.time.advance(Duration.ofHours(1));
    }

    assertThat(done).as("the one that was under way came twice").hasSize(USERS + 1);
    assertThat(done).containsAll(IntStream.range(0, USERS).mapToObj(i -> "report " + i).toList());
    Run run = world.store.runs(RunQuery.all()).items().get(0).run();
    assertThat(run.status()).isEqualTo(Status.COMPLETED);
    assertThat(run.counters()).isEqualTo(new Counters(USERS, 0));
  }

  @Test
  void invoices_areMadeOnTheFirstOfTheMonthInTheCustomersZone_oneByOne() {
    ZoneId zone = ZoneId.of("Asia/Kolkata");
    Job<Void> invoices =
        Job.named("monthly-invoices")
            .schedule(Schedule.monthly(1, LocalTime.MIDNIGHT, zone))
            .retry(RetryPolicy.fixed(Duration.ofMinutes(1)))
            .handler(
                ctx -> {
                  List<String> subscriptions =
                      ctx.step(
                          "get-subscriptions",
                          new TypeRef<List<String>>() {},
                          () -> List.of("basic", "pro"));
                  for (String each : subscriptions) {
                    ctx.step(
                        "invoice-" + each,
                        () ->
                            send(each + " at " + world.time.now().atZone(zone).toLocalDateTime()));
                    if (ctx.attempt() == 1) {
                      throw new IOException("the bank is closed");
                    }
                  }
                });
    try (Scheduler scheduler = world.start(invoices)) {
      world.time.advance(Duration.ofDays(61));
    }

    assertThat(done)
        .containsExactly(
            "basic at 2026-04-01T00:00",
            "pro at 2026-04-01T00:01",
            "basic at 2026-05-01T00:00",
            "pro at 2026-05-01T00:01");
  }

  @Test
  void healthCheck_everyFiveMinutes_isAlertedOfOnceForEachLoss_andOfItsEnd() {
    var alive = new TreeMap<>(Map.of("database", true, "payment", true, "redis", true));
    Job<Void> check =
        Job.named("health-check")
            .schedule(Schedule.cron("*/5 * * * *", ZoneOffset.UTC))
            .retry(RetryPolicy.none())
            .alert(AlertRule.failure(IllegalStateException.class))
            .handler(
                ctx -> {
                  List<String> lost =
                      ctx.step(
                          "run-checks",
                          new TypeRef<List<String>>() {},
                          () -> alive.keySet().stream().filter(name -> !alive.get(name)).toList());
                  if (!lost.isEmpty()) {
                    throw new IllegalStateException("lost " + lost);
                  }
                });
    try (Scheduler scheduler =
        world
            .builder(world.time.newHost(), check)
            .onAlert(alert -> send(alert.sentence()))
            .start()) {
      world.time.advance(Duration.ofMinutes(7));
      alive.put("redis", false);
      alive.put("payment", false);
      world.time.advance(Duration.ofMinutes(10));
      alive.put("redis", true);
      alive.put("payment", true);
      world.time.advance(Duration.ofMinutes(10));
      assertThat(scheduler.alerts().open()).isEmpty();
    }

    String lost =
        "job health-check ended FAILED, run "
            + world.runsOf("health-check").get(1).id()
            + ", at 2026-03-02T08:10:00Z: java.lang.IllegalStateException: lost [payment, redis]";
    assertThat(done).containsExactly(lost, "recovered at 2026-03-02T08:20:00Z: " + lost);
  }
}
