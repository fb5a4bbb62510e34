// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.admin.api.ApiStage.Answer;
import dev.belfry.http.Headers;
import dev.belfry.http.Principal;
import dev.belfry.http.Scope;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleRoutesTest {
  private static final String DAILY =
      "{\"id\":\"p1/daily\",\"job\":\"mail/send\",\"definition\":\"0 9 * * *\","
          + "\"zone\":\"America/New_York\",\"input\":{\"to\":\"bo\",\"password\":\"pw\"},"
          + "\"tags\":[\"project=p1\"]}";

  private final ApiStage stage = Work.stage();

  @AfterEach
  void close() {
    stage.close();
  }

  private Answer change(String id, String etag, String body) {
    return stage.send("PATCH", "/schedules/" + id, ApiStage.json().with("If-Match", etag), body);
  }

  @Test
  void list_isInOrderOfId_andPaged() {
    stage.post("/schedules", DAILY);

    Answer first = stage.get("/schedules?limit=2");
    Answer second = stage.get("/schedules?limit=2&cursor=" + first.at("/nextCursor"));

    assertThat(first.json().path("items").findValuesAsText("id"))
        .containsExactly("nightly", "p1/daily");
    assertThat(second.json().path("items").findValuesAsText("id")).containsExactly("slow");
    assertThat(second.json().has("nextCursor")).isFalse();
  }

  @Test
  void cursor_ofAnotherList_is422() {
    stage.post("/schedules", DAILY);
    String cursor = stage.get("/schedules?limit=1").at("/nextCursor");

    assertThat(stage.get("/runs?cursor=" + cursor).problem())
        .isEqualTo("422 invalid: must be the nextCursor of a page of this list, as it was @cursor");
  }

  @Test
  void create_answersTheSchedule_andWhereItIs() {
    Answer made = stage.post("/schedules", DAILY);

    assertThat(made.status()).isEqualTo(201);
    assertThat(made.header("location")).isEqualTo("/api/v1/schedules/p1%2Fdaily");
    assertThat(made.at("/nextAt")).isEqualTo("2026-03-02T14:00:00Z");
    assertThat(made.at("/zone")).isEqualTo("America/New_York");
    Answer there = stage.get("/schedules/p1%2Fdaily");
    assertThat(there.header("etag")).isEqualTo(made.header("etag"));
    assertThat(there.at("/schedule/tags")).isEqualTo("[\"shop\",\"project=p1\"]");
    assertThat(there.at("/input/json/password")).isEqualTo("•••");
    assertThat(there.at("/next/0/at")).isEqualTo("2026-03-02T14:00:00Z");
  }

  @Test
  void create_ofAnIdThatIsThere_is409() {
    stage.post("/schedules", DAILY);

    assertThat(stage.post("/schedules", DAILY).problem()).startsWith("409 exists: ");
  }

  @Test
  void put_makesASchedule_andAgainFindsIt_unlessItSaysSomethingElse() {
    String body = "{\"job\":\"nightly\",\"definition\":\"every PT5M\"}";

    Answer made = stage.send("PUT", "/schedules/often", ApiStage.json(), body);
    Answer again = stage.send("PUT", "/schedules/often", ApiStage.json(), body);
    Answer other = stage.send("PUT", "/schedules/often", ApiStage.json(), body.replace("5", "6"));

    assertThat(made.status()).isEqualTo(201);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.header("etag")).isEqualTo(made.header("etag"));
    assertThat(other.problem()).startsWith("409 exists: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "{} > /id",
        "{\"id\":\"a\"} > /job",
        "{\"id\":\"a\",\"job\":\"nightly\"} > /definition",
        "{\"id\":\"a\",\"job\":\"gone\",\"definition\":\"every PT5M\"} > /job",
        "{\"id\":\"a\",\"job\":\"nightly\",\"definition\":\"sometimes\"} > /definition",
        "{\"id\":\"a\",\"job\":\"nightly\",\"definition\":\"0 9 * * *\",\"zone\":\"X\"} > /zone",
        "{\"id\":\"a b\",\"job\":\"nightly\",\"definition\":\"every PT5M\"} > /id",
        "{\"id\":\"a\",\"job\":\"nightly\",\"definition\":\"every PT5M\",\"cron\":\"\"} > /cron",
        "{\"id\":\"a\",\"job\":\"mail/send\",\"definition\":\"every PT5M\",\"input\":{\"to\":1}}"
            + " > /input/to",
      })
  void create_ofWhatIsWrong_is422(String body, String pointer) {
    assertThat(stage.post("/schedules", body).problem())
        .startsWith("422 invalid: ")
        .endsWith(" @" + pointer);
  }

  @Test
  void change_needsTheStateThatWasSeen() {
    String seen = stage.get("/schedules/nightly").header("etag");
    String at4 = "{\"definition\":\"0 4 * * *\",\"zone\":\"UTC\"}";

    assertThat(stage.send("PATCH", "/schedules/nightly", ApiStage.json(), at4).problem())
        .isEqualTo(
            "428 if-match-missing: say which state this is about: If-Match with the ETag of a"
                + " GET, or * for any");
    Answer changed = change("nightly", seen, at4);
    assertThat(changed.at("/nextAt")).isEqualTo("2026-03-03T04:00:00Z");
    assertThat(changed.at("/overridden")).isEqualTo("true");
    assertThat(change("nightly", seen, at4).problem())
        .isEqualTo("412 changed: this was changed since; read it again");
    assertThat(change("nightly", "W/" + changed.header("etag"), at4).status()).isEqualTo(412);
    assertThat(change("nightly", "*", at4).status()).isEqualTo(200);
    assertThat(change("nightly", "\"x\", " + changed.header("etag"), at4).status()).isEqualTo(200);
    assertThat(change("nightly", "*", "{\"definition\":\"never\"}").status()).isEqualTo(422);
  }

  @Test
  void etag_staysWhileTheScheduleFires() {
    String seen = stage.get("/schedules/slow").header("etag");

    stage.time.advance(Duration.ofMinutes(11));

    assertThat(stage.get("/schedules/slow").header("etag")).isEqualTo(seen);
    stage.post("/schedules/slow/pause");
    assertThat(stage.get("/schedules/slow").header("etag")).isNotEqualTo(seen);
  }

  @Test
  void delete_andReset_takeAwayAndPutBack() {
    assertThat(stage.send("DELETE", "/schedules/nightly", Headers.none(), "").status())
        .isEqualTo(428);
    Answer gone =
        stage.send("DELETE", "/schedules/nightly", Headers.none().with("If-Match", "*"), "");

    assertThat(gone.status()).isEqualTo(204);
    assertThat(stage.get("/schedules/nightly").status()).isEqualTo(404);
    Answer back = stage.post("/schedules/nightly/reset");
    assertThat(back.at("/state")).isEqualTo("ACTIVE");
    assertThat(back.at("/overridden")).isEqualTo("false");
  }

  @Test
  void reset_ofOneThatNoCodeDeclares_is409() {
    stage.post("/schedules", DAILY);

    assertThat(stage.post("/schedules/p1%2Fdaily/reset").problem())
        .startsWith("409 not-declared: ");
  }

  @Test
  void pause_andResume_answerHowItIsNow() {
    assertThat(stage.post("/schedules/nightly/pause").at("/state")).isEqualTo("PAUSED");
    assertThat(stage.post("/schedules/nightly/pause").at("/state")).isEqualTo("PAUSED");
    assertThat(stage.post("/schedules/nightly/resume").at("/state")).isEqualTo("ACTIVE");
  }

  @Test
  void trigger_startsARun_unlessTheLastOneHasNotEnded() {
    Answer first = stage.post("/schedules/nightly/trigger");

    assertThat(first.status()).isEqualTo(201);
    assertThat(stage.get("/runs/" + first.at("/runId")).at("/run/trigger/kind"))
        .isEqualTo("MANUAL");
    assertThat(stage.post("/schedules/nightly/trigger").problem()).startsWith("409 conflict: ");
    assertThat(stage.post("/schedules/nightly/trigger", "{\"anyway\":true}").status())
        .isEqualTo(201);
  }

  @Test
  void next_hasAsManyTicksAsAsked() {
    Answer ticks = stage.get("/schedules/nightly/next?count=3");

    assertThat(ticks.json().path("items").findValuesAsText("at"))
        .containsExactly("2026-03-03T03:00:00Z", "2026-03-04T03:00:00Z", "2026-03-05T03:00:00Z");
    assertThat(stage.get("/schedules/nightly/next?count=101").problem())
        .isEqualTo("422 invalid: must be a whole number from 1 to 100, was \"101\" @count");
  }

  @Test
  void explain_isASentence() {
    assertThat(stage.get("/schedules/nightly/explain").at("/explanation"))
        .contains("2026-03-03T03:00:00Z");
  }

  @Test
  void preview_tellsWhatClockChangesDo() {
    Answer preview =
        stage.get(
            "/schedule-preview?definition=30%202%20*%20*%20*&zone=Europe/Berlin&count=2"
                + "&from=2026-03-28T12:00:00Z");

    assertThat(preview.at("/next/0/at")).isEqualTo("2026-03-29T01:00:00Z");
    assertThat(preview.at("/next/0/rule")).isEqualTo("AFTER_GAP");
    assertThat(preview.at("/clockChange/zone")).isEqualTo("Europe/Berlin");
    assertThat(stage.get("/schedule-preview").problem())
        .isEqualTo("422 invalid: is missing @definition");
    assertThat(stage.get("/schedule-preview?definition=x").status()).isEqualTo(422);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, '', ''",
    "GET, /next, ''",
    "GET, /explain, ''",
    "PATCH, '', '{\"definition\":\"every PT1M\"}'",
    "DELETE, '', ''",
    "POST, /pause, ''",
    "POST, /resume, ''",
    "POST, /reset, ''",
    "POST, /trigger, ''"
  })
  void unknownSchedule_is404_andSoIsThatOfOthers(String method, String action, String body) {
    stage.post("/schedules", DAILY);
    Headers headers = ApiStage.json().with("If-Match", "*");

    assertThat(stage.send(method, "/schedules/gone" + action, headers, body).status())
        .isEqualTo(404);
    stage.as(Principal.of("red", Scope.ADMIN).confinedTo("red"));
    assertThat(stage.send(method, "/schedules/p1%2Fdaily" + action, headers, body).status())
        .isEqualTo(404);
    assertThat(stage.get("/schedules").at("/items")).isEqualTo("[]");
  }
}
