// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.admin.api.ApiStage.Answer;
import dev.belfry.http.Headers;
import dev.belfry.http.Principal;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Requests;
import dev.belfry.http.routing.Route;
import dev.belfry.http.routing.Router;
import dev.belfry.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for all routes: bodies, keys that have a request done once. */
class ConventionsTest {
  private static final String ENQUEUE = "/jobs/nightly/enqueue";

  private final ApiStage stage = Work.stage();

  @AfterEach
  void close() {
    stage.close();
  }

  private Answer keyed(String key, String path, String body) {
    Headers headers = ApiStage.json().with("Idempotency-Key", key);
    return stage.send("POST", path, headers, body);
  }

  private int runs() {
    return stage.get("/runs").json().path("items").size();
  }

  // Bodies

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "json", ""})
  void body_ofAnotherType_is415(String type) {
    Headers headers = type.isEmpty() ? Headers.none() : Headers.none().with("Content-Type", type);

    assertThat(stage.send("POST", "/events", headers, "{}").problem())
        .isEqualTo(
            "415 not-json: Content-Type must be application/json, was "
                + (type.isEmpty() ? "missing" : "\"" + type + "\""));
  }

  @Test
  void body_mayHaveACharset() {
    Headers headers = Headers.none().with("Content-Type", "Application/JSON; charset=utf-8");

    assertThat(stage.send("POST", ENQUEUE, headers, "{}").status()).isEqualTo(201);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "{ > the body is not JSON at line 1, column 2",
        "{}} > the body is not JSON at line 1, column 3",
        "{\"type\":1,\"type\":2} > the body is not JSON at line 1, column 17",
        "<html > the body is not JSON at line 1, column 1",
        "{\"type\":NaN} > the body is not JSON at line 1, column 12",
        "'' > the body is empty; it must be a JSON object",
      })
  void body_thatIsNoJson_is400(String body, String detail) {
    assertThat(stage.post("/events", body).problem()).isEqualTo("400 malformed: " + detail);
  }

  @Test
  void body_thatIsDeep_is400() {
    assertThat(stage.post("/events", "{\"data\":" + "[".repeat(5_000)).problem())
        .startsWith("400 malformed: the body is not JSON");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {"7 > number", "null > null", "\"x\" > string", "[] > array", "true > boolean"})
  void body_thatIsNoObject_is422(String body, String kind) {
    assertThat(stage.post("/events", body).problem())
        .isEqualTo("422 invalid: must be an object, was " + kind + " @");
  }

  @Test
  void unknownProperties_areAllNamed_andThoseThatThereAre() {
    assertThat(stage.post("/events", "{\"name\":1,\"a/b~c\":2}").problem())
        .isEqualTo("422 invalid: unknown property; there are data, id, type @/name @/a~1b~0c");
  }

  @Test
  void numbers_ofInputs_stayAsTheyAre() {
    stage.post("/events", "{\"type\":\"order/placed\",\"data\":{\"id\":2147483647}}");
    stage.time.runDue();
    String run = stage.get("/runs?job=orders").at("/items/0/id");

    assertThat(stage.get("/runs/" + run).at("/input/json/id")).isEqualTo("2147483647");
  }

  @Test
  void whatIsSentBack_isCutAndCleaned() {
    String odd = "\\ud800\\u0007" + "x".repeat(200);

    assertThat(stage.post(ENQUEUE, "{\"dueAt\":\"" + odd + "\"}").problem())
        .isEqualTo(
            "422 invalid: must be a time such as 2026-03-29T01:00:00Z, was \"??"
                + "x".repeat(58)
                + "…\" @/dueAt");
  }

  // Idempotency-Key

  @Test
  void keyThatComesAgain_getsTheSameAnswer_andNothingIsDone() {
    Answer first = keyed("k1", ENQUEUE, "{\"priority\":1}");
    Answer again = keyed("k1", ENQUEUE, "{\"priority\":1}");

    assertThat(first.status()).isEqualTo(201);
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.text()).isEqualTo(first.text());
    assertThat(again.header("location")).isEqualTo(first.header("location"));
    assertThat(again.header("idempotent-replayed")).isEqualTo("true");
    assertThat(runs()).isEqualTo(1);
  }

  @Test
  void keyThatComesAgain_isKnownByTagsOfSchedulesToo() {
    String body = "{\"id\":\"a\",\"job\":\"nightly\",\"definition\":\"every PT5M\"}";

    Answer first = keyed("k1", "/schedules", body);

    assertThat(keyed("k1", "/schedules", body).header("etag")).isEqualTo(first.header("etag"));
  }

  @Test
  void keyWithAnotherBody_is422() {
    keyed("k1", ENQUEUE, "{\"priority\":1}");

    assertThat(keyed("k1", ENQUEUE, "{\"priority\":2}").problem())
        .isEqualTo(
            "422 key-used: this Idempotency-Key was used for another body; use a new key for a"
                + " new request");
    assertThat(runs()).isEqualTo(1);
  }

  @Test
  void key_isOfOnePersonAndOnePath() {
    keyed("k1", ENQUEUE, "");
    keyed("k1", "/jobs/broken/enqueue", "");
    stage.as(Principal.of("bob", Scope.OPERATE));
    keyed("k1", ENQUEUE, "");

    assertThat(runs()).isEqualTo(3);
  }

  @Test
  void key_isForgottenAfterADay() {
    keyed("k2", ENQUEUE, "{}");
    stage.time.advance(Duration.ofHours(23));
    keyed("k2", ENQUEUE, "{}");
    assertThat(stage.get("/runs?job=nightly&state=COMPLETED").json().path("items")).hasSize(2);

    stage.time.advance(Duration.ofHours(1));
    assertThat(keyed("k2", ENQUEUE, "{}").response().headers().one("idempotent-replayed"))
        .isEmpty();
  }

  @Test
  void keyOfARefusedRequest_isFree() {
    assertThat(keyed("k1", ENQUEUE, "{\"priority\":9}").status()).isEqualTo(422);

    assertThat(keyed("k1", ENQUEUE, "{\"priority\":4}").status()).isEqualTo(201);
  }

  @Test
  void keyOfARequestUnderWay_is409() {
    var keys = new IdempotencyKeys(stage.context.store());
    var again =
        keys.on(
            Route.post(
                Api.BASE + ENQUEUE,
                Scope.OPERATE,
                call -> {
                  throw new AssertionError("must not be done");
                }));
    var outer =
        keys.on(Route.post(Api.BASE + ENQUEUE, Scope.OPERATE, call -> again.action().answer(call)));
    var router = Router.of(List.of(outer), request -> Optional.of(ApiStage.ADA));

    var response =
        router.handle(
            Requests.of(
                "POST", Api.BASE + ENQUEUE, Headers.none().with("Idempotency-Key", "k1"), ""));

    assertThat(new Answer(response).problem())
        .isEqualTo(
            "409 key-in-use: a request with this Idempotency-Key is under way; ask again later");
  }

  @Test
  void keyOfWorkWhoseEndNobodyKnows_isFreeAfterFiveMinutes() {
    var tries = new AtomicInteger();
    Route route =
        new IdempotencyKeys(stage.context.store())
            .on(
                Route.post(
                    Api.BASE + ENQUEUE,
                    Scope.OPERATE,
                    call -> {
                      if (tries.incrementAndGet() == 1) {
                        throw new StoreException(StoreException.Kind.UNKNOWN, "cut off", null);
                      }
                      return Json.ok(Json.nothing());
                    }));
    var router = Router.of(List.of(route), request -> Optional.of(ApiStage.ADA));
    Headers headers = Headers.none().with("Idempotency-Key", "k1");
    Supplier<Integer> send =
        () -> router.handle(Requests.of("POST", Api.BASE + ENQUEUE, headers, "")).status();

    assertThat(send.get()).isEqualTo(503);
    assertThat(send.get()).isEqualTo(409);
    stage.time.advance(Duration.ofMinutes(5));
    assertThat(send.get()).isEqualTo(200);
    assertThat(tries).hasValue(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "ä", ""})
  void keyOfAnotherForm_is422(String key) {
    assertThat(keyed(key, ENQUEUE, "").problem())
        .isEqualTo(
            "422 invalid: must be one text of 1 to 200 visible characters of ASCII"
                + " @Idempotency-Key");
  }

  @Test
  void longAnswer_isKeptWhole() {
    var ids = new ArrayList<String>();
    for (int i = 0; i < 700; i++) {
      ids.add("\"" + new UUID(0x0190f3a000007000L, 0x8000000000000000L | i) + "\"");
    }
    String body = "{\"ids\":[" + String.join(",", ids) + "]}";

    Answer first = keyed("k1", "/runs/retry", body);
    Answer again = keyed("k1", "/runs/retry", body);

    assertThat(first.text()).hasSizeGreaterThan(64 * 1024);
    assertThat(again.text()).isEqualTo(first.text());
    assertThat(again.header("idempotent-replayed")).isEqualTo("true");
  }
}
