// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.belfry.http.Principal;
import dev.belfry.http.Request;
import dev.belfry.http.Response;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Problem;
import dev.belfry.http.routing.Route;
import java.net.URLEncoder;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * How a browser gets a session: by a token in a form, or by a link that serves once. Anybody may
 * ask here. Thread-safe.
 */
public final class Login {
  private static final Principal LOCAL = Principal.of("local", Scope.ADMIN);
  private static final Pattern WITHIN = Pattern.compile("/(?![/\\\\])[!-\\[\\]-~]*");

  private final Guard guard;
  private final Optional<Consumer<String>> links;
  private byte[] once = new byte[0]; // hash; empty: no link is open. Guarded by this

  private Login(Guard guard, Optional<Consumer<String>> links) {
    this.guard = guard;
    this.links = links;
  }

  /** Returns a log-in by token. */
  public static Login byToken(Guard guard) {
    return new Login(guard, Optional.empty());
  }

  /**
   * Returns a log-in by token and by link.
   *
   * @param links is told the path of each link: of the first by {@link #offer}, of the next when
   *     the one before was used
   */
  public static Login byLink(Guard guard, Consumer<String> links) {
    return new Login(guard, Optional.of(links));
  }

  /** Makes a link, and tells its path. Does nothing if log-in is by token only. */
  public void offer() {
    links.ifPresent(
        told -> {
          String secret = Hashes.secret();
          synchronized (this) {
            once = Hashes.of(secret);
          }
          told.accept("/login/" + secret);
        });
  }

  /** Returns the routes; where anybody may ask. */
  public List<Route> routes() {
    return List.of(
        Route.post("/login", Scope.READ, this::login),
        Route.post("/logout", Scope.READ, this::logout),
        Route.get("/login/{link}", this::follow));
  }

  private Response login(Call call) {
    Request request = call.request();
    guard.origins().check(request);
    String type = request.headers().one("content-type").orElse("");
    if (!type.startsWith("application/x-www-form-urlencoded")) {
      throw Problem.of(415, "media-type", "this takes a form: application/x-www-form-urlencoded");
    }
    Map<String, List<String>> form = Call.parse(new String(call.body(), UTF_8));
    String token = first(form, "token").orElse("").strip();
    String next = first(form, "next").or(() -> call.parameter("next")).orElse("/");
    Optional<Granted> granted = guard.tokens().find(token);
    if (granted.isPresent()) {
      return begun(request, granted.get(), next);
    }
    Problem wrong = guard.wrong(request);
    return wrong.status() == 401
        ? Response.of(303).with("location", request.base() + "/login?failed=token" + kept(next))
        : wrong.answer();
  }

  private static String kept(String next) {
    return next.equals("/") ? "" : "&next=" + URLEncoder.encode(next, UTF_8);
  }

  private static Optional<String> first(Map<String, List<String>> form, String name) {
    return form.getOrDefault(name, List.of()).stream().findFirst();
  }

  private Response follow(Call call) {
    if (!use(call.part("link"))) {
      throw guard.wrong(call.request());
    }
    offer();
    return begun(call.request(), new Granted(LOCAL, ""), "/");
  }

  private synchronized boolean use(String secret) {
    boolean right = MessageDigest.isEqual(once, Hashes.of(secret));
    if (right) {
      once = new byte[0];
    }
    return right;
  }

  private Response logout(Call call) {
    guard.origins().check(call.request());
    Guard.session(call.request()).ifPresent(guard.sessions()::end);
    return Response.of(303)
        .with("location", call.request().base() + "/login")
        .with("set-cookie", cookie(call.request(), "", 0));
  }

  /** A new session each time, so that none that somebody else has planted becomes good. */
  private Response begun(Request request, Granted granted, String next) {
    Guard.session(request).ifPresent(guard.sessions()::end);
    String secret = guard.sessions().open(granted);
    String within = WITHIN.matcher(next).matches() ? next : "/";
    return Response.of(303)
        .with("location", request.base() + within)
        .with("set-cookie", cookie(request, secret, Sessions.LIFE.toSeconds()));
  }

  private static String cookie(Request request, String value, long seconds) {
    return Guard.COOKIE
        + "="
        + value
        + "; Path="
        + request.base()
        + "/; Max-Age="
        + seconds
        + "; HttpOnly; SameSite=Strict"
        + (request.secure() ? "; Secure" : "");
  }
}
