// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin;

import static dev.belfry.admin.Desk.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.http.Principal;
import dev.belfry.http.Response;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what: every kind of caller on every kind of route. */
class AccessTest {
  private static final Map<String, String> TOKENS =
      Map.of(
          "bad", "nobody-0123456789abcdef0123456789abcdef",
          "read", Desk.READ,
          "operate", Desk.OPERATE,
          "admin", Desk.ADMIN,
          "confined", Desk.CONFINED);
  private static final List<String> CALLERS =
      List.of("none", "bad", "read", "operate", "admin", "confined");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // none, bad, read, operate, admin, confined
        "GET    | /                  | 401 401 200 200 200 200 | 401 401 200 200 200 200",
        "HEAD   | /                  | 401 401 200 200 200 200 | 401 401 200 200 200 200",
        "GET    | /things/7          | 401 401 200 200 200 200 | 401 401 200 200 200 200",
        "OPTIONS| /things/7          | 401 401 204 204 204 204 | 401 401 204 204 204 204",
        "POST   | /things            | 401 401 403 200 200 200 | 401 401 403 403 403 403",
        "DELETE | /things/7          | 401 401 403 403 200 403 | 401 401 403 403 403 403",
        "PUT    | /things/7          | 401 401 405 405 405 405 | 401 401 403 403 403 403",
        "GET    | /nothing           | 401 401 404 404 404 404 | 401 401 404 404 404 404",
        "GET    | /api/v1/tokens     | 401 401 403 403 200 403 | 401 401 403 403 200 403",
        "POST   | /api/v1/tokens     | 401 401 403 403 415 403 | 401 401 403 403 403 403",
        "DELETE | /api/v1/tokens/x~1 | 401 401 403 403 404 403 | 401 401 403 403 403 403",
        "GET    | /login             | 200 200 200 200 200 200 | 200 200 200 200 200 200",
        "GET    | /assets/x.css      | 200 200 200 200 200 200 | 200 200 200 200 200 200",
        "GET    | /health/live       | 200 200 200 200 200 200 | 200 200 200 200 200 200",
        "GET    | /health/ready      | 200 200 200 200 200 200 | 200 200 200 200 200 200",
        "GET    | /health/jobs       | 200 200 200 200 200 200 | 200 200 200 200 200 200",
        "POST   | /hooks/none        | 401 401 401 401 401 401 | 401 401 401 401 401 401",
        "POST   | /login             | 403 403 403 403 403 403 | 403 403 403 403 403 403",
        "POST   | /logout            | 403 403 403 403 403 403 | 403 403 403 403 403 403",
        "GET    | /login/guess       | 401 401 401 401 401 401 | 401 401 401 401 401 401",
      })
  void route_byCaller(String method, String path, String open, String readOnly) {
    assertThat(statuses(Desk.tokens(Admin.embedded()), method, path)).isEqualTo(open);
    assertThat(statuses(Desk.tokens(Admin.embedded()).readOnly(), method, path))
        .isEqualTo(readOnly);
  }

  private static String statuses(Admin admin, String method, String path) {
    try (Desk desk = Desk.open(admin)) {
      var statuses = new ArrayList<String>();
      for (String caller : CALLERS) {
        Response response =
            TOKENS.containsKey(caller)
                ? desk.ask(method, path, "", "authorization", "Bearer " + TOKENS.get(caller))
                : desk.ask(method, path, "");
        statuses.add(Integer.toString(response.status()));
      }
      return String.join(" ", statuses);
    }
  }

  @Test
  void answers_sayWhatIsWrong() {
    try (Desk desk = Desk.open(Desk.tokens(Admin.embedded()).readOnly())) {
      assertThat(text(desk.get("/"))).contains("\"code\":\"unauthenticated\"");
      assertThat(desk.get("/").headers().one("www-authenticate")).contains("Bearer");
      Response bad = desk.get("/", "authorization", "Bearer wrong");
      assertThat(text(bad)).contains("\"detail\":\"this token is not known here\"");
      assertThat(bad.headers().one("www-authenticate")).contains("Bearer error=\"invalid_token\"");
      assertThat(text(desk.ask("POST", "/things", "", "authorization", "Bearer " + Desk.ADMIN)))
          .contains("\"detail\":\"nothing can be changed here\",\"code\":\"read-only\"");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/nothing", "/login", "/assets/x.css", "/health/live", "/%zz"})
  void everyAnswer_hasStrictHeaders(String path) {
    try (Desk desk = Desk.open(Desk.tokens(Admin.embedded()))) {
      Response response = desk.get(path);

      assertThat(response.headers().asMap())
          .containsEntry(
              "content-security-policy",
              List.of(
                  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                      + " connect-src 'self'; form-action 'self'; base-uri 'none';"
                      + " frame-ancestors 'none'"))
          .containsEntry("x-frame-options", List.of("DENY"))
          .containsEntry("x-content-type-options", List.of("nosniff"))
          .containsEntry("referrer-policy", List.of("no-referrer"))
          .containsEntry("cross-origin-opener-policy", List.of("same-origin"))
          .containsEntry("cross-origin-resource-policy", List.of("same-origin"))
          .containsEntry(
              "cache-control",
              List.of(path.startsWith("/assets") ? "max-age=31536000" : "no-store"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:8080, 200",
    "LOCALHOST, 200",
    "127.0.0.1:8080, 200",
    "[::1]:8080, 200",
    "10.1.2.3, 200",
    "jobs.example.com, 200",
    "Jobs.Example.com:443, 200",
    "evil.example, 421",
    "localhost.evil.example, 421",
    "127.0.0.1.evil.example, 421",
    "jobs.example.com.evil.example, 421",
    "'', 421",
    "a b, 421",
  })
  void hostName_thatIsNotOurs_isRefused_soThatNoPageElsewhereReadsUs(String host, int status) {
    try (Desk desk =
        Desk.open(Desk.tokens(Admin.on(0)).allowHosts("jobs.example.com", "other.example"))) {
      Response response = desk.get("/", "host", host, "authorization", "Bearer " + Desk.READ);

      assertThat(response.status()).isEqualTo(status);
      assertThat(desk.get("/health/live", "host", host).status()).isEqualTo(status);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3, 200",
    "11.1.2.3, 403",
    "fd00::1, 200",
    "2001:db8::1, 403",
    "127.0.0.1, 403"
  })
  void address_outsideTheNetworks_isRefused(String from, int status) {
    try (Desk desk = Desk.open(Desk.tokens(Admin.embedded()).allowFrom("10.0.0.0/8", "fc00::/7"))) {
      assertThat(
              desk.ask("GET", "/", "", from, false, "authorization", "Bearer " + Desk.READ)
                  .status())
          .isEqualTo(status);
      assertThat(desk.ask("GET", "/health/live", "", from, false).status()).isEqualTo(status);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "10.9.9.9, 192.168.1.1, 200", // a proxy of ours, a client of ours
    "10.9.9.9, '192.168.1.1, 10.9.9.8', 200", // two proxies of ours
    "10.9.9.9, '192.168.1.1, 8.8.8.8', 403", // what the client wrote itself is not believed
    "10.9.9.9, 'nonsense', 403",
    "8.8.8.8, 192.168.1.1, 403", // no proxy of ours
  })
  void forwardedAddress_isThatOfTheLastWhomWeTrust(String from, String forwarded, int status) {
    try (Desk desk =
        Desk.open(
            Desk.tokens(Admin.embedded()).allowFrom("192.168.0.0/16").trustProxies("10.0.0.0/8"))) {
      assertThat(
              desk.ask("GET", "/health/live", "", from, false, "x-forwarded-for", forwarded)
                  .status())
          .isEqualTo(status);
    }
  }

  @Test
  void wrongTokens_areSlowedDown_whileGoodOnesGoOn() {
    try (Desk desk = Desk.open(Desk.tokens(Admin.embedded()))) {
      for (int i = 0; i < 10; i++) {
        assertThat(desk.get("/", "authorization", "Bearer guess" + i).status()).isEqualTo(401);
      }

      Response slowed = desk.get("/", "authorization", "Bearer guess");
      assertThat(slowed.status()).isEqualTo(429);
      assertThat(slowed.headers().one("retry-after")).contains("10");
      assertThat(text(slowed))
          .contains("\"detail\":\"too many requests; wait 10 s\",\"code\":\"too-many\"");
      assertThat(desk.ask("POST", "/hooks/none", "").status()).isEqualTo(429);
      assertThat(desk.get("/", "authorization", "Bearer " + Desk.READ).status()).isEqualTo(200);

      desk.scheduler.advance(Duration.ofSeconds(10));
      assertThat(desk.get("/", "authorization", "Bearer guess").status()).isEqualTo(401);
      assertThat(desk.get("/", "authorization", "Bearer guess").status()).isEqualTo(429);
    }
  }

  @Test
  void requests_areLimited_byWhoAsks() {
    try (Desk desk = Desk.open(Desk.tokens(Admin.embedded()))) {
      int good = 0;
      while (desk.get("/", "authorization", "Bearer " + Desk.READ).status() == 200) {
        good++;
      }

      assertThat(good).isEqualTo(300);
      assertThat(desk.get("/", "authorization", "Bearer " + Desk.ADMIN).status()).isEqualTo(200);
      desk.scheduler.advance(Duration.ofSeconds(1));
      assertThat(desk.get("/", "authorization", "Bearer " + Desk.READ).status()).isEqualTo(200);
    }
  }

  @Test
  void authenticator_isAskedWhenNoTokenIsGiven() {
    Admin admin =
        Admin.embedded()
            .routes(context -> Desk.ROUTES)
            .authenticator(
                r -> r.headers().one("x-user").map(user -> Principal.of(user, Scope.OPERATE)));
    try (Desk desk = Desk.open(admin)) {
      assertThat(text(desk.get("/", "x-user", "emma"))).isEqualTo("emma");
      assertThat(desk.get("/").status()).isEqualTo(401);
      assertThat(desk.ask("POST", "/things", "x", "x-user", "emma").status()).isEqualTo(403);
      assertThat(
              desk.ask("POST", "/things", "x", "x-user", "emma", "sec-fetch-site", "same-origin")
                  .status())
          .isEqualTo(200);
    }
  }

  @Test
  void body_isBounded_whateverServerItComesFrom() {
    try (Desk desk = Desk.open(Desk.tokens(Admin.embedded()))) {
      String most = "x".repeat(1024 * 1024);
      String[] operator = {"authorization", "Bearer " + Desk.OPERATE};

      assertThat(desk.ask("POST", "/things", most, operator).status()).isEqualTo(200);
      Response refused = desk.ask("POST", "/things", most + "x", operator);
      assertThat(refused.status()).isEqualTo(413);
      assertThat(text(refused))
          .contains("\"detail\":\"the body may have 1048576 bytes, has more\"");
    }
  }

  @Test
  void authenticatorThatFails_lets_nobodyIn() {
    Admin admin =
        Admin.embedded()
            .routes(context -> Desk.ROUTES)
            .authenticator(
                r -> {
                  throw new IllegalStateException("directory is down");
                });
    try (Desk desk = Desk.open(admin)) {
      assertThat(desk.get("/").status()).isEqualTo(500);
    }
  }

  @Test
  void confinedToken_knowsItsTags() {
    Admin admin =
        Desk.tokens(Admin.embedded())
            .routes(
                context ->
                    List.of(
                        Route.get(
                            "/tags",
                            call ->
                                Response.of(
                                    200, "text/plain", call.principal().tags().toString()))));
    try (Desk desk = Desk.open(admin)) {
      assertThat(text(desk.get("/tags", "authorization", "bearer " + Desk.CONFINED)))
          .isEqualTo("[project=p1]");
      assertThat(Optional.of(text(desk.get("/tags", "authorization", "Bearer " + Desk.READ))))
          .contains("[]");
    }
  }
}
