// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.belfry.Job;
import dev.belfry.http.AccessToken;
import dev.belfry.http.Headers;
import dev.belfry.http.Request;
import dev.belfry.http.Response;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Route;
import dev.belfry.testkit.TestScheduler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;

/** An embedded {@link Admin} on a scheduler of virtual time, with a few routes behind it. */
final class Desk implements AutoCloseable {
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  static final String READ = "read-0123456789abcdef0123456789abcdef";
  static final String OPERATE = "oper-0123456789abcdef0123456789abcdef";
  static final String ADMIN = "admn-0123456789abcdef0123456789abcdef";
  static final String CONFINED = "conf-0123456789abcdef0123456789abcdef";

  static final List<Route> ROUTES =
      List.of(
          Route.get("/", call -> who(call.principal().name())),
          Route.get("/login", call -> Response.of(200, "text/html", "log in")),
          Route.get("/assets/x.css", call -> asset()),
          Route.get("/things/{id}", call -> who(call.principal().name())),
          Route.post("/things", Scope.OPERATE, call -> who(new String(call.body(), UTF_8))),
          new Route("DELETE", "/things/{id}", Scope.ADMIN, call -> who("deleted")));

  final TestScheduler scheduler;
  private final Admin admin;

  private Desk(Admin admin, Job<?>... jobs) {
    this.admin = admin;
    this.scheduler = TestScheduler.start(NOON).register(jobs).configure(s -> s.with(admin));
    scheduler.runDue();
  }

  /** Returns an Admin with a token of each scope, and a confined one. */
  static Admin tokens(Admin admin) {
    return admin
        .routes(context -> ROUTES)
        .token("reader", READ, Scope.READ)
        .token("operator", OPERATE, Scope.OPERATE)
        .token("admin", ADMIN, Scope.ADMIN)
        .token(AccessToken.of("tenant", CONFINED, Scope.OPERATE).confinedTo("project=p1"));
  }

  static Desk open(Admin admin, Job<?>... jobs) {
    return new Desk(admin, jobs);
  }

  Response get(String path, String... headers) {
    return ask("GET", path, "", headers);
  }

  /** Asks; headers as name, value, name, value. */
  Response ask(String method, String path, String body, String... headers) {
    return ask(method, path, body, "127.0.0.1", false, headers);
  }

  Response ask(
      String method, String path, String body, String from, boolean secure, String... headers) {
    Headers all = Headers.none().with("host", "localhost:8080");
    for (int i = 0; i < headers.length; i += 2) {
      all = all.with(headers[i], headers[i + 1]);
    }
    int question = path.indexOf('?');
    try {
      return admin
          .handler()
          .handle(
              new Request(
                  method,
                  "/ops",
                  question < 0 ? path : path.substring(0, question),
                  question < 0 ? "" : path.substring(question + 1),
                  all,
                  new ByteArrayInputStream(body.getBytes(UTF_8)),
                  InetAddress.getByName(from),
                  secure));
    } catch (UnknownHostException wrong) {
      throw new UncheckedIOException((IOException) wrong);
    }
  }

  static String text(Response response) {
    return new String(((Response.Bytes) response.body()).bytes(), UTF_8);
  }

  private static Response who(String name) {
    return Response.of(200, "text/plain", name);
  }

  private static Response asset() {
    return Response.of(200, "text/css", "a{}").with("cache-control", "max-age=31536000");
  }

  @Override
  public void close() {
    scheduler.close();
  }
}
