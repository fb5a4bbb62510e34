// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.security;

import dev.belfry.http.Response;
import java.util.Map;

/** What browsers are told with each answer. */
final class StrictHeaders {
  private static final Map<String, String> HEADERS =
      Map.of(
          "content-security-policy",
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                  + " connect-src 'self'; form-action 'self'; base-uri 'none';"
                  + " frame-ancestors 'none'",
          "x-frame-options", "DENY",
          "x-content-type-options", "nosniff",
          "referrer-policy", "no-referrer",
          "cross-origin-opener-policy", "same-origin",
          "cross-origin-resource-policy", "same-origin");

  private StrictHeaders() {}

  /** Returns an answer with them; nobody keeps it, unless it says something else itself. */
  static Response on(Response response) {
    Response strict = response;
    for (Map.Entry<String, String> header : HEADERS.entrySet()) {
      strict = strict.with(header.getKey(), header.getValue());
    }
    return response.headers().all("cache-control").isEmpty()
        ? strict.with("cache-control", "no-store")
        : strict;
  }
}
