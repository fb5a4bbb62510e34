// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin;

import static dev.belfry.admin.Desk.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.http.AccessToken;
import dev.belfry.http.Response;
import dev.belfry.http.Scope;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions of browsers, and what a page elsewhere can't have them do. */
class LoginTest {
  private static final String FORM = "application/x-www-form-urlencoded";

  @ParameterizedTest
  @CsvSource({
    // Sec-Fetch-Site, Origin, Referer, status of an unsafe request with a session
    "same-origin, '', '', 200",
    "same-origin, https://evil.example, '', 200", // can't come from a browser
    "same-site, http://localhost:8080, '', 403",
    "cross-site, http://localhost:8080, '', 403",
    "none, '', '', 403",
    "SAME-ORIGIN, '', '', 403",
    "'', http://localhost:8080, '', 200",
    "'', HTTP://localhost:8080, '', 403", // browsers write it small
    "'', https://localhost:8080, '', 200", // a proxy may take the encryption off
    "'', http://localhost:8081, '', 403",
    "'', http://localhost, '', 403",
    "'', http://localhost.evil.example:8080, '', 403",
    "'', http://evil.example, http://localhost:8080/, 403",
    "'', null, '', 403",
    "'', http://jobs.example.com, '', 200", // the name that a proxy is known by
    "'', '', http://localhost:8080/runs?x=y, 200",
    "'', '', http://localhost:8080@evil.example/, 403",
    "'', '', http://evil.example/http://localhost:8080/, 403",
    "'', '', '', 403",
  })
  void unsafeRequest_withASession_mustComeFromAPageOfOurs(
      String site, String origin, String referer, int status) {
    try (Desk desk = Desk.open(Desk.tokens(Admin.on(0)).allowHosts("jobs.example.com"))) {
      String cookie = cookie(login(desk, Desk.ADMIN));

      Response response =
          desk.ask("POST", "/things", "x", headers("cookie", cookie, site, origin, referer));
      Response byToken =
          desk.ask(
              "POST",
              "/things",
              "x",
              headers("authorization", "Bearer " + Desk.ADMIN, site, origin, referer));
      Response safe = desk.get("/things/7", headers("cookie", cookie, site, origin, referer));

      assertThat(response.status()).isEqualTo(status);
      assertThat(byToken.status()).isEqualTo(200);
      assertThat(safe.status()).isEqualTo(200);
      assertThat(desk.ask("POST", "/login", "token=x", form(site, origin, referer)).status())
          .isEqualTo(status == 200 ? 303 : 403);
      assertThat(
              desk.ask("POST", "/logout", "", headers("cookie", cookie, site, origin, referer))
                  .status())
          .isEqualTo(status == 200 ? 303 : 403);
      if (status == 403) {
        assertThat(text(response))
            .contains(
                "\"detail\":\"a browser may do this from a page of ours only; programs send a"
                    + " bearer token\",\"code\":\"cross-site\"");
      }
    }
  }

  @Test
  void originWithoutEncryption_isNotThatOfAnEncryptedPage() {
    try (Desk desk = Desk.open(Desk.tokens(Admin.on(0)))) {
      String cookie = cookie(login(desk, Desk.ADMIN));

      assertThat(
              desk.ask(
                      "POST",
                      "/things",
                      "x",
                      "127.0.0.1",
                      true,
                      "cookie",
                      cookie,
                      "origin",
                      "http://localhost:8080")
                  .status())
          .isEqualTo(403);
    }
  }

  @Test
  void login_givesACookieThatScriptsAndOtherPlacesDoNotGet() {
    try (Desk desk = Desk.open(Desk.tokens(Admin.embedded()))) {
      Response response = login(desk, Desk.READ);

      assertThat(response.status()).isEqualTo(303);
      assertThat(response.headers().one("location")).contains("/ops/");
      assertThat(response.headers().one("set-cookie").orElseThrow())
          .matches(
              "belfry_session=[A-Za-z0-9_-]{43}; Path=/ops/; Max-Age=43200; HttpOnly;"
                  + " SameSite=Strict");
      assertThat(text(desk.get("/", "cookie", "a=b; " + cookie(response) + "; c=d")))
          .isEqualTo("reader");
      assertThat(
              desk.ask(
                      "POST",
                      "/login",
                      "token=" + Desk.READ,
                      "127.0.0.1",
                      true,
                      "sec-fetch-site",
                      "same-origin",
                      "content-type",
                      FORM)
                  .headers()
                  .one("set-cookie")
                  .orElseThrow())
          .endsWith("; HttpOnly; SameSite=Strict; Secure");
    }
  }

  @Test
  void login_isSecure_whenATrustedProxySaysSo() {
    try (Desk desk = Desk.open(Desk.tokens(Admin.embedded()).trustProxies("127.0.0.0/8"))) {
      assertThat(
              desk.ask(
                      "POST",
                      "/login",
                      "token=" + Desk.READ,
                      "sec-fetch-site",
                      "same-origin",
                      "content-type",
                      FORM,
                      "x-forwarded-proto",
                      "https")
                  .headers()
                  .one("set-cookie")
                  .orElseThrow())
          .endsWith("; Secure");
    }
  }

  @Test
  void login_withAWrongToken_goesBack_andIsSlowedDown() {
    try (Desk desk = Desk.open(Desk.tokens(Admin.embedded()))) {
      for (int i = 0; i < 10; i++) {
        Response response = login(desk, "guess");
        assertThat(response.status()).isEqualTo(303);
        assertThat(response.headers().one("location")).contains("/ops/login?failed=token");
        assertThat(response.headers().one("set-cookie")).isEmpty();
      }

      assertThat(login(desk, "guess").status()).isEqualTo(429);
      assertThat(login(desk, Desk.READ).headers().one("set-cookie")).isPresent();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/runs?state=FAILED, /ops/runs?state=FAILED",
    "/, /ops/",
    "//evil.example, /ops/",
    "/\\evil.example, /ops/",
    "https://evil.example/, /ops/",
    "'/a b', /ops/",
    "'', /ops/",
  })
  void login_goesOnWhereOneWanted_withinOurselves(String next, String location) {
    try (Desk desk = Desk.open(Desk.tokens(Admin.embedded()))) {
      String body = "token=" + Desk.READ + "&next=" + URLEncoder.encode(next, UTF_8);

      Response response = desk.ask("POST", "/login", body, form("same-origin", "", ""));

      assertThat(response.headers().one("location")).contains(location);
    }
  }

  @Test
  void page_askedForByABrowserThatIsNotLoggedIn_isTheLogin() {
    try (Desk desk = Desk.open(Desk.tokens(Admin.embedded()).dashboard())) {
      Response response = desk.get("/runs?state=FAILED&x=1", "accept", "text/html,*/*;q=0.8");

      assertThat(response.status()).isEqualTo(303);
      assertThat(response.headers().one("location"))
          .contains("/ops/login?next=%2Fruns%3Fstate%3DFAILED%26x%3D1");
      assertThat(desk.get("/", "accept", "text/html").headers().one("location"))
          .contains("/ops/login");
      assertThat(desk.get("/", "accept", "application/json").status()).isEqualTo(401);
      assertThat(desk.ask("POST", "/things", "", "accept", "text/html").status()).isEqualTo(401);
    }
  }

  @Test
  void session_endsAfterAnHourWithoutARequest_andAfterTwelve() {
    try (Desk desk = Desk.open(Desk.tokens(Admin.embedded()))) {
      String idle = cookie(login(desk, Desk.READ));
      String busy = cookie(login(desk, Desk.READ));
      for (int i = 0; i < 14; i++) {
        assertThat(desk.get("/", "cookie", busy).status()).isEqualTo(200);
        desk.scheduler.advance(Duration.ofMinutes(50));
      }

      assertThat(desk.get("/", "cookie", idle).status()).isEqualTo(401);
      assertThat(desk.get("/", "cookie", busy).status()).isEqualTo(200);
      desk.scheduler.advance(Duration.ofMinutes(50));
      assertThat(desk.get("/", "cookie", busy).status()).isEqualTo(401);
    }
  }

  @Test
  void session_endsWithTheLogout_andANewLogin() {
    try (Desk desk = Desk.open(Desk.tokens(Admin.embedded()))) {
      String first = cookie(login(desk, Desk.READ));
      Response again =
          desk.ask(
              "POST",
              "/login",
              "token=" + Desk.OPERATE,
              "cookie",
              first,
              "sec-fetch-site",
              "same-origin",
              "content-type",
              FORM);
      String second = cookie(again);
      assertThat(second).isNotEqualTo(first);
      assertThat(desk.get("/", "cookie", first).status()).isEqualTo(401);
      assertThat(text(desk.get("/", "cookie", second))).isEqualTo("operator");

      Response out =
          desk.ask("POST", "/logout", "", "cookie", second, "sec-fetch-site", "same-origin");

      assertThat(out.status()).isEqualTo(303);
      assertThat(out.headers().one("location")).contains("/ops/login");
      assertThat(out.headers().one("set-cookie"))
          .contains("belfry_session=; Path=/ops/; Max-Age=0; HttpOnly; SameSite=Strict");
      assertThat(desk.get("/", "cookie", second).status()).isEqualTo(401);
    }
  }

  @Test
  void session_endsWithItsToken() {
    Admin admin =
        Desk.tokens(Admin.embedded())
            .token(
                AccessToken.of("guest", "guest-0123456789abcdef0123456789abc", Scope.READ)
                    .until(Desk.NOON.plusSeconds(600)));
    try (Desk desk = Desk.open(admin)) {
      String cookie = cookie(login(desk, "guest-0123456789abcdef0123456789abc"));
      assertThat(text(desk.get("/", "cookie", cookie))).isEqualTo("guest");

      desk.scheduler.advance(Duration.ofSeconds(601));

      assertThat(desk.get("/", "cookie", cookie).status()).isEqualTo(401);
    }
  }

  @Test
  void login_takesAFormOnly() {
    try (Desk desk = Desk.open(Desk.tokens(Admin.embedded()))) {
      Response response =
          desk.ask("POST", "/login", "{}", "sec-fetch-site", "same-origin", "content-type", "a/b");

      assertThat(response.status()).isEqualTo(415);
      assertThat(text(response))
          .contains("\"detail\":\"this takes a form: application/x-www-form-urlencoded\"");
    }
  }

  private static Response login(Desk desk, String token) {
    return desk.ask("POST", "/login", "token=" + token, form("same-origin", "", ""));
  }

  private static String cookie(Response response) {
    return response.headers().one("set-cookie").orElseThrow().split(";", 2)[0];
  }

  private static String[] form(String site, String origin, String referer) {
    return headers("content-type", FORM, site, origin, referer);
  }

  private static String[] headers(
      String name, String value, String site, String origin, String referer) {
    var headers = new ArrayList<>(List.of(name, value));
    if (!site.isEmpty()) {
      headers.addAll(List.of("sec-fetch-site", site));
    }
    if (!origin.isEmpty()) {
      headers.addAll(List.of("origin", origin));
    }
    if (!referer.isEmpty()) {
      headers.addAll(List.of("referer", referer));
    }
    return headers.toArray(String[]::new);
  }
}
