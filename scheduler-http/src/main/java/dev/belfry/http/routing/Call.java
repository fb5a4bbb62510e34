// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.routing;

import static java.util.Objects.requireNonNull;

import dev.belfry.http.Principal;
import dev.belfry.http.Request;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request that has found its route and is allowed there.
 *
 * @param request the request
 * @param principal who asks
 * @param parts what stands in the path for the names of the route, decoded
 * @param query the parameters, decoded, in order
 */
public record Call(
    Request request,
    Principal principal,
    Map<String, String> parts,
    Map<String, List<String>> query) {
  static Call of(Request request, Principal principal, Map<String, String> parts) {
    return new Call(request, principal, parts, parse(request.query()));
  }

  /**
   * Reads parameters as forms have them.
   *
   * @throws Problem 400 if something is not percent-encoded as it should be
   */
  public static Map<String, List<String>> parse(String text) {
    var parameters = new LinkedHashMap<String, List<String>>();
    for (String pair : text.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
        parameters.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
      }
    }
    return parameters;
  }

  private static String decode(String text) {
    try {
      String decoded = URLDecoder.decode(text, StandardCharsets.UTF_8);
      if (decoded.indexOf('\0') >= 0) { // which some databases can't hold, nor look for
        throw Problem.of(400, "malformed", "a parameter must not have the character U+0000");
      }
      return decoded;
    } catch (IllegalArgumentException broken) {
      throw Problem.of(400, "malformed", "a percent sign must be followed by two digits in hex");
    }
  }

  /** Returns what stands in the path for a name. */
  public String part(String name) {
    return requireNonNull(parts.get(name), name);
  }

  /** Returns a parameter; empty if it is missing or empty. The first if it comes several times. */
  public Optional<String> parameter(String name) {
    return query.getOrDefault(name, List.of()).stream()
        .findFirst()
        .filter(value -> !value.isEmpty());
  }

  /** Returns all values of a parameter that are not empty. */
  public List<String> parameters(String name) {
    return query.getOrDefault(name, List.of()).stream().filter(value -> !value.isEmpty()).toList();
  }

  /**
   * Returns the body.
   *
   * @throws Problem 413 if it is larger than allowed, 400 if it does not come whole
   */
  public byte[] body() {
    try {
      return request.body().readAllBytes();
    } catch (IOException gone) {
      throw Problem.of(400, "incomplete", "the body did not come whole");
    }
  }
}
