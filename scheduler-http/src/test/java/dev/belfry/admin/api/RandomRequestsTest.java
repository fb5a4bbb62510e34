// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.belfry.admin.api.ApiStage.Answer;
import dev.belfry.http.Headers;
import dev.belfry.http.Principal;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Route;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests of all kinds, many of them half right. None fails on our side, and each answer is one
 * that the document has.
 */
class RandomRequestsTest {
  private static final int REQUESTS = 600;
  private static final List<String> ODD =
      List.of(
          "",
          " ",
          "*",
          "null",
          "0",
          "-1",
          "1001",
          "99999999999999999999",
          "1e9",
          "NaN",
          "true",
          "a/b",
          "..",
          "%",
          "\u0000",
          "\ud800",
          "é",
          "\uD83D\uDE00",
          "<img onerror=x>",
          "' or 1=1",
          "x".repeat(300),
          "{",
          "}",
          "[",
          "\"",
          "\\",
          "+",
          "&",
          "=",
          ";",
          ",",
          "\r\n");
  private static final List<String> TIMES =
      List.of(
          "2026-03-02T12:00:00Z",
          "2026-03-03T00:00:00+05:30",
          "+1000000000-12-31T23:59:59Z",
          "-999999999-01-01T00:00:00Z",
          "9999-12-31T23:59:59.999999999Z",
          "0001-01-01T00:00:00Z",
          "0000-01-01T00:00:00Z",
          "2026-02-30T00:00:00Z",
          "2026-03-29T02:30:00");
  private static final List<String> SPANS =
      List.of("PT1M", "PT15M", "P1D", "P4000D", "PT0S", "-PT1S", "PT0.5S", "PT2562047788015215H");
  private static final List<String> DEFINITIONS =
      List.of(
          "every PT5M",
          "every PT1H",
          "every PT24H",
          "cron 15 4 * * 1 UTC",
          "0 3 * * *",
          "every PT0.000001S",
          "after PT1M",
          "cron 0 3 * * * UTC",
          "0 0 30 2 *",
          "at 2026-03-05T00:00:00Z",
          "monthly 31 10:30 UTC",
          "H H * * *",
          "@daily",
          "cron 0 3 * * * UTC; catch-up all 10000 P1D; overlap replace",
          "; ; ;",
          "daily");
  private static final List<String> NAMES =
      List.of("mail/send", "nightly", "broken", "slow", "orders", "heavy", "belfry/alert", "gone");
  private static final List<String> STATES =
      List.of("FAILED", "COMPLETED", "SCHEDULED", "RUNNING", "done", "");
  private static final List<String> CHOICES =
      List.of("REJECT", "REPLACE", "RETURN_EXISTING", "HOUR", "QUARTER", "never");
  private static final List<String> ZONES = List.of("UTC", "Europe/Berlin", "+01:00", "Z", "Mars");
  private static final List<String> NUMBERS =
      List.of("0", "1", "2", "5", "50", "-1", "-4", "1000", "1001", "1e9", "2147483648", "0.5");
  private static final List<String> INPUTS =
      List.of(
          "null", "{\"to\":\"bo\",\"password\":\"pw\"}", "{\"id\":7}", "7", "[]", "\"x\"", "1e400");

  private final ApiStage stage = Work.stage();
  private final List<String> runs = new ArrayList<>();

  @AfterEach
  void close() {
    stage.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void requestsOfAllKinds_neverFailHere(long seed) {
    var random = new Random(seed);
    var good = new boolean[] {false};
    for (int i = 0; i < REQUESTS; i++) {
      Route route = one(random, stage.routes);
      Operation operation = operation(route);
      String path = path(random, route) + query(random, operation.parameters());
      String body = body(random, operation);
      stage.as(one(random, people()));

      Answer answer = stage.send(route.method(), path, headers(random), body);

      assertThat(answer.status())
          .as("seed " + seed + ": " + route.method() + " " + path + " " + body)
          .isIn(200, 201, 204, 400, 403, 404, 409, 412, 415, 422, 428);
      good[0] |= answer.status() == 201;
      remember(answer);
      if (random.nextInt(100) == 0) {
        stage.time.advance(Duration.ofMinutes(random.nextInt(10)));
      }
    }
    assertThat(good[0]).as("something was made").isTrue();
  }

  @Test
  void everyRoute_canBeMet() {
    for (Route route : stage.routes) {
      String path = path(new Random(1), route);

      assertThat(stage.send(route.method(), path, headers(new Random(1)), "").status())
          .as(route.method() + " " + path)
          .isNotIn(405, 500);
    }
  }

  private static List<Principal> people() {
    return List.of(
        ApiStage.ADA,
        ApiStage.ADA,
        Principal.of("operator", Scope.OPERATE),
        Principal.of("shop", Scope.ADMIN).confinedTo("shop", "x"));
  }

  private void remember(Answer answer) {
    if (answer.status() == 201 && answer.json().has("runId")) {
      runs.add(answer.at("/runId"));
    }
  }

  private static <T> T one(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private String path(Random random, Route route) {
    var path = new StringBuilder();
    for (String part : route.path().substring(Api.BASE.length()).split("/", -1)) {
      if (!part.isEmpty()) {
        path.append('/').append(part.startsWith("{") ? encoded(part(random, route)) : part);
      }
    }
    return path.toString();
  }

  private String part(Random random, Route route) {
    if (random.nextInt(12) == 0) {
      String odd = one(random, ODD);
      return odd.isEmpty() ? "." : odd;
    }
    if (route.path().contains("/schedules/")) {
      return schedule(random);
    }
    return route.path().contains("/runs/") ? run(random) : one(random, NAMES);
  }

  private static String schedule(Random random) {
    return random.nextInt(3) == 0 ? one(random, NAMES) : "s" + random.nextInt(8);
  }

  private String run(Random random) {
    return runs.isEmpty() ? "00000000-0000-7000-8000-000000000000" : one(random, runs);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  /** What the document says that a route takes. */
  private record Operation(Set<String> parameters, Set<String> properties, Set<String> required) {}

  private static Operation operation(Route route) {
    JsonNode document = OpenApi.shipped().document();
    JsonNode said =
        document.path("paths").path(route.path()).path(route.method().toLowerCase(Locale.ROOT));
    var parameters = new TreeSet<String>();
    for (JsonNode each : said.path("parameters")) {
      JsonNode parameter =
          each.has("$ref") ? document.at(each.path("$ref").asText().substring(1)) : each;
      if (parameter.path("in").asText().equals("query")) {
        parameters.add(parameter.path("name").asText());
      }
    }
    String schema = said.at("/requestBody/content/application~1json/schema/$ref").asText();
    JsonNode body = schema.isEmpty() ? said.path("none") : document.at(schema.substring(1));
    var properties = new TreeSet<String>();
    body.path("properties").fieldNames().forEachRemaining(properties::add);
    var required = new TreeSet<String>();
    body.path("required").forEach(name -> required.add(name.asText()));
    return new Operation(parameters, properties, required);
  }

  private String query(Random random, Set<String> parameters) {
    var query = new StringBuilder();
    for (String name : parameters) {
      if (random.nextInt(3) == 0 || name.equals("definition")) {
        query.append(query.length() == 0 ? '?' : '&').append(name);
        query.append('=').append(encoded(text(random, name)));
      }
    }
    if (random.nextInt(30) == 0) {
      query.append(query.length() == 0 ? "?" : "&").append("other=1&limit=1&limit=2");
    }
    return query.toString();
  }

  private static Headers headers(Random random) {
    Headers headers = random.nextInt(20) == 0 ? Headers.none() : ApiStage.json();
    headers = random.nextInt(3) == 0 ? headers : headers.with("If-Match", "*");
    headers = random.nextInt(5) > 0 ? headers : headers.with("Accept", "text/plain");
    return random.nextInt(4) > 0
        ? headers
        : headers.with("Idempotency-Key", "k" + random.nextInt(20));
  }

  /** Returns a text that a parameter or property of this name could have, or nearly. */
  private String text(Random random, String name) {
    if (random.nextInt(12) == 0) {
      return one(random, ODD);
    }
    return switch (name) {
      case "from", "to", "dueAt", "until" -> one(random, TIMES);
      case "delay", "window", "width" -> one(random, SPANS);
      case "definition" -> one(random, DEFINITIONS);
      case "zone" -> one(random, ZONES);
      case "state", "states" -> one(random, STATES);
      case "onConflict", "span" -> one(random, CHOICES);
      case "limit", "count", "priority", "expectedCount" -> one(random, NUMBERS);
      case "ids" -> run(random);
      case "id", "schedule" -> schedule(random);
      case "tag", "tags" -> one(random, List.of("shop", "x", "red", "project=1"));
      case "job" -> random.nextBoolean() ? "nightly" : one(random, NAMES);
      case "key", "text", "reason" -> one(random, List.of("a", "disk", "because"));
      case "type" -> one(random, List.of("order/placed", "gone"));
      case "cursor" -> Cursor.of(one(random, List.of("runs", "audit")), run(random));
      default -> one(random, NAMES);
    };
  }

  private String body(Random random, Operation operation) {
    var members = new ArrayList<String>();
    for (String name : operation.properties()) {
      if (random.nextInt(4) == 0 || operation.required().contains(name)) {
        members.add(quoted(name) + ":" + value(random, name));
      }
    }
    String body = members.isEmpty() ? "" : "{" + String.join(",", members) + "}";
    if (random.nextInt(20) == 0 && !body.isEmpty()) {
      int cut = random.nextInt(body.length());
      return body.substring(0, cut) + one(random, ODD) + body.substring(cut);
    }
    return body;
  }

  private String value(Random random, String name) {
    if (random.nextInt(20) == 0) {
      return one(random, INPUTS);
    }
    return switch (name) {
      case "input", "data" -> one(random, INPUTS);
      case "priority", "expectedCount" -> one(random, NUMBERS);
      case "anyway" -> one(random, List.of("true", "false"));
      case "tags", "states", "ids" ->
          "[" + quoted(text(random, name)) + "," + quoted(text(random, name)) + "]";
      case "filter" ->
          "{\"job\":%s,\"states\":[%s]}"
              .formatted(quoted(one(random, NAMES)), quoted(one(random, STATES)));
      default -> quoted(text(random, name));
    };
  }

  /** Returns JSON text that says a text, whatever is in it. */
  private static String quoted(String text) {
    return TextNode.valueOf(text).toString();
  }
}
