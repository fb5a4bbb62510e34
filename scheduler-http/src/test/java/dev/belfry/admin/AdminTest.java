// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.http.AccessToken;
import dev.belfry.http.Response;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Requests;
import dev.belfry.run.RunId;
import dev.belfry.webhook.SignatureScheme;
import dev.belfry.webhook.WebhookSecret;
import dev.belfry.webhook.WebhookSigner;
import dev.belfry.webhook.WebhookVerifier;
import java.net.ConnectException;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What starts, what does not, and what is on the wire. */
class AdminTest {
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";
  private static final Job<Void> AUDIT = Job.named("audit").handler(ctx -> {});
  private static final Job<Void> OTHER = Job.named("other").handler(ctx -> {});

  static Stream<Arguments> unsafe() {
    return Stream.of(
        Arguments.of(
            Admin.on(0),
            "Admin has neither a token nor an authenticator, so anybody could use it; add"
                + " .token(\"ops\", env(\"ADMIN_TOKEN\"), Scope.OPERATE), or use Admin.local() on"
                + " your own machine"),
        Arguments.of(
            Admin.on(0).bind("0.0.0.0").dashboard(),
            "Admin has neither a token nor an authenticator, so anybody could use it; add"
                + " .token(\"ops\", env(\"ADMIN_TOKEN\"), Scope.OPERATE), or use Admin.local() on"
                + " your own machine"),
        Arguments.of(
            Admin.embedded(),
            "Admin has neither a token nor an authenticator, so anybody could use it; add"
                + " .token(\"ops\", env(\"ADMIN_TOKEN\"), Scope.OPERATE), or use Admin.local() on"
                + " your own machine"),
        Arguments.of(
            Admin.local().bind("0.0.0.0"),
            "Admin.local() is for this machine and can't listen to 0.0.0.0; use Admin.on(port)"
                + " with a token"),
        Arguments.of(
            Admin.on(0).token("ops", () -> "changeit", Scope.READ),
            "token \"ops\" has 8 characters and must have at least 32; make one with: openssl"
                + " rand -hex 32"),
        Arguments.of(
            Admin.on(0)
                .token("ops", TOKEN, Scope.READ)
                .token("ops", TOKEN, Scope.READ)
                .token("ops", TOKEN, Scope.READ),
            "there are three tokens \"ops\"; two at most, the old one and the new one"),
        Arguments.of(
            Admin.on(0).token("ops", TOKEN, Scope.READ).hook(AUDIT, "short"),
            "hook of job \"audit\": token \"hook\" has 5 characters and must have at least 32;"
                + " make one with: openssl rand -hex 32"),
        Arguments.of(
            Admin.on(0).token("ops", TOKEN, Scope.READ).hook(OTHER, TOKEN),
            "Admin names the job \"other\", which is not registered; registered: [audit]"),
        Arguments.of(
            Admin.on(0).token("ops", TOKEN, Scope.READ).critical(OTHER),
            "Admin names the job \"other\", which is not registered; registered: [audit]"),
        Arguments.of(
            Admin.on(0).token("ops", TOKEN, Scope.READ).allowFrom("10.0.0.1/8"),
            "bad network \"10.0.0.1/8\": it must be like 10.0.0.0/8 or fc00::/7, without more"
                + " bits"),
        Arguments.of(
            Admin.on(0).token("ops", TOKEN, Scope.READ).allowHosts("jobs.example.com:80"),
            "bad host name \"jobs.example.com:80\": it must be like jobs.example.com, without a"
                + " port"));
  }

  @ParameterizedTest
  @MethodSource("unsafe")
  void whatIsNotSafe_doesNotStart(Admin admin, String sentence) {
    assertThatThrownBy(() -> Scheduler.builder().register(AUDIT).with(admin).start())
        .isInstanceOfAny(IllegalStateException.class, IllegalArgumentException.class)
        .hasMessage(sentence);
    assertThat(admin.address()).isEmpty();
  }

  @Test
  void wrongValues_areRefusedAtOnce() {
    assertThatThrownBy(() -> Admin.on(70_000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("port must be 0 to 65535, was 70000");
    assertThatThrownBy(() -> Admin.on(0).basePath("ops/"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("base path must be like /ops/jobs, without a slash at its end, was \"ops/\"");
    assertThatThrownBy(() -> Admin.on(0).token("ops", "short", Scope.READ))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "token \"ops\" has 5 characters and must have at least 32; make one with: openssl"
                + " rand -hex 32");
  }

  @Test
  void portThatIsTaken_isNamed() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Admin admin = Admin.on(taken.getLocalPort()).token("ops", TOKEN, Scope.READ);

      assertThatThrownBy(() -> Scheduler.builder().register(AUDIT).with(admin).start())
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "Admin can't listen to 127.0.0.1:"
                  + taken.getLocalPort()
                  + ": Address already in use");
    }
  }

  @Test
  void methods_changeNothingButReturnAnother() {
    Admin plain = Admin.on(0);

    assertThat(plain.token("ops", TOKEN, Scope.READ)).isNotSameAs(plain);
    assertThatThrownBy(() -> Scheduler.builder().register(AUDIT).with(plain).start())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void one_servesOneScheduler() {
    Admin admin = Admin.on(0).token("ops", TOKEN, Scope.READ);
    try (Scheduler first = Scheduler.builder().register(AUDIT).with(admin).start()) {
      assertThatThrownBy(() -> Scheduler.builder().register(AUDIT).with(admin).start())
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("this Admin serves another scheduler already");
      assertThat(first).isNotNull();
    }
  }

  @Test
  void on_listensToThisMachineOnly_underItsPath_untilTheSchedulerCloses() throws Exception {
    Admin admin =
        Admin.on(0)
            .basePath("/ops/jobs")
            .token("ops", TOKEN, Scope.READ)
            .routes(context -> Desk.ROUTES);
    InetSocketAddress address;
    try (Scheduler scheduler = Scheduler.builder().register(AUDIT).with(admin).start()) {
      address = admin.address().orElseThrow();
      assertThat(address.getAddress().isLoopbackAddress()).isTrue();
      assertThat(get(address, "/ops/jobs/health/ready").body()).isEqualTo("{\"status\":\"up\"}");
      assertThat(get(address, "/ops/jobs/things/7").statusCode()).isEqualTo(401);
      assertThat(get(address, "/ops/jobs/things/7", "Authorization", "Bearer " + TOKEN).body())
          .isEqualTo("ops");
      assertThat(get(address, "/things/7", "Authorization", "Bearer " + TOKEN).body())
          .isEqualTo("ops"); // as from a proxy that takes the path off
      assertThat(scheduler).isNotNull();
    }
    assertThat(admin.address()).isEmpty();
    assertThatThrownBy(() -> get(address, "/ops/jobs/health/live"))
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void handler_answers503_whileTheSchedulerIsNotStarted() {
    Admin admin = Admin.embedded().token("ops", TOKEN, Scope.READ);

    assertThat(Requests.text(admin.handler().handle(Requests.of("GET", "/"))))
        .contains("\"detail\":\"the scheduler is not started\",\"code\":\"not-started\"");
    Scheduler.builder().register(AUDIT).with(admin).start().close();
    assertThat(admin.handler().handle(Requests.of("GET", "/")).status()).isEqualTo(503);
  }

  @Test
  void local_logsALink_thatServesOnce_andThenTheNext() throws Exception {
    Admin admin = Admin.local().routes(context -> Desk.ROUTES);
    try (var lines = new LogLines();
        Scheduler scheduler = Scheduler.builder().register(AUDIT).with(admin).start()) {
      URI first = link(lines, 0);
      assertThat(first.getHost()).isEqualTo("127.0.0.1");
      HttpClient browser = browser();

      HttpResponse<String> page = get(browser, first);
      assertThat(page.uri().getPath()).isEqualTo("/");
      assertThat(page.body()).isEqualTo("local");
      assertThat(get(browser, first.resolve("/things/7")).body()).isEqualTo("local");
      assertThat(get(browser(), first.resolve("/things/7")).body()).isEqualTo("log in");

      HttpResponse<String> used = get(browser(), first);
      assertThat(used.uri()).isEqualTo(first.resolve("/login?failed=link"));
      assertThat(used.body()).isEqualTo("log in");
      assertThat(get(browser(), link(lines, 1)).body()).isEqualTo("local");
      assertThat(scheduler).isNotNull();
    }
  }

  @Test
  void dashboardAndApi_standBehindTheGuard() throws Exception {
    Admin admin = Admin.on(0).basePath("/ops").token("ops", TOKEN, Scope.READ).dashboard();
    try (Scheduler scheduler = Scheduler.builder().register(AUDIT).with(admin).start()) {
      assertThat(scheduler).isNotNull();
      InetSocketAddress at = admin.address().orElseThrow();
      URI jobs = URI.create("http://127.0.0.1:" + at.getPort() + "/ops/jobs?view=cards");

      assertThat(get(at, "/ops/api/v1/jobs").statusCode()).isEqualTo(401);
      assertThat(get(at, "/ops/api/v1/jobs", "Authorization", "Bearer " + TOKEN).body())
          .contains("\"audit\"");
      HttpClient browser = browser();
      HttpResponse<String> login = get(browser, jobs);
      assertThat(login.uri().toString()).endsWith("/ops/login?next=%2Fjobs%3Fview%3Dcards");
      assertThat(login.body()).contains("name=\"next\" value=\"/jobs?view=cards\"");

      HttpResponse<String> wrong = signIn(browser, login.uri(), "wrong");
      assertThat(wrong.statusCode()).isEqualTo(200);
      assertThat(wrong.body()).contains("This token is not known, or no longer.");
      HttpResponse<String> page = signIn(browser, wrong.uri(), TOKEN);
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.uri()).isEqualTo(jobs);
      assertThat(page.body()).contains("audit");
    }
  }

  private static HttpResponse<String> signIn(HttpClient browser, URI page, String token)
      throws Exception {
    return browser.send(
        HttpRequest.newBuilder(page)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Sec-Fetch-Site", "same-origin")
            .header("Accept", "text/html")
            .POST(HttpRequest.BodyPublishers.ofString("token=" + token + "&" + page.getRawQuery()))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void tokenThatEnds_isSaidAWeekBefore() {
    Admin admin =
        Desk.tokens(Admin.embedded())
            .token(
                AccessToken.of("old", TOKEN, Scope.READ)
                    .until(Desk.NOON.plus(Duration.ofDays(10))));
    try (var lines = new LogLines();
        Desk desk = Desk.open(admin)) {
      assertThat(lines.of("WARN token")).isEmpty();

      desk.scheduler.advance(Duration.ofDays(5));
      assertThat(lines.of("WARN token"))
          .containsExactly(
              "WARN token \"old\" ends 2026-03-11T12:00:00Z, in 6 days; give a new one beside it",
              "WARN token \"old\" ends 2026-03-11T12:00:00Z, in 5 days; give a new one beside it");

      desk.scheduler.advance(Duration.ofDays(5));
      assertThat(lines.of("WARN token"))
          .contains("WARN token \"old\" ended 2026-03-11T12:00:00Z and lets nobody in any more");
    }
  }

  @Test
  void manyRefusals_areSaidOnceAMinute() {
    try (var lines = new LogLines();
        Desk desk = Desk.open(Desk.tokens(Admin.embedded()))) {
      for (int i = 0; i < 250; i++) {
        desk.get("/");
      }
      assertThat(lines.of("WARN 100 requests"))
          .containsExactly(
              "WARN 100 requests were refused within a minute, the last one from 127.0.0.1 with"
                  + " status 401");

      desk.scheduler.advance(Duration.ofMinutes(2));
      for (int i = 0; i < 250; i++) {
        desk.get("/");
      }
      assertThat(lines.of("WARN 100 requests")).hasSize(2);
    }
  }

  @Test
  void hook_enqueuesARun_forWhoeverHasItsSecret() throws Exception {
    Admin admin = Desk.tokens(Admin.embedded()).hook(AUDIT, TOKEN);
    try (Desk desk = Desk.open(admin, AUDIT)) {
      var answer = desk.ask("POST", "/hooks/audit", "{}", "authorization", "Bearer " + TOKEN);

      assertThat(answer.status()).isEqualTo(202);
      desk.scheduler.runDue();
      assertThat(desk.scheduler.client().run(run(Desk.text(answer))).orElseThrow().job())
          .isEqualTo("audit");
      desk.scheduler.assertThatRun("audit").completed();
      var admins = desk.ask("POST", "/hooks/audit", "", "authorization", "Bearer " + Desk.ADMIN);
      assertThat(admins.status()).isEqualTo(401);
      assertThat(Desk.text(admins)).contains("\"detail\":\"this token is not known here\"");
      assertThat(desk.ask("GET", "/hooks/audit", "").status()).isEqualTo(405);
    }
  }

  @Test
  void hook_withAKey_makesOneRunADay_ofOneInput() {
    var seen = new ArrayList<Order>();
    Job<Order> ship = Job.named("ship", Order.class).handler((ctx, order) -> seen.add(order));
    Admin admin = Desk.tokens(Admin.embedded()).hook(ship, TOKEN);
    try (Desk desk = Desk.open(admin, ship)) {
      for (int i = 0; i < 3; i++) {
        assertThat(ship(desk, "{\"id\":\"7\",\"count\":2}", "k1").status()).isEqualTo(202);
      }
      desk.scheduler.runDue();
      assertThat(ship(desk, "{\"id\":\"8\",\"count\":1}", "k2").status()).isEqualTo(202);
      assertThat(ship(desk, "{\"id\":\"7\",\"count\":2}", "k1").status()).isEqualTo(202);
      desk.scheduler.runDue();

      assertThat(seen).containsExactly(new Order("7", 2), new Order("8", 1));
      var wrong = ship(desk, "{\"id\":\"7\",\"count\":\"many\"}", "k3");
      assertThat(wrong.status()).isEqualTo(422);
      assertThat(Desk.text(wrong)).contains("at $.count");
      assertThat(ship(desk, "{}", "x".repeat(191)).status()).isEqualTo(422);
    }
  }

  record Order(String id, int count) {}

  private static Response ship(Desk desk, String body, String key) {
    return desk.ask(
        "POST", "/hooks/ship", body, "authorization", "Bearer " + TOKEN, "idempotency-key", key);
  }

  @Test
  void hook_takesSignedWebhooks_onceEach() {
    WebhookSecret secret = WebhookSecret.generate();
    Admin admin =
        Desk.tokens(Admin.embedded())
            .hook(
                AUDIT,
                WebhookVerifier.of(SignatureScheme.STANDARD, secret).withClock(() -> Desk.NOON));
    try (Desk desk = Desk.open(admin, AUDIT)) {
      var signed =
          WebhookSigner.of(SignatureScheme.STANDARD, secret)
              .headers("msg_1", Desk.NOON, "{}".getBytes(UTF_8));
      String[] headers =
          signed.entrySet().stream()
              .flatMap(e -> Stream.of(e.getKey(), e.getValue()))
              .toArray(String[]::new);

      String first = Desk.text(desk.ask("POST", "/hooks/audit", "{}", headers));
      String again = Desk.text(desk.ask("POST", "/hooks/audit", "{}", headers));

      assertThat(run(first)).isEqualTo(run(again));
      assertThat(desk.ask("POST", "/hooks/audit", "{} ", headers).status()).isEqualTo(401);
      assertThat(desk.ask("POST", "/hooks/audit", "{}").status()).isEqualTo(401);
    }
  }

  @Test
  void hook_isClosed_whenNothingMayBeChanged() {
    Admin admin = Desk.tokens(Admin.embedded()).hook(AUDIT, TOKEN).readOnly();
    try (Desk desk = Desk.open(admin, AUDIT)) {
      assertThat(desk.ask("POST", "/hooks/audit", "", "authorization", "Bearer " + TOKEN).status())
          .isEqualTo(403);
    }
  }

  private static RunId run(String json) {
    assertThat(json).matches("\\{\"run\":\"[^\"]+\"}");
    return RunId.parse(json.substring(8, json.length() - 2));
  }

  private static URI link(LogLines lines, int index) {
    List<String> links = lines.of("INFO Belfry dashboard: ");
    assertThat(links).hasSize(index + 1);
    return URI.create(links.get(index).split(" ", -1)[3]);
  }

  private static HttpClient browser() {
    return HttpClient.newBuilder()
        .cookieHandler(new CookieManager())
        .followRedirects(HttpClient.Redirect.NORMAL)
        .build();
  }

  private static HttpResponse<String> get(InetSocketAddress at, String path, String... headers)
      throws Exception {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at.getPort() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newHttpClient()
        .send(
            request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> get(HttpClient client, URI url) throws Exception {
    return client.send(
        HttpRequest.newBuilder(url)
            .header("Accept", "text/html")
            .timeout(Duration.ofSeconds(20))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
