// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin;

import static dev.belfry.admin.Desk.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.belfry.http.AccessToken;
import dev.belfry.http.Response;
import dev.belfry.http.Scope;
import dev.belfry.store.RecordQuery;
import dev.belfry.store.RecordWrite;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokensTest {
  private static final String OLD = "old-0123456789abcdef0123456789abcdef";
  private static final String NEW = "new-0123456789abcdef0123456789abcdef";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ops|short|token \"ops\" has 5 characters and must have at least 32; make one with: openssl"
            + " rand -hex 32",
        "ops|abababababababababababababababababababab|token \"ops\" is easy to guess; make one"
            + " with: openssl rand -hex 32",
        "a b|0123456789abcdef0123456789abcdef|name of a token must have 1 to 100 letters, digits"
            + " and . _ @ -, was \"a b\"",
      })
  void weakToken_isRefused_withoutBeingShown(String name, String text, String message) {
    assertThatThrownBy(() -> AccessToken.of(name, text, Scope.READ))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void token_doesNotShowItsText() {
    assertThat(AccessToken.of("ops", OLD, Scope.READ)).hasToString("token ops (READ)");
  }

  @Test
  void rotation_hasBothForAWhile_untilTheOldOneEnds() {
    Admin admin =
        Desk.tokens(Admin.embedded())
            .token(AccessToken.of("ops", OLD, Scope.READ).until(Desk.NOON.plusSeconds(3600)))
            .token("ops", NEW, Scope.READ);
    try (Desk desk = Desk.open(admin)) {
      assertThat(status(desk, OLD)).isEqualTo(200);
      assertThat(status(desk, NEW)).isEqualTo(200);

      desk.scheduler.advance(Duration.ofHours(1));

      assertThat(status(desk, OLD)).isEqualTo(401);
      assertThat(status(desk, NEW)).isEqualTo(200);
    }
  }

  @Test
  void supplier_isAskedAgainAfterHalfAMinute_andItsLastGoodTextStays() {
    var text = new AtomicReference<>(OLD);
    Admin admin = Desk.tokens(Admin.embedded()).token("ops", text::get, Scope.READ);
    try (Desk desk = Desk.open(admin)) {
      text.set(NEW);
      assertThat(status(desk, NEW)).isEqualTo(401);
      desk.scheduler.advance(Duration.ofSeconds(31));
      assertThat(status(desk, NEW)).isEqualTo(200);
      assertThat(status(desk, OLD)).isEqualTo(401);

      text.set("weak");
      desk.scheduler.advance(Duration.ofSeconds(31));
      assertThat(status(desk, "weak")).isEqualTo(401);
      assertThat(status(desk, NEW)).isEqualTo(200);
    }
  }

  @Test
  void tokenOfTheStore_isShownOnce_usedAndRevoked() throws Exception {
    try (Desk desk = Desk.open(Desk.tokens(Admin.embedded()))) {
      Response made =
          create(desk, "{\"name\":\"ci\",\"scope\":\"operate\",\"tags\":[\"project=p1\"]}");
      assertThat(made.status()).isEqualTo(201);
      String token = json(made).path("token").asText();
      assertThat(token).matches("blf_[A-Za-z0-9_-]{43}");
      assertThat(stored(desk)).doesNotContain(token).doesNotContain(token.substring(4));

      assertThat(text(desk.get("/", "authorization", "Bearer " + token))).isEqualTo("ci");
      JsonNode item = json(list(desk)).path("items").path(0);
      assertThat(item)
          .hasToString(
              "{\"id\":\"ci~1\",\"name\":\"ci\",\"scope\":\"OPERATE\",\"tags\":[\"project=p1\"],"
                  + "\"createdAt\":\"2026-03-01T12:00:00Z\",\"createdBy\":\"admin\","
                  + "\"lastUsed\":\"2026-03-01\"}");

      assertThat(delete(desk, "ci~1").status()).isEqualTo(204);
      assertThat(status(desk, token)).isEqualTo(401);
      assertThat(delete(desk, "ci~1").status()).isEqualTo(404);
    }
  }

  @Test
  void tokenOfTheStore_hasTwoOfANameAtMost_andMayEnd() throws Exception {
    try (Desk desk = Desk.open(Desk.tokens(Admin.embedded()))) {
      String first =
          json(create(
                  desk, "{\"name\":\"ci\",\"scope\":\"READ\",\"end\":\"2026-03-01T13:00:00Z\"}"))
              .path("token")
              .asText();
      String second =
          json(create(desk, "{\"name\":\"ci\",\"scope\":\"READ\"}")).path("token").asText();
      Response third = create(desk, "{\"name\":\"ci\",\"scope\":\"READ\"}");
      assertThat(third.status()).isEqualTo(409);
      assertThat(text(third))
          .contains(
              "\"detail\":\"there are two live tokens \\\"ci\\\", the most at a time; revoke one"
                  + " first\"");

      desk.scheduler.advance(Duration.ofHours(1));

      assertThat(status(desk, first)).isEqualTo(401);
      assertThat(status(desk, second)).isEqualTo(200);
      assertThat(create(desk, "{\"name\":\"ci\",\"scope\":\"READ\"}").status()).isEqualTo(201);
    }
  }

  @Test
  void tokenOfTheStore_madeElsewhere_isKnownWithinFiveSeconds() throws Exception {
    try (Desk desk = Desk.open(Desk.tokens(Admin.embedded()))) {
      String token =
          json(create(desk, "{\"name\":\"ci\",\"scope\":\"READ\"}")).path("token").asText();
      assertThat(status(desk, token)).isEqualTo(200); // and now it is kept in mind
      desk.get("/", "authorization", "Bearer " + token);
      var record = desk.scheduler.store().records().get("admin-token", "ci~1").orElseThrow();
      desk.scheduler
          .store()
          .records()
          .write(List.of(new RecordWrite.Delete("admin-token", "ci~1", record.version())));

      desk.scheduler.advance(Duration.ofSeconds(6));

      assertThat(status(desk, token)).isEqualTo(401);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"name\":\"a b\",\"scope\":\"READ\"}|422|name of a token must have",
        "{\"name\":\"ci\",\"scope\":\"ROOT\"}|422|must be READ, OPERATE or ADMIN",
        "{\"name\":\"ci\"}|422|must be READ, OPERATE or ADMIN",
        "{\"name\":\"ci\",\"scope\":\"READ\",\"end\":\"soon\"}|422|must be an instant",
        "{\"name\":\"ci\",\"scope\":\"READ\",\"end\":\"2020-01-01T00:00:00Z\"}|422|end must lie"
            + " ahead",
        "{\"nam\":\"ci\"}|422|the properties are name, scope, tags and end",
        "[]|400|the body must be a JSON object",
        "{|400|the body is no JSON",
      })
  void tokenOfTheStore_thatIsWrong_isRefused(String body, int status, String detail) {
    try (Desk desk = Desk.open(Desk.tokens(Admin.embedded()))) {
      Response response = create(desk, body);

      assertThat(response.status()).isEqualTo(status);
      assertThat(text(response)).contains(detail);
    }
  }

  private static int status(Desk desk, String token) {
    return desk.get("/", "authorization", "Bearer " + token).status();
  }

  private static Response create(Desk desk, String body) {
    return desk.ask(
        "POST",
        "/api/v1/tokens",
        body,
        "authorization",
        "Bearer " + Desk.ADMIN,
        "content-type",
        "application/json");
  }

  private static Response delete(Desk desk, String id) {
    return desk.ask("DELETE", "/api/v1/tokens/" + id, "", "authorization", "Bearer " + Desk.ADMIN);
  }

  private static Response list(Desk desk) {
    return desk.get("/api/v1/tokens", "authorization", "Bearer " + Desk.ADMIN);
  }

  private static String stored(Desk desk) {
    return desk.scheduler.store().records().list(RecordQuery.of("admin-token", 10)).toString();
  }

  private static JsonNode json(Response response) throws Exception {
    return new ObjectMapper().readTree(text(response));
  }
}
