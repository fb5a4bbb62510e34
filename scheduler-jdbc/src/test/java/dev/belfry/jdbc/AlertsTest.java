// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Alert;
import dev.belfry.AlertRule;
import dev.belfry.Alerts;
import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.RunQuery;
import dev.belfry.schedule.Schedule;
import dev.belfry.testkit.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two nodes tell of what their rules find once, on each product, whatever node finds it. */
class AlertsTest extends DatabaseTest {
  private static final Schedule HOURLY = Schedule.every(Duration.ofHours(1));

  private final VirtualTime time = VirtualTime.from(START, 7);
  private final List<Alert> alerts = new ArrayList<>();

  private final Job<String> job =
      Job.named("work", String.class)
          .retry(RetryPolicy.none())
          .alert(
              AlertRule.consecutiveFailures(3),
              AlertRule.longerThan(Duration.ofSeconds(45)),
              AlertRule.partialSuccess(),
              AlertRule.notStartedBy(HOURLY),
              AlertRule.notFinishedBy(HOURLY))
          .handler(
              (ctx, input) -> {
                switch (input) {
                  case "disk" -> throw new IOException("no disk");
                  case "long" -> time.pause();
                  case "partly" -> ctx.items(7, 3);
                  default -> {}
                }
              });

  private final Job<Void> tick =
      Job.named("tick").schedule(HOURLY).alert(AlertRule.missedTicks()).handler(ctx -> {});

  private Scheduler start() {
    return Scheduler.builder()
        .store(JdbcJobStore.using(pool).withTime(time.clock()))
        .host(time.newHost())
        .register(job, tick)
        .onAlert(alerts::add)
        .pollInterval(Duration.ofMinutes(1)) // idle nodes shall ask little of a real database
        .lease(Duration.ofMinutes(10))
        .start();
  }

  @Test
  void whatRulesFind_isToldOnce_andSoIsItsEnd() {
    start().close();
    time.advance(Duration.ofHours(5));
    try (Scheduler first = start();
        Scheduler second = start()) {
      time.advance(Duration.ofMinutes(1)); // past the deadline of the hour
      run(first, "fine");
      time.advance(Duration.ofHours(1));
      run(first, "disk", "disk");
      run(second, "disk", "disk", "partly", "fine");
      first.enqueue(job, "long");
      time.advance(Duration.ofMinutes(1));
      time.resumeAll();
      run(second, "fine");
      assertThat(first.alerts().open()).isEmpty();
      first.alerts().silence(Alerts.Silence.until(time.now().plus(Duration.ofDays(1)), "ann"));
      time.advance(Duration.ofHours(3));
      assertThat(second.alerts().silences()).hasSize(1);
      first.alerts().unsilence(second.alerts().silences().get(0));
      time.advance(Duration.ofMinutes(5));
      run(second, "fine");
      assertThat(first.runs(RunQuery.ofJob(Alerts.JOB)).items()).hasSize(alerts.size());
    }

    assertThat(alerts)
        .extracting(alert -> (alert.recovered() ? "end of " : "") + alert.rule())
        .containsExactlyInAnyOrder(
            "missed:ticks",
            "end of missed:ticks",
            "consecutive-failures:3",
            "end of consecutive-failures:3",
            "partial:success",
            "end of partial:success",
            "longer-than:PT45S",
            "end of longer-than:PT45S",
            "not-started-by:" + HOURLY,
            "end of not-started-by:" + HOURLY,
            "not-finished-by:" + HOURLY,
            "end of not-finished-by:" + HOURLY);
  }

  private void run(Scheduler scheduler, String... inputs) {
    for (String input : inputs) {
      scheduler.enqueue(job, input);
      time.advance(Duration.ofMinutes(1));
    }
  }
}
