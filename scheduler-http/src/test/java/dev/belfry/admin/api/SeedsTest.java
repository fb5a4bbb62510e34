// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.admin.api.ApiStage.Answer;
import dev.belfry.http.Headers;
import dev.belfry.http.Principal;
import dev.belfry.http.Scope;
import dev.belfry.retry.RetryPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What applications with schedules of their own offer over HTTP, by the routes of docs/api.md. */
class SeedsTest {
  record Project(String projectId) {}

  private static final Job<Project> GENERATE =
      Job.named("generate-content", Project.class)
          .retry(RetryPolicy.none())
          .handler(
              (ctx, project) -> {
                ctx.items(2, 1);
                if (project.projectId().equals("broken")) {
                  throw new IllegalStateException("no repository");
                }
              });

  private static final Job<Void> CLEANUP =
      Job.named("audit-cleanup").handler(ctx -> ctx.items(90, 0));

  private static final String DAILY_AT_9 =
      "{\"id\":\"cron_abc123\",\"job\":\"generate-content\",\"definition\":\"0 9 * * *\","
          + "\"zone\":\"UTC\",\"input\":{\"projectId\":\"clxxx123\"},"
          + "\"tags\":[\"project=clxxx123\"]}";

  private final ApiStage stage = new ApiStage(GENERATE, CLEANUP);

  @AfterEach
  void close() {
    stage.close();
  }

  @Test // POST /api/cron/schedule
  void create() {
    Answer made = stage.post("/schedules", DAILY_AT_9);

    assertThat(made.status()).isEqualTo(201);
    assertThat(made.at("/nextAt")).isEqualTo("2026-03-03T09:00:00Z");
    assertThat(made.at("/state")).isEqualTo("ACTIVE");
  }

  @ParameterizedTest // frequency and timeConfig
  @CsvSource(
      delimiter = '>',
      value = {
        "30 10 * * 1 > Europe/London > 2026-03-09T10:30:00Z", // WEEKLY, dayOfWeek 1
        "0 14 * * * > Europe/London > 2026-03-02T14:00:00Z", // DAILY
        "0 9 * * * > America/New_York > 2026-03-02T14:00:00Z",
        "monthly 31 10:30 UTC > '' > 2026-03-31T10:30:00Z", // MONTHLY, handles the ends of months
      })
  void change(String definition, String zone, String next) {
    stage.post("/schedules", DAILY_AT_9);
    String body =
        "{\"definition\":\""
            + definition
            + "\""
            + (zone.isEmpty() ? "" : ",\"zone\":\"" + zone + "\"")
            + "}";

    Answer changed =
        stage.send("PATCH", "/schedules/cron_abc123", ApiStage.json().with("If-Match", "*"), body);

    assertThat(changed.at("/nextAt")).isEqualTo(next);
  }

  @Test // GET /api/cron/schedules: those of the user
  void list() {
    stage.post("/schedules", DAILY_AT_9);
    stage.post("/schedules", DAILY_AT_9.replace("abc123", "other").replace("clxxx123", "p2"));
    stage.as(Principal.of("user", Scope.ADMIN).confinedTo("project=clxxx123"));

    assertThat(stage.get("/schedules").json().path("items").findValuesAsText("id"))
        .containsExactly("cron_abc123");
  }

  @Test // DELETE /api/cron/schedules/[id]
  void delete() {
    stage.post("/schedules", DAILY_AT_9);

    Headers any = Headers.none().with("If-Match", "*");
    assertThat(stage.send("DELETE", "/schedules/cron_abc123", any, "").status()).isEqualTo(204);
  }

  @Test // PATCH /api/cron/schedules/[id] with isEnabled
  void toggle() {
    stage.post("/schedules", DAILY_AT_9);

    assertThat(stage.post("/schedules/cron_abc123/pause").at("/state")).isEqualTo("PAUSED");
    assertThat(stage.post("/schedules/cron_abc123/resume").at("/state")).isEqualTo("ACTIVE");
  }

  @Test // POST /api/cron/trigger
  void trigger() {
    stage.post("/schedules", DAILY_AT_9);

    Answer started = stage.post("/schedules/cron_abc123/trigger");
    stage.time.runDue();

    Answer run = stage.get("/runs/" + started.at("/runId"));
    assertThat(run.at("/run/status")).isEqualTo("COMPLETED");
    assertThat(run.at("/run/trigger/actor")).isEqualTo("ada");
    assertThat(run.at("/input/json/projectId")).isEqualTo("clxxx123");
  }

  @Test // GET /api/cron/executions?jobId=&limit=&stats=true
  void executions_withStatistics() {
    stage.post("/schedules", DAILY_AT_9);
    stage.post(
        "/schedules", DAILY_AT_9.replace("cron_abc123", "bad").replace("clxxx123", "broken"));
    stage.time.advance(Duration.ofDays(1));

    Answer good = stage.get("/runs?schedule=cron_abc123&limit=50");
    Answer bad = stage.get("/runs?schedule=bad&limit=50");
    Answer statistics = stage.get("/jobs/generate-content/statistics");

    assertThat(good.json().path("items")).hasSize(1);
    assertThat(
            List.of("status", "itemsProcessed", "itemsSucceeded", "itemsFailed").stream()
                .map(name -> good.at("/items/0/" + name))
                .toList())
        .containsExactly("COMPLETED", "3", "2", "1"); // partial success is COMPLETED
    assertThat(good.at("/items/0/startedAt")).startsWith("2026-03-03T09:00:00");
    assertThat(good.at("/items/0/durationMs")).matches("\\d+");
    assertThat(bad.at("/items/0/status")).isEqualTo("FAILED");
    assertThat(bad.at("/items/0/failure/message")).isEqualTo("no repository");
    assertThat(statistics.at("/total")).isEqualTo("2");
    assertThat(statistics.at("/completed")).isEqualTo("1");
    assertThat(statistics.at("/failed")).isEqualTo("1");
    assertThat(statistics.at("/successRate")).isEqualTo("0.5");
    assertThat(statistics.at("/meanDurationMs")).matches("\\d+");
    assertThat(statistics.json().path("lastRuns")).hasSize(2);
  }

  @Test // POST /api/cron/cleanup and /api/admin/jobs/[id]/trigger
  void cleanup_runNow() {
    stage.as(Principal.of("cron", Scope.OPERATE));

    Answer started = stage.post("/jobs/audit-cleanup/enqueue");
    stage.time.runDue();

    assertThat(started.status()).isEqualTo(201);
    assertThat(stage.get("/runs/" + started.at("/runId")).at("/run/itemsProcessed"))
        .isEqualTo("90");
  }
}
