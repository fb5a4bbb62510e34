// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Problem;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A place of the dashboard: path and parameters, without the base path. Immutable.
 *
 * @param parts the parts of the path, decoded
 * @param parameters decoded, in order
 */
record Link(List<String> parts, Map<String, List<String>> parameters) {
  /** The longest text that is read as a place to go back to. */
  private static final int MOST = 2_000;

  /** Returns the place of a path, part by part. */
  static Link to(String... parts) {
    return new Link(List.of(parts), Map.of());
  }

  /** Returns the place that a call is for. */
  static Link of(Call call) {
    String query = call.request().query();
    return parse(call.request().path() + (query.isEmpty() ? "" : "?" + query)).orElse(to());
  }

  /**
   * Reads a place as {@link #in} writes it, without a base. What is not one is nothing: text from a
   * form can lead to no other site.
   */
  static Optional<Link> parse(String text) {
    if (!text.startsWith("/") || text.startsWith("//") || text.length() > MOST) {
      return Optional.empty();
    }
    int mark = text.indexOf('?');
    String path = mark < 0 ? text : text.substring(0, mark);
    try {
      var parts = new ArrayList<String>();
      for (String part : path.substring(1).split("/", -1)) {
        if (!part.isEmpty()) {
          parts.addAll(Call.parse("p=" + part.replace("+", "%2B")).get("p"));
        }
      }
      return Optional.of(
          new Link(parts, mark < 0 ? Map.of() : Call.parse(text.substring(mark + 1))));
    } catch (Problem malformed) {
      return Optional.empty();
    }
  }

  /** Returns this place with another value of a parameter. */
  Link with(String name, String value) {
    return withAll(name, List.of(value));
  }

  /** Returns this place with other values of a parameter. */
  Link withAll(String name, List<String> values) {
    var more = new LinkedHashMap<>(parameters);
    more.put(name, values);
    return new Link(parts, more);
  }

  /** Returns this place without some parameters. */
  Link without(String... names) {
    var fewer = new LinkedHashMap<>(parameters);
    fewer.keySet().removeAll(List.of(names));
    return new Link(parts, fewer);
  }

  /** Returns the parameters, one by one. */
  Stream<Map.Entry<String, String>> pairs() {
    return parameters.entrySet().stream()
        .flatMap(entry -> entry.getValue().stream().map(value -> Map.entry(entry.getKey(), value)));
  }

  /** Returns the address, percent-encoded, under a base path. */
  String in(String base) {
    String query =
        pairs()
            .map(pair -> encode(pair.getKey()) + "=" + encode(pair.getValue()))
            .collect(Collectors.joining("&"));
    return base
        + "/"
        + parts.stream()
            .map(part -> encode(part).replace("+", "%20"))
            .collect(Collectors.joining("/"))
        + (query.isEmpty() ? "" : "?" + query);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return in("");
  }
}
