// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.security;

import dev.belfry.http.Request;
import dev.belfry.http.routing.Problem;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Refuses what a page elsewhere has a browser do (CSRF). Browsers say where a request comes from:
 * by Sec-Fetch-Site to places that they trust, by Origin or Referer to others. One that says
 * nothing is refused as well: no browser of today is that silent with a POST.
 */
final class Origins {
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
  private static final Pattern ORIGIN = Pattern.compile("https?://([^/?#@]+)(?:[/?#].*)?");

  private final HostNames hosts;

  Origins(HostNames hosts) {
    this.hosts = hosts;
  }

  static boolean isUnsafe(Request request) {
    return !SAFE.contains(request.method());
  }

  /** Throws 403 unless a request comes from a page of ours. */
  void check(Request request) {
    if (!isOurs(request)) {
      throw Problem.of(
          403,
          "cross-site",
          "a browser may do this from a page of ours only; programs send a bearer token");
    }
  }

  private boolean isOurs(Request request) {
    List<String> site = request.headers().all("sec-fetch-site");
    if (!site.isEmpty()) {
      return site.equals(List.of("same-origin"));
    }
    String header = request.headers().all("origin").isEmpty() ? "referer" : "origin";
    Optional<Matcher> origin =
        request.headers().one(header).map(ORIGIN::matcher).filter(Matcher::matches);
    boolean downgraded =
        request.secure() && request.headers().one(header).orElse("").startsWith("http:");
    return !downgraded && origin.isPresent() && hosts.isOurs(origin.get().group(1), request);
  }
}
