// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.belfry.http.Handler;
import dev.belfry.http.Principal;
import dev.belfry.http.Request;
import dev.belfry.http.Response;
import dev.belfry.http.Scope;
import dev.belfry.http.routing.Problem;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Decides whether a request goes on to its route, and as whose. Thread-safe.
 *
 * <p>In order: the network it comes from, the host name it asks by, who asks, how often, whether a
 * page elsewhere made a browser ask, and whether anything may be changed at all. What the one who
 * asks may do is the router's to say.
 */
public final class Guard {
  /** Somebody who is not known, where anybody may ask. */
  public static final Principal NOBODY = Principal.of("nobody", Scope.READ);

  static final String COOKIE = "belfry_session";

  private static final String BEARER = "Bearer ";

  private final GuardRules rules;
  private final Tokens tokens;
  private final Sessions sessions;
  private final Origins origins;
  private final Proxies proxies;
  private final Refusals refusals;
  private final Buckets known;
  private final Buckets unknown;
  private final Buckets failures;

  /** Returns a guard that knows nobody but by these tokens and rules. */
  public Guard(GuardRules rules, Tokens tokens, LongSupplier nanoTime) {
    this.rules = rules;
    this.tokens = tokens;
    this.sessions = new Sessions(nanoTime);
    this.origins = new Origins(rules.hosts());
    this.proxies = new Proxies(rules.proxies());
    this.refusals = new Refusals(nanoTime);
    this.known = new Buckets(300, 50, nanoTime);
    this.unknown = new Buckets(100, 20, nanoTime);
    this.failures = new Buckets(10, 0.1, nanoTime);
  }

  /** Returns a handler that bounds bodies, and adds strict headers to whatever is answered. */
  public Handler around(Handler inner) {
    return request -> {
      Request seen = bounded(proxies.seen(request));
      Response response = inner.handle(seen);
      refusals.count(response.status(), seen.remote());
      return StrictHeaders.on(response.status() == 401 ? toLogin(seen, response) : response);
    };
  }

  private static Request bounded(Request request) {
    return new Request(
        request.method(),
        request.base(),
        request.path(),
        request.query(),
        request.headers(),
        new BoundedBody(request.body()),
        request.remote(),
        request.secure());
  }

  /**
   * Returns who asks.
   *
   * @return empty if it is nobody known
   * @throws Problem 401, 403, 421 or 429 if they are refused already
   */
  public Optional<Principal> admit(Request request) {
    checkPlace(request);
    Optional<Principal> principal = identify(request);
    if (principal.isEmpty()) {
      limit(unknown, address(request));
      return principal;
    }
    limit(known, principal.get().name());
    if (bearer(request).isEmpty() && Origins.isUnsafe(request)) {
      origins.check(request);
    }
    checkReadOnly(request);
    return principal;
  }

  /**
   * Returns who asks where anybody may: {@link #NOBODY} if it is nobody known.
   *
   * @throws Problem 403, 421 or 429 if they are refused already
   */
  public Optional<Principal> admitAnybody(Request request) {
    checkPlace(request);
    limit(unknown, address(request));
    return Optional.of(whoIs(request).orElse(NOBODY));
  }

  /** Throws 403 if nothing may be changed, and this would. */
  public void checkReadOnly(Request request) {
    if (rules.readOnly() && Origins.isUnsafe(request)) {
      throw Problem.of(403, "read-only", "nothing can be changed here");
    }
  }

  /** Returns what somebody gets who gave a wrong secret: 401, or 429 if they did so often. */
  public Problem wrong(Request request) {
    Optional<Duration> wait = failures.take(address(request));
    return wait.isPresent()
        ? tooMany(wait.get())
        : Problem.of(401, "unauthenticated", "this token is not known here")
            .with("www-authenticate", "Bearer error=\"invalid_token\"");
  }

  /** Returns the secret that a request has as its bearer token. */
  public static Optional<String> bearer(Request request) {
    return request
        .headers()
        .one("authorization")
        .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .map(value -> value.substring(BEARER.length()).strip());
  }

  private void checkPlace(Request request) {
    if (!rules.from().isEmpty() && !rules.from().contains(request.remote())) {
      throw Problem.of(403, "address", "this address may not ask here");
    }
    if (!rules.hosts().allow(request)) {
      throw Problem.of(
          421, "host", "this host name is not known here; Admin.allowHosts makes it known");
    }
  }

  /** A token that is given is right or refused, whatever else the request has. */
  private Optional<Principal> identify(Request request) {
    if (bearer(request).isPresent()) {
      Optional<Principal> principal = whoIs(request);
      if (principal.isEmpty()) {
        throw wrong(request);
      }
      return principal;
    }
    return whoIs(request);
  }

  private Optional<Principal> whoIs(Request request) {
    Optional<String> token = bearer(request);
    Optional<Principal> own =
        token.isPresent()
            ? tokens.find(token.get()).map(Granted::principal)
            : session(request).flatMap(sessions::find).flatMap(this::still);
    return own.or(() -> rules.authenticator().flatMap(each -> each.authenticate(request)));
  }

  private Optional<Principal> still(Granted granted) {
    return granted.proof().isEmpty() ? Optional.of(granted.principal()) : tokens.renewed(granted);
  }

  static Optional<String> session(Request request) {
    return request.headers().all("cookie").stream()
        .flatMap(value -> Stream.of(value.split(";", -1)))
        .map(String::strip)
        .filter(pair -> pair.startsWith(COOKIE + "="))
        .map(pair -> pair.substring(COOKIE.length() + 1).replace("\"", "")) // quoted by some
        .findFirst();
  }

  Tokens tokens() {
    return tokens;
  }

  Sessions sessions() {
    return sessions;
  }

  Origins origins() {
    return origins;
  }

  private static void limit(Buckets buckets, String key) {
    buckets
        .take(key)
        .ifPresent(
            wait -> {
              throw tooMany(wait);
            });
  }

  private static Problem tooMany(Duration wait) {
    return Problem.of(429, "too-many", "too many requests; wait " + wait.toSeconds() + " s")
        .with("retry-after", Long.toString(wait.toSeconds()));
  }

  /** Who has a network of IPv6 has more addresses in it than anybody can count. */
  private static String address(Request request) {
    InetAddress address = request.remote();
    byte[] bytes = address.getAddress();
    return address instanceof Inet6Address
        ? Arrays.toString(Arrays.copyOf(bytes, 8))
        : Arrays.toString(bytes);
  }

  private Response toLogin(Request request, Response response) {
    boolean page =
        rules.loginPage()
            && !request.path().equals("/login")
            && request.method().equals("GET")
            && bearer(request).isEmpty()
            && request.headers().one("accept").orElse("").contains("text/html");
    if (!page) {
      return response;
    }
    String asked = request.path() + (request.query().isEmpty() ? "" : "?" + request.query());
    String next =
        asked.startsWith("/login/") // a link that has served
            ? "?failed=link"
            : asked.equals("/") ? "" : "?next=" + URLEncoder.encode(asked, UTF_8);
    return Response.of(303).with("location", request.base() + "/login" + next);
  }
}
