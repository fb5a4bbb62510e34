// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.admin.Admin;
import dev.belfry.http.Handler;
import dev.belfry.http.Response;
import dev.belfry.http.Scope;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;

/** An Admin in a servlet container. For other servers see SecurityTest of the examples. */
class AdminServletTest {
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";
  private static final Job<Void> AUDIT = Job.named("audit").handler(ctx -> {});

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void admin_standsInAServletContainer() throws Exception {
    Admin admin = Admin.embedded().token("ops", TOKEN, Scope.ADMIN).hook(AUDIT, TOKEN);
    try (Scheduler scheduler = Scheduler.builder().register(AUDIT).with(admin).start();
        Container container = new Container(admin.handler())) {
      assertThat(scheduler).isNotNull();
      assertStands(container.uri("/app/ops"));
    }
  }

  @Test
  void request_isCarriedAsItWasSent() throws Exception {
    try (Container container =
        new Container(
            r ->
                Response.of(
                        200,
                        "text/plain",
                        r.method() + " " + r.base() + " " + r.path() + " " + r.query() + " ")
                    .with("x-a", r.headers().all("x-two").toString())
                    .with("x-b", r.remote().isLoopbackAddress() + " " + r.secure()))) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(container.uri("/app/ops/a%20b/c?x=%2F"))
                  .header("X-Two", "1")
                  .header("X-Two", "2")
                  .method("PATCH", HttpRequest.BodyPublishers.noBody())
                  .build(),
              HttpResponse.BodyHandlers.ofString());

      assertThat(response.body()).isEqualTo("PATCH /app/ops /a%20b/c x=%2F ");
      assertThat(response.headers().firstValue("x-a")).contains("[1, 2]");
      assertThat(response.headers().firstValue("x-b")).contains("true false");
      assertThat(get(container.uri("/app/ops")).body()).isEqualTo("GET /app/ops /  ");
    }
  }

  @Test
  void body_isBounded() throws Exception {
    try (Container container = new Container(r -> Response.of(204))) {
      HttpRequest large =
          HttpRequest.newBuilder(container.uri("/app/ops/"))
              .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[1024 * 1024 + 1]))
              .build();

      HttpResponse<String> response = client.send(large, HttpResponse.BodyHandlers.ofString());

      assertThat(response.statusCode()).isEqualTo(413);
      assertThat(response.body()).contains("\"code\":\"too-large\"");
    }
  }

  @Test
  void stream_comesAsItIsWritten() throws Exception {
    try (Container container =
        new Container(
            r ->
                Response.streaming(
                    "text/event-stream",
                    out -> {
                      out.write("a".getBytes(UTF_8));
                      out.flush();
                      out.write("b".getBytes(UTF_8));
                    }))) {
      assertThat(get(container.uri("/app/ops/live")).body()).isEqualTo("ab");
    }
  }

  private void assertStands(URI ops) throws Exception {
    assertThat(get(URI.create(ops + "/health/ready")).body()).isEqualTo("{\"status\":\"up\"}");
    HttpResponse<String> closed = get(URI.create(ops + "/api/v1/tokens"));
    assertThat(closed.statusCode()).isEqualTo(401);
    assertThat(closed.headers().firstValue("x-frame-options")).contains("DENY");
    HttpResponse<String> run =
        client.send(
            HttpRequest.newBuilder(URI.create(ops + "/hooks/audit"))
                .header("Authorization", "Bearer " + TOKEN)
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(run.statusCode()).isEqualTo(202);
    assertThat(run.body()).startsWith("{\"run\":\"");
  }

  private HttpResponse<String> get(URI uri) throws Exception {
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static final class Container implements AutoCloseable {
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    Container(Handler handler) throws Exception {
      connector.setHost("127.0.0.1");
      server.addConnector(connector);
      var context = new ServletContextHandler("/app");
      context.addServlet(new ServletHolder(new AdminServlet(handler)), "/ops/*");
      server.setHandler(context);
      server.start();
    }

    URI uri(String path) {
      return URI.create("http://127.0.0.1:" + connector.getLocalPort() + path);
    }

    @Override
    public void close() {
      try {
        server.stop();
      } catch (Exception failed) {
        throw new AssertionError(failed);
      }
    }
  }
}
