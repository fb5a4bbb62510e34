// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.docs;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Alert;
import dev.belfry.AlertRule;
import dev.belfry.Alerts;
import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Status;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.JobStore;
import dev.belfry.testkit.VirtualTime;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code in the pages on alerts and explanations. */
class AlertsTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private final VirtualTime time = VirtualTime.from(Instant.parse("2026-03-02T08:00:00Z"), 7);

  /** Where alerts go in this test. */
  private static final class Chat {
    private final List<String> posts = new ArrayList<>();

    void post(Alert alert) {
      posts.add(alert.sentence());
    }
  }

  @Test
  void alerts_areToldOnce() {
    var chat = new Chat();
    var store = JobStore.inMemory(time.clock());
    Job<Void> report =
        Job.named("report")
            .schedule(Schedule.every(ofHours(1)))
            .alert(AlertRule.consecutiveFailures(3), AlertRule.longerThan(ofSeconds(45)))
            .alert(AlertRule.notFinishedBy(Schedule.daily(LocalTime.of(6, 0), BERLIN)))
            .retry(RetryPolicy.none())
            .handler(
                ctx -> {
                  throw new IOException("no disk");
                });

    try (Scheduler scheduler =
        Scheduler.builder()
            .store(store)
            .host(time.newHost())
            .register(report)
            .alert(AlertRule.failure(Status.TIMED_OUT), AlertRule.unserved())
            .alert(AlertRule.nodeLost())
            .onAlert(alert -> chat.post(alert))
            .start()) {
      Instant now = time.now();
      Alerts alerts = scheduler.alerts();
      alerts.silence(Alerts.Silence.until(now.plus(ofHours(2)), "ann").ofJob(report));
      alerts.unsilence(alerts.silences().get(0));
      time.advance(ofHours(9));
      List<Alert> open = alerts.open();
      assertThat(open).extracting(Alert::sentence).isEqualTo(chat.posts);
    }

    assertThat(chat.posts).singleElement().asString().startsWith("job report: 3 runs in a row");
  }

  @Test
  void explanations() {
    Job<Void> report =
        Job.named("report")
            .schedule(Schedule.daily(LocalTime.of(9, 0)))
            .handler(ctx -> ctx.log("done"));
    try (Scheduler scheduler =
        Scheduler.builder()
            .store(JobStore.inMemory(time.clock()))
            .host(time.newHost())
            .register(report)
            .start()) {
      RunHandle handle = scheduler.enqueue(report);
      time.advance(ofMinutes(1));
      String run = scheduler.explain(handle.id());
      String job = scheduler.explainJob("report");
      String schedule = scheduler.explainSchedule("report");
      String atNine = scheduler.explainSchedule("report", Instant.parse("2026-03-02T09:00:00Z"));

      assertThat(run).endsWith("COMPLETED");
      assertThat(job).contains("fires next at");
      assertThat(schedule).contains("fires next at");
      assertThat(atNine).contains("tick at 2026-03-02T09:00:00Z");
    }
  }
}
