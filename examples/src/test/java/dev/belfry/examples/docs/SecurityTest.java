// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.admin.Admin;
import dev.belfry.http.AccessToken;
import dev.belfry.http.Handler;
import dev.belfry.http.Headers;
import dev.belfry.http.Principal;
import dev.belfry.http.Request;
import dev.belfry.http.Response;
import dev.belfry.http.Scope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The code of docs/security.md. */
class SecurityTest {
  private static final Duration YEAR = Duration.ofDays(365);

  @Test
  void admin_asInTheDocument() throws Exception {
    Job<Void> audit = Job.named("audit").handler(ctx -> {});
    Admin admin =
        Admin.on(0)
            .basePath("/ops/jobs")
            .token("ops", () -> env("ADMIN_TOKEN"), Scope.OPERATE)
            .token(
                AccessToken.of("tenant-7", env("TENANT_TOKEN"), Scope.READ)
                    .confinedTo("tenant=7")
                    .until(Instant.now().plus(YEAR)))
            .allowHosts("jobs.example.com")
            .allowFrom("10.0.0.0/8", "127.0.0.0/8")
            .trustProxies("10.0.0.1/32")
            .hook(audit, () -> env("CRON_SECRET"));
    try (Scheduler scheduler = Scheduler.builder().register(audit).with(admin).start()) {
      assertThat(scheduler).isNotNull();
      int port = admin.address().orElseThrow().getPort();
      assertThat(get("http://127.0.0.1:" + port + "/ops/jobs/health/live").body())
          .isEqualTo("{\"status\":\"up\"}");
    }
  }

  @Test
  void authenticator_asInTheDocument() {
    Admin admin =
        Admin.embedded()
            .authenticator(
                request ->
                    sessions(request.headers())
                        .map(user -> Principal.of(user, Scope.READ).confinedTo("owner=" + user)));

    assertThat(admin.address()).isEmpty();
  }

  @Test
  void admin_standsInAnyServer_byABridge() throws Exception {
    Admin admin = Admin.embedded().token("ops", env("ADMIN_TOKEN"), Scope.ADMIN);
    Job<Void> audit = Job.named("audit").handler(ctx -> {});
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/app/ops", exchange -> carry(exchange, "/app/ops", admin.handler()));
    server.start();
    try (Scheduler scheduler = Scheduler.builder().register(audit).with(admin).start()) {
      assertThat(scheduler).isNotNull();
      String base = "http://127.0.0.1:" + server.getAddress().getPort() + "/app/ops";
      assertThat(get(base + "/health/ready").body()).isEqualTo("{\"status\":\"up\"}");
      assertThat(get(base + "/api/v1/tokens").statusCode()).isEqualTo(401);
    } finally {
      server.stop(0);
    }
  }

  static void carry(HttpExchange x, String base, Handler handler) throws IOException {
    URI uri = x.getRequestURI();
    Response response =
        handler.handle(
            new Request(
                x.getRequestMethod(),
                base,
                uri.getRawPath().substring(base.length()),
                Optional.ofNullable(uri.getRawQuery()).orElse(""),
                Headers.of(x.getRequestHeaders()),
                x.getRequestBody(),
                x.getRemoteAddress().getAddress(),
                false));
    x.getResponseHeaders().putAll(response.headers().asMap());
    if (response.body() instanceof Response.Bytes body) {
      x.sendResponseHeaders(response.status(), body.bytes().length == 0 ? -1 : body.bytes().length);
      x.getResponseBody().write(body.bytes());
    } else if (response.body() instanceof Response.Stream stream) {
      x.sendResponseHeaders(response.status(), 0);
      stream.writer().writeTo(x.getResponseBody());
    }
    x.close();
  }

  private static Optional<String> sessions(Headers headers) {
    return headers.one("x-user");
  }

  private static String env(String name) {
    return name + "-0123456789abcdef0123456789abcdef";
  }

  private static HttpResponse<String> get(String url) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
  }
}
