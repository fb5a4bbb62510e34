// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.admin.api.ApiStage.Answer;
import dev.belfry.http.Principal;
import dev.belfry.http.Scope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobRoutesTest {
  private static final String MAIL = "/jobs/mail%2Fsend";
  private static final String TO_BO = "{\"input\":{\"to\":\"bo\",\"password\":\"pw\"}}";

  private final ApiStage stage = Work.stage();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void list_hasEachJob() {
    Answer answer = stage.get("/jobs");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("items").findValuesAsText("name"))
        .contains("broken", "mail/send", "nightly", "orders", "slow");
  }

  @Test
  void get_tellsWhatTheCodeSays_andHowTheJobHasFared() {
    stage.post(MAIL + "/enqueue", TO_BO);
    stage.time.runDue();

    Answer answer = stage.get(MAIL);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.at("/job/title")).isEqualTo("Mail");
    assertThat(answer.at("/job/tags")).isEqualTo("[\"shop\"]");
    assertThat(answer.at("/code/input")).endsWith("Mail");
    assertThat(answer.json().at("/statistics/total").isTextual()).isTrue();
    assertThat(answer.at("/statistics/completed")).isEqualTo("1");
    assertThat(answer.header("etag")).matches("\"[0-9a-f]{32}\"");
    assertThat(stage.get(MAIL).header("etag")).isEqualTo(answer.header("etag"));
  }

  @Test
  void statistics_haveTheRateOfSuccess() {
    stage.post(MAIL + "/enqueue", TO_BO);
    stage.time.runDue();

    Answer answer = stage.get(MAIL + "/statistics");

    assertThat(answer.at("/successRate")).isEqualTo("1.0");
    assertThat(answer.at("/lastSuccess/itemsFailed")).isEqualTo("1");
  }

  @Test
  void explain_isASentence() {
    assertThat(stage.get("/jobs/nightly/explain").at("/explanation")).contains("nightly");
  }

  @Test
  void enqueue_makesARun_thatIsThere() {
    Answer answer = stage.post(MAIL + "/enqueue", TO_BO);

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.at("/created")).isEqualTo("true");
    assertThat(answer.header("location")).isEqualTo("/api/v1/runs/" + answer.at("/runId"));
    Answer run = stage.get("/runs/" + answer.at("/runId"));
    assertThat(run.at("/run/job")).isEqualTo("mail/send");
    assertThat(run.at("/input/json")).isEqualTo("{\"to\":\"bo\",\"password\":\"•••\"}");
    assertThat(run.at("/run/trigger/actor")).isEqualTo("ada");
  }

  @Test
  void enqueue_withoutBody_isForAJobWithoutInput() {
    assertThat(stage.post("/jobs/nightly/enqueue").status()).isEqualTo(201);
    assertThat(stage.post(MAIL + "/enqueue").status()).isEqualTo(422);
  }

  @Test
  void enqueue_withOptions_heedsThem() {
    Answer answer =
        stage.post(
            "/jobs/nightly/enqueue",
            "{\"delay\":\"PT1H\",\"priority\":2,\"key\":\"k1\",\"tags\":[\"x\"]}");

    Answer run = stage.get("/runs/" + answer.at("/runId"));
    assertThat(run.at("/run/dueAt")).isEqualTo("2026-03-02T13:00:00Z");
    assertThat(run.at("/run/priority")).isEqualTo("2");
    assertThat(run.at("/run/tags")).isEqualTo("[\"x\"]");
  }

  @Test
  void enqueue_withAKeyThatIsHeld_is409_orTheEarlierRun() {
    String later = "{\"delay\":\"PT1H\",\"key\":\"k1\"";
    String first = stage.post("/jobs/nightly/enqueue", later + "}").at("/runId");

    assertThat(stage.post("/jobs/nightly/enqueue", later + "}").problem())
        .isEqualTo("409 key-held: unique key \"k1\" of job \"nightly\" is held by run " + first);
    Answer existing =
        stage.post("/jobs/nightly/enqueue", later + ",\"onConflict\":\"RETURN_EXISTING\"}");
    assertThat(existing.status()).isEqualTo(200);
    assertThat(existing.at("/runId")).isEqualTo(first);
    assertThat(existing.at("/created")).isEqualTo("false");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "{\"input\":7} > /input",
        "{\"input\":{\"to\":7}} > /input/to",
        "{\"priority\":5} > /priority",
        "{\"priority\":\"high\"} > /priority",
        "{\"dueAt\":\"tomorrow\"} > /dueAt",
        "{\"dueAt\":7} > /dueAt",
        "{\"delay\":\"5m\"} > /delay",
        "{\"delay\":\"-PT1S\"} > /delay",
        "{\"window\":\"PT0S\",\"key\":\"k\"} > /window",
        "{\"onConflict\":\"IGNORE\",\"key\":\"k\"} > /onConflict",
        "{\"tags\":\"x\"} > /tags",
        "{\"tags\":[7]} > /tags/0",
        "{\"key\":\"a\\u0000b\"} > /key",
        "{\"inputs\":{}} > /inputs",
        "[] > ''",
      })
  void enqueue_ofWhatIsWrong_is422_andPointsThere(String body, String pointer) {
    Answer answer = stage.post(MAIL + "/enqueue", body);

    assertThat(answer.problem()).startsWith("422 invalid: ").endsWith(" @" + pointer);
    assertThat(stage.get("/runs").at("/items")).isEqualTo("[]");
  }

  @Test
  void pause_holdsRuns_untilResume() {
    assertThat(stage.post("/jobs/nightly/pause").status()).isEqualTo(204);
    assertThat(stage.get("/jobs/nightly").at("/job/paused")).isEqualTo("true");

    assertThat(stage.post("/jobs/nightly/resume").status()).isEqualTo(204);
    assertThat(stage.get("/jobs/nightly").at("/job/paused")).isEqualTo("false");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, ''",
    "GET, /statistics",
    "GET, /explain",
    "POST, /enqueue",
    "POST, /pause",
    "POST, /resume"
  })
  void unknownJob_is404_andSoIsThatOfOthers(String method, String action) {
    assertThat(stage.send(method, "/jobs/gone" + action, ApiStage.json(), "").status())
        .isEqualTo(404);

    stage.as(Principal.of("red", Scope.ADMIN).confinedTo("red"));
    assertThat(stage.send(method, MAIL + action, ApiStage.json(), "").status()).isEqualTo(404);
  }
}
