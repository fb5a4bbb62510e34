// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin;

import static dev.belfry.admin.Desk.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.http.Response;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Target;
import dev.belfry.schedule.Schedule;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealthTest {
  private static final String[] KNOWN = {"authorization", "Bearer " + Desk.READ};

  @ParameterizedTest
  @ValueSource(strings = {"/health/live", "/health/ready", "/health/jobs"})
  void anybody_isToldTheStatusAlone(String path) {
    try (Desk desk = Desk.open(Desk.tokens(Admin.embedded()))) {
      assertThat(text(desk.get(path))).isEqualTo("{\"status\":\"up\"}");
      assertThat(text(desk.get(path, "authorization", "Bearer guess")))
          .isEqualTo("{\"status\":\"up\"}");
      Response head = desk.ask("HEAD", path, "");
      assertThat(head.status()).isEqualTo(200);
      assertThat(text(head)).isEmpty();
    }
  }

  @Test
  void known_areToldWhatWasLookedAt() {
    try (Desk desk = Desk.open(Desk.tokens(Admin.embedded()))) {
      assertThat(text(desk.get("/health/live", KNOWN)))
          .isEqualTo(
              "{\"status\":\"up\",\"checks\":[{\"name\":\"loop\",\"status\":\"up\","
                  + "\"output\":\"handles events\"}]}");
      assertThat(text(desk.get("/health/ready", KNOWN)))
          .matches(
              "\\{\"status\":\"up\",\"checks\":\\[\\{\"name\":\"loop\",\"status\":\"up\","
                  + "\"output\":\"handles events\"},\\{\"name\":\"store\",\"status\":\"up\","
                  + "\"output\":\"answers; lease of this node until 2026-03-01T[0-9:.]+Z\"}]}");
    }
  }

  @Test
  void ready_isDown_whileTheStoreIsAway_andIsAskedOnceASecond() {
    try (Desk desk = Desk.open(Desk.tokens(Admin.embedded()))) {
      assertThat(desk.get("/health/ready").status()).isEqualTo(200);
      desk.scheduler.faults().store().goDown();

      assertThat(desk.get("/health/ready").status()).isEqualTo(200); // as a moment ago
      desk.scheduler.advance(Duration.ofSeconds(2));
      Response down = desk.get("/health/ready", KNOWN);
      assertThat(down.status()).isEqualTo(503);
      assertThat(text(down))
          .endsWith(
              "{\"name\":\"store\",\"status\":\"down\",\"output\":\"does not answer, or this"
                  + " node has no lease\"}]}");
      assertThat(desk.get("/health/live").status()).isEqualTo(200);

      desk.scheduler.faults().store().comeBack();
      desk.scheduler.advance(Duration.ofMinutes(1));
      assertThat(desk.get("/health/ready").status()).isEqualTo(200);
    }
  }

  @Test
  void jobs_tellHowEachFares() {
    Job<Void> good =
        Job.named("good").schedule(Schedule.every(Duration.ofHours(1))).handler(ctx -> {});
    Job<Void> bad =
        Job.named("bad")
            .retry(RetryPolicy.none())
            .handler(
                ctx -> {
                  throw new IllegalStateException("no");
                });
    try (Desk desk = Desk.open(Desk.tokens(Admin.embedded()), good, bad)) {
      desk.scheduler.client().enqueue(bad);
      desk.scheduler.advance(Duration.ofMinutes(90));

      assertThat(text(desk.get("/health/jobs", KNOWN)))
          .isEqualTo(
              "{\"status\":\"up\",\"startedAt\":\"2026-03-01T12:00:00Z\",\"uptime\":\"PT1H30M\","
                  + "\"jobs\":[{\"job\":\"good\",\"lastRun\":\"2026-03-01T13:00:00Z\","
                  + "\"lastSuccess\":\"2026-03-01T13:00:00Z\",\"completed\":\"1\","
                  + "\"failed\":\"0\",\"nextRun\":\"2026-03-01T14:00:00Z\",\"critical\":false,"
                  + "\"overdue\":false},{\"job\":\"bad\","
                  + "\"lastRun\":\"2026-03-01T12:00:00Z\",\"completed\":\"0\",\"failed\":\"1\","
                  + "\"critical\":false,\"overdue\":false}]}");
      assertThat(text(desk.get("/health/jobs", "authorization", "Bearer " + Desk.CONFINED)))
          .endsWith("\"jobs\":[]}");
    }
  }

  @Test
  void jobs_are503_whenACriticalOneIsOverdue_unlessItIsPaused() {
    Job<Void> stuck =
        Job.named("stuck").schedule(Schedule.every(Duration.ofHours(1))).handler(ctx -> {});
    try (Desk desk = Desk.open(Desk.tokens(Admin.embedded()).critical(stuck), stuck)) {
      pauseForTwoHours(desk);
      assertThat(desk.get("/health/jobs").status()).isEqualTo(200);
    }
    try (Desk desk = Desk.open(Desk.tokens(Admin.embedded()).critical(stuck), stuck)) {
      pauseForTwoHours(desk);
      desk.scheduler
          .client()
          .resume(Target.queue("default"), "emma"); // and nothing drives the node
      assertThat(text(desk.get("/health/jobs"))).isEqualTo("{\"status\":\"overdue\"}");
      assertThat(desk.get("/health/jobs").status()).isEqualTo(503);
    }
    try (Desk desk = Desk.open(Desk.tokens(Admin.embedded()), stuck)) {
      pauseForTwoHours(desk);
      desk.scheduler.client().resume(Target.queue("default"), "emma");
      assertThat(desk.get("/health/jobs").status()).isEqualTo(200);
      assertThat(text(desk.get("/health/jobs", KNOWN))).contains("\"overdue\":true");
    }
  }

  private static void pauseForTwoHours(Desk desk) {
    desk.scheduler.client().pause(Target.queue("default"), "emma");
    desk.scheduler.advance(Duration.ofHours(2));
  }
}
