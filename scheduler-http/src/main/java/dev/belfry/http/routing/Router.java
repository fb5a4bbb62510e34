// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.routing;

import static java.util.Objects.requireNonNull;

import dev.belfry.http.Handler;
import dev.belfry.http.Principal;
import dev.belfry.http.Request;
import dev.belfry.http.Response;
import dev.belfry.store.StoreException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the route of a request, sees that who asks may go there, and makes an answer of whatever
 * happens. Who is not known learns nothing, not even which paths there are. Thread-safe.
 *
 * <p>Paths match part by part and in upper and lower case as they are; where several match, what is
 * written out comes before what is named. GET answers HEAD too, without the body.
 */
public final class Router implements Handler {
  private static final Logger log = LoggerFactory.getLogger(Router.class);
  private static final Response NO_CONTENT = Response.of(204);

  private final List<Entry> entries;
  private final Function<Request, Optional<Principal>> who;

  private record Entry(Path path, Route route) {}

  private record Found(Route route, Map<String, String> parts) {}

  private Router(List<Entry> entries, Function<Request, Optional<Principal>> who) {
    this.entries = entries;
    this.who = who;
  }

  /**
   * Returns a router.
   *
   * @param who says who asks; empty if nobody known. May throw a {@link Problem}
   * @throws IllegalArgumentException if two routes have the same method and path
   */
  public static Router of(List<Route> routes, Function<Request, Optional<Principal>> who) {
    requireNonNull(who, "who");
    var entries = new ArrayList<Entry>();
    var known = new HashSet<String>();
    for (Route route : routes) {
      Path path = Path.of(route);
      if (!known.add(route.method() + " " + path.shape())) {
        throw new IllegalArgumentException(
            "there are two routes " + route.method() + " " + route.path());
      }
      entries.add(new Entry(path, route));
    }
    entries.sort(Comparator.comparing(Entry::path));
    return new Router(List.copyOf(entries), who);
  }

  @Override
  public Response handle(Request request) {
    Response response = answer(request);
    return request.method().equals("HEAD")
        ? new Response(response.status(), response.headers(), NO_CONTENT.body())
        : response;
  }

  private Response answer(Request request) {
    try {
      return dispatch(request);
    } catch (Problem problem) {
      return problem.answer();
    } catch (StoreException failed) {
      return ofStore(failed);
    } catch (Throwable failed) {
      return failed(failed);
    }
  }

  private Response dispatch(Request request) {
    Optional<Principal> principal = who.apply(request);
    if (principal.isEmpty()) {
      return Problem.of(401, "unauthenticated", "say who you are: by a bearer token, or log in")
          .answer()
          .with("www-authenticate", "Bearer");
    }
    List<Found> found = find(Path.split(request.path()));
    if (found.isEmpty()) {
      return Problem.notFound("path").answer();
    }
    if (request.method().equals("OPTIONS")) {
      return NO_CONTENT.with("allow", allowed(found));
    }
    String method = request.method().equals("HEAD") ? "GET" : request.method();
    Optional<Found> here =
        found.stream().filter(f -> f.route().method().equals(method)).findFirst();
    return here.isPresent()
        ? call(here.get(), request, principal.get())
        : Problem.of(405, "method", "this path takes " + allowed(found))
            .answer()
            .with("allow", allowed(found));
  }

  private static Response call(Found found, Request request, Principal principal) {
    if (!principal.scope().includes(found.route().needs())) {
      throw Problem.of(
          403,
          "scope",
          "this takes the scope "
              + found.route().needs()
              + ", and "
              + principal.name()
              + " has "
              + principal.scope());
    }
    return found.route().action().answer(Call.of(request, principal, found.parts()));
  }

  private List<Found> find(List<String> parts) {
    return entries.stream()
        .flatMap(
            entry ->
                entry.path().match(parts).stream().map(named -> new Found(entry.route(), named)))
        .toList();
  }

  private static String allowed(List<Found> found) {
    var methods = new TreeSet<String>();
    methods.add("OPTIONS");
    for (Found each : found) {
      methods.add(each.route().method());
      if (each.route().method().equals("GET")) {
        methods.add("HEAD");
      }
    }
    return String.join(", ", methods);
  }

  private static Response ofStore(StoreException failed) {
    return switch (failed.kind()) {
      case PERMANENT -> failed(failed);
      case RETRY, UNAVAILABLE ->
          unavailable("the store could not be reached; nothing was changed. Try again", failed);
      case UNKNOWN ->
          unavailable("the store did not answer: it may have been done, or not. Look", failed);
    };
  }

  private static Response unavailable(String detail, StoreException cause) {
    log.warn("a request could not be answered: {}", cause.getMessage());
    return Problem.of(503, "store-unavailable", detail).answer().with("retry-after", "2");
  }

  /** The answer names no cause, which may hold anything; the log has it under the same id. */
  private static Response failed(Throwable cause) {
    String id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    log.error("a request failed (id {})", id, cause);
    return Problem.of(500, "failed", "this failed here; the log says why, under the id " + id)
        .answer();
  }
}
