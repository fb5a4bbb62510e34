// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.admin.api.ApiStage.Answer;
import dev.belfry.http.Headers;
import dev.belfry.http.Principal;
import dev.belfry.http.Scope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunRoutesTest {
  private static final String NOBODYS = "00000000-0000-7000-8000-000000000000";

  private final ApiStage stage = Work.stage();

  @AfterEach
  void close() {
    stage.close();
  }

  private String mail(String to) {
    String input = "{\"input\":{\"to\":\"" + to + "\",\"password\":\"pw\"}}";
    return stage.post("/jobs/mail%2Fsend/enqueue", input).at("/runId");
  }

  private String later() {
    return stage.post("/jobs/nightly/enqueue", "{\"delay\":\"PT1H\"}").at("/runId");
  }

  private String failed() {
    String id = stage.post("/jobs/broken/enqueue").at("/runId");
    stage.time.runDue();
    return id;
  }

  private List<String> ids(String path) {
    return stage.get(path).json().path("items").findValuesAsText("id");
  }

  @Test
  void list_isNewestFirst_andAPageLeadsToTheNext() {
    var made = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      made.add(0, mail("bo" + i));
    }

    Answer first = stage.get("/runs?limit=2");
    Answer second = stage.get("/runs?limit=2&cursor=" + first.at("/nextCursor"));
    mail("late");
    Answer third = stage.get("/runs?limit=2&cursor=" + second.at("/nextCursor"));

    var seen = new ArrayList<String>();
    for (Answer page : List.of(first, second, third)) {
      seen.addAll(page.json().path("items").findValuesAsText("id"));
    }
    assertThat(seen).isEqualTo(made);
    assertThat(third.json().has("nextCursor")).isFalse();
  }

  @Test
  void list_filters() {
    String bo = mail("bo");
    String broken = failed();
    String later = later();

    assertThat(ids("/runs?job=broken")).containsExactly(broken);
    assertThat(ids("/runs?state=FAILED&state=COMPLETED"))
        .containsSubsequence(broken, bo) // beside those of the alert
        .doesNotContain(later);
    assertThat(ids("/runs?state=FAILED,SCHEDULED"))
        .containsSubsequence(later, broken)
        .doesNotContain(bo);
    assertThat(ids("/runs?tag=shop")).containsExactly(bo);
    assertThat(ids("/runs?text=disk&job=broken")).containsExactly(broken);
    assertThat(ids("/runs?key=none")).isEmpty();
    assertThat(ids("/runs?schedule=nightly")).isEmpty();
    assertThat(ids("/runs?to=2026-03-02T12:00:00Z")).isEmpty();
    assertThat(ids("/runs?from=2026-03-02T13:00:00%2B01:00&job=broken")).containsExactly(broken);
    assertThat(stage.get("/runs/count?job=broken").text())
        .isEqualTo("{\"runs\":\"1\",\"more\":false}");
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0, limit",
    "limit=1001, limit",
    "limit=many, limit",
    "limit=1&limit=2, limit",
    "cursor=abc, cursor",
    "cursor=cnVucyB4, cursor", // "runs x"
    "state=DONE, state",
    "from=yesterday, from",
    "to=2026-03-02, to",
    "status=FAILED, status",
    "offset=5, offset"
  })
  void list_ofWhatIsWrong_is422(String query, String pointer) {
    assertThat(stage.get("/runs?" + query).problem())
        .startsWith("422 invalid: ")
        .endsWith(" @" + pointer);
  }

  @Test
  void unknownParameter_isToldThoseThatThereAre() {
    assertThat(stage.get("/runs?status=FAILED").problem())
        .isEqualTo(
            "422 invalid: there is no such parameter; there are cursor, from, job, key, limit,"
                + " schedule, state, tag, text, to @status");
    assertThat(stage.get("/jobs?limit=5").problem())
        .isEqualTo("422 invalid: this path takes no parameters @limit");
  }

  @Test
  void get_hasAllOfTheRun() {
    String id = mail("bo");
    stage.time.runDue();

    Answer run = stage.get("/runs/" + id);

    assertThat(run.at("/run/status")).isEqualTo("COMPLETED");
    assertThat(run.at("/run/itemsProcessed")).isEqualTo("3");
    assertThat(run.at("/run/itemsSucceeded")).isEqualTo("2");
    assertThat(run.at("/run/itemsFailed")).isEqualTo("1");
    assertThat(run.at("/run/durationMs")).isEqualTo("0");
    assertThat(run.at("/run/notes/to")).isEqualTo("bo");
    assertThat(run.at("/passes/0/event")).isEqualTo("COMPLETED");
    assertThat(run.at("/parts/0/id")).isEqualTo("render");
    assertThat(run.at("/parts/0/value/json")).isEqualTo("for bo");
    assertThat(run.at("/explanation")).startsWith("run " + id + " ended at ");
    assertThat(run.header("etag")).matches("\"[0-9a-f]{32}\"");
    assertThat(stage.get("/runs/" + id + "/explain").at("/explanation"))
        .isEqualTo(run.at("/explanation"));
  }

  @Test
  void get_ofAFailedRun_tellsOfWhat() {
    Answer run = stage.get("/runs/" + failed());

    assertThat(run.at("/run/failure/type")).isEqualTo("java.lang.IllegalStateException");
    assertThat(run.at("/run/failure/message")).isEqualTo("no disk");
  }

  @Test
  void log_isLinesByPass_orText() {
    String id = mail("bo");
    stage.time.runDue();

    assertThat(stage.get("/runs/" + id + "/log").at("/items/0/lines/0")).endsWith("sent to bo");
    Answer text =
        stage.send("GET", "/runs/" + id + "/log", Headers.none().with("Accept", "text/plain"), "");
    assertThat(text.text())
        .startsWith("--- attempt 1, from 2026-03-02T12:00:00Z to 2026-03-02T12:00:00")
        .endsWith("sent to bo\n");
    assertThat(text.header("content-type")).isEqualTo("text/plain; charset=utf-8");
  }

  @Test
  void cancel_endsARun_once() {
    String id = later();

    Answer answer = stage.post("/runs/" + id + "/cancel", "{\"reason\":\"a mistake\"}");
    stage.time.runDue();

    assertThat(answer.at("/result")).isEqualTo("DONE");
    Answer run = stage.get("/runs/" + id);
    assertThat(run.at("/run/status")).isEqualTo("CANCELLED");
    assertThat(run.at("/run/reason")).isEqualTo("ada: a mistake");
    assertThat(stage.post("/runs/" + id + "/cancel").problem())
        .isEqualTo("409 conflict: run " + id + " has ended");
  }

  @Test
  void retry_ofAnEndedRun_makesANewOne() {
    String id = failed();

    Answer answer = stage.post("/runs/" + id + "/retry");

    assertThat(answer.at("/runId")).isNotEqualTo(id);
    Answer run = stage.get("/runs/" + answer.at("/runId"));
    assertThat(run.at("/run/trigger/kind")).isEqualTo("RETRY");
    assertThat(run.at("/run/trigger/origin")).isEqualTo(id);
    assertThat(run.at("/links/0/relation")).isEqualTo("RETRY_OF");
  }

  @ParameterizedTest
  @ValueSource(strings = {NOBODYS, "7", "nonsense"})
  void unknownRun_is404(String id) {
    assertThat(stage.get("/runs/" + id).problem()).startsWith("404 not-found: ");
    assertThat(stage.get("/runs/" + id + "/log").status()).isEqualTo(404);
    assertThat(stage.get("/runs/" + id + "/explain").status()).isEqualTo(404);
    assertThat(stage.post("/runs/" + id + "/cancel").status()).isEqualTo(404);
    assertThat(stage.post("/runs/" + id + "/retry").status()).isEqualTo(404);
  }

  @Test
  void runOfOthers_isNotThere() {
    String id = mail("bo");
    stage.as(Principal.of("red", Scope.ADMIN).confinedTo("red"));

    assertThat(stage.get("/runs/" + id).status()).isEqualTo(404);
    assertThat(stage.post("/runs/" + id + "/cancel").status()).isEqualTo(404);
    assertThat(ids("/runs")).isEmpty();
    assertThat(stage.post("/runs/cancel", "{\"ids\":[\"" + id + "\"]}").at("/items/0/result"))
        .isEqualTo("NOT_FOUND");
  }

  @Test
  void cancelMany_answersForEach() {
    String later = later();
    String ended = mail("bo");
    stage.time.runDue();

    Answer answer =
        stage.post(
            "/runs/cancel", "{\"ids\":[\"" + later + "\",\"" + ended + "\",\"" + NOBODYS + "\"]}");

    assertThat(answer.json().path("items").findValuesAsText("result"))
        .containsExactly("DONE", "CONFLICT", "NOT_FOUND");
  }

  @Test
  void manyByFilter_needTheCountThatWasSeen() {
    failed();
    failed();
    String filter = "{\"filter\":{\"job\":\"broken\",\"states\":[\"FAILED\"]},\"expectedCount\":";

    assertThat(stage.post("/runs/retry", filter + "3}").problem())
        .isEqualTo(
            "409 count-differs: 2 runs match, 3 were expected; nothing was done, look again");
    assertThat(ids("/runs?job=broken")).hasSize(2);
    assertThat(stage.post("/runs/retry", filter + "2}").json().path("items")).hasSize(2);
    assertThat(ids("/runs?job=broken")).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "{} > /ids",
        "{\"ids\":[]} > /ids",
        "{\"ids\":[\"7\"]} > /ids/0",
        "{\"ids\":[7]} > /ids/0",
        "{\"ids\":\"7\"} > /ids",
        "{\"ids\":[\"00000000-0000-7000-8000-000000000000\"],\"filter\":{}} > /ids",
        "{\"ids\":[\"00000000-0000-7000-8000-000000000000\"],\"expectedCount\":1} > /expectedCount",
        "{\"filter\":{}} > /expectedCount",
        "{\"filter\":[],\"expectedCount\":1} > /filter",
        "{\"filter\":{\"status\":\"FAILED\"},\"expectedCount\":1} > /filter/status",
        "{\"filter\":{\"states\":[\"DONE\"]},\"expectedCount\":1} > /filter/states/0",
        "{\"filter\":{\"from\":\"x\"},\"expectedCount\":1} > /filter/from",
        "{\"filter\":{\"text\":\"\"},\"expectedCount\":1} > /filter/text",
        "{\"filter\":{},\"expectedCount\":-1} > /expectedCount",
      })
  void many_ofWhatIsWrong_is422(String body, String pointer) {
    for (String action : List.of("cancel", "retry")) {
      assertThat(stage.post("/runs/" + action, body).problem())
          .startsWith("422 invalid: ")
          .endsWith(" @" + pointer);
    }
  }
}
