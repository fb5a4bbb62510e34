// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belfry.admin.api.ApiStage.Answer;
import dev.belfry.http.Headers;
import dev.belfry.http.Principal;
import dev.belfry.http.Scope;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queues, nodes, events, alerts, statistics, audit. */
class SystemRoutesTest {
  private final ApiStage stage = Work.stage();

  @AfterEach
  void close() {
    stage.close();
  }

  private JsonNode item(Answer list, String property, String value) {
    for (JsonNode item : list.json().path("items")) {
      if (item.path(property).asText().equals(value)) {
        return item;
      }
    }
    throw new AssertionError(list.text());
  }

  @Test
  void queue_isPausedAndResumed() {
    assertThat(item(stage.get("/queues"), "name", "heavy").path("jobs").toString())
        .isEqualTo("[\"slow\"]");

    assertThat(stage.post("/queues/heavy/pause").status()).isEqualTo(204);
    assertThat(item(stage.get("/queues"), "name", "heavy").path("paused").asBoolean()).isTrue();
    assertThat(stage.get("/paused").text())
        .isEqualTo("{\"items\":[{\"kind\":\"QUEUE\",\"name\":\"heavy\"}]}");

    assertThat(stage.post("/queues/heavy/resume").status()).isEqualTo(204);
    assertThat(stage.get("/paused").at("/items")).isEqualTo("[]");
    assertThat(stage.post("/queues/gone/pause").status()).isEqualTo(404);
    assertThat(stage.post("/queues/gone/resume").status()).isEqualTo(404);
  }

  @Test
  void everything_isPausedAndResumed() {
    assertThat(stage.post("/pause", "{}").status()).isEqualTo(204);
    assertThat(stage.get("/paused").text()).isEqualTo("{\"items\":[{\"kind\":\"ALL\"}]}");

    assertThat(stage.post("/resume").status()).isEqualTo(204);
    assertThat(stage.get("/paused").at("/items")).isEqualTo("[]");
  }

  @Test
  void nodes_tellTheirLease() {
    Answer nodes = stage.get("/nodes");

    assertThat(nodes.json().path("items")).hasSize(1);
    assertThat(nodes.at("/items/0/late")).isEqualTo("false");
    assertThat(nodes.at("/items/0/jobs")).contains("\"mail/send\"");
  }

  @Test
  void event_startsRunsOfThoseWhoSubscribe() {
    assertThat(stage.get("/event-types").text())
        .isEqualTo("{\"items\":[{\"name\":\"order/placed\",\"jobs\":[\"orders\"]}]}");

    Answer sent = stage.post("/events", "{\"type\":\"order/placed\",\"data\":{\"id\":42}}");
    stage.time.runDue();

    assertThat(sent.status()).isEqualTo(201);
    Answer runs = stage.get("/runs?job=orders");
    assertThat(runs.at("/items/0/trigger/event")).isEqualTo(sent.at("/id"));
  }

  @Test
  void event_ofOneId_isOne() {
    String event =
        "{\"type\":\"order/placed\",\"data\":{\"id\":42},"
            + "\"id\":\"0190f3a0-0000-7000-8000-000000000001\"}";

    stage.post("/events", event);
    assertThat(stage.post("/events", event).at("/id"))
        .isEqualTo("0190f3a0-0000-7000-8000-000000000001");
    stage.time.runDue();

    assertThat(stage.get("/runs?job=orders").json().path("items")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "{} > 422 invalid > /type",
        "{\"type\":\"order/placed\"} > 422 invalid > /data",
        "{\"type\":\"order/placed\",\"data\":{\"id\":\"x\"}} > 422 invalid > /data/id",
        "{\"type\":\"order/placed\",\"data\":{\"id\":1},\"id\":\"7\"} > 422 invalid > /id",
        "{\"type\":\"gone\",\"data\":{}} > 404 not-found > ''",
      })
  void event_ofWhatIsWrong_isRefused(String body, String problem, String pointer) {
    assertThat(stage.post("/events", body).problem())
        .startsWith(problem + ": ")
        .endsWith(pointer.isEmpty() ? "" : " @" + pointer);
  }

  @Test
  void alert_isSilencedAndHeardAgain() {
    stage.post("/jobs/broken/enqueue");
    stage.time.runDue();
    assertThat(stage.get("/alerts").at("/items/0/job")).isEqualTo("broken");

    Answer silence =
        stage.post("/silences", "{\"job\":\"broken\",\"until\":\"2026-03-03T12:00:00Z\"}");
    assertThat(silence.status()).isEqualTo(201);
    assertThat(stage.get("/silences").at("/items/0")).isEqualTo(silence.text());

    assertThat(stage.send("DELETE", "/silences?job=broken", Headers.none(), "").status())
        .isEqualTo(204);
    assertThat(stage.get("/silences").at("/items")).isEqualTo("[]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "{} > 422 > /until",
        "{\"until\":\"2026-03-02T11:00:00Z\"} > 422 > /until",
        "{\"until\":\"soon\"} > 422 > /until",
        "{\"until\":\"2026-03-03T12:00:00Z\",\"job\":\"gone\"} > 404 > ''",
      })
  void silence_ofWhatIsWrong_isRefused(String body, int status, String pointer) {
    Answer answer = stage.post("/silences", body);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.problem()).endsWith(pointer);
  }

  @Test
  void statistics_countWhatEnded_byJobAndTime() {
    stage.post("/jobs/broken/enqueue");
    stage.post("/jobs/nightly/enqueue");
    stage.time.runDue();
    stage.time.advance(Duration.ofMinutes(2));

    Answer all = stage.get("/statistics?width=PT1M");

    assertThat(item(all, "job", "broken").path("failed").asText()).isEqualTo("1");
    assertThat(item(all, "job", "nightly").path("completed").asText()).isEqualTo("1");
    assertThat(item(all, "job", "nightly").path("start").asText())
        .isEqualTo("2026-03-02T12:00:00Z");
    assertThat(stage.get("/statistics?job=broken").json().path("items").findValuesAsText("job"))
        .containsExactly("broken");
    Answer sum = stage.get("/statistics?by=ALL");
    assertThat(sum.at("/items/0/failed")).isEqualTo("1");
    assertThat(Integer.parseInt(sum.at("/items/0/completed"))).isPositive();
    assertThat(sum.json().path("items")).hasSize(1);
    assertThat(sum.at("/items/0")).doesNotContain("job");
    assertThat(stage.get("/statistics?job=gone").status()).isEqualTo(404);
    stage.as(Principal.of("shop", Scope.READ).confinedTo("shop"));
    assertThat(stage.get("/statistics").at("/items")).isEqualTo("[]");
    assertThat(stage.get("/statistics?job=broken").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "width=PT30S, width",
    "width=hour, width",
    "by=day, by",
    "'width=PT1M&from=2026-01-01T00:00:00Z', width",
    "'from=2026-03-02T12:00:00Z&to=2026-03-01T12:00:00Z', from"
  })
  void statistics_ofWhatIsWrong_is422(String query, String pointer) {
    assertThat(stage.get("/statistics?" + query).problem())
        .startsWith("422 invalid: ")
        .endsWith(" @" + pointer);
  }

  @Test
  void overview_looksAsFarBackAsAsked() {
    stage.post("/jobs/nightly/pause");

    assertThat(stage.get("/overview?span=HOUR").at("/width")).isEqualTo("PT1M");
    assertThat(stage.get("/overview").at("/width")).isEqualTo("PT15M");
    assertThat(stage.get("/overview").at("/concerns/0/kind")).isEqualTo("PAUSED");
    assertThat(stage.get("/overview?span=CENTURY").problem())
        .isEqualTo("422 invalid: must be one of HOUR, DAY, WEEK, QUARTER, was \"CENTURY\" @span");
  }

  @Test
  void audit_hasWhoDidWhat_newestFirst() {
    stage.post("/jobs/nightly/pause");
    stage.post("/schedules/nightly/pause");

    Answer first = stage.get("/audit?limit=1");
    Answer second = stage.get("/audit?limit=1&cursor=" + first.at("/nextCursor"));

    assertThat(first.at("/items/0/action")).isEqualTo("schedule.pause");
    assertThat(second.at("/items/0/action")).isEqualTo("pause");
    assertThat(second.at("/items/0/actor")).isEqualTo("ada");
    assertThat(second.at("/items/0/outcome")).isEqualTo("DONE");
    stage.as(Principal.of("reader", Scope.OPERATE));
    assertThat(stage.get("/audit").status()).isEqualTo(403);
  }
}
