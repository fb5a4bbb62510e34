// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.routing;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The path of a route, part by part. Nothing in a path is special: two dots are a name like any
 * other, and a slash that is percent-encoded is within a part.
 */
final class Path implements Comparable<Path> {
  private final List<String> segments;

  private Path(List<String> segments) {
    this.segments = segments;
  }

  /**
   * Returns the path of a route.
   *
   * @throws IllegalArgumentException if it has no slash in front, or a name twice
   */
  static Path of(Route route) {
    if (!route.path().startsWith("/")) {
      throw new IllegalArgumentException(
          "path of a route must begin with a slash, was \"" + route.path() + "\"");
    }
    var path = new Path(route.segments());
    var names = new HashSet<String>();
    for (String segment : path.segments) {
      if (isName(segment) && !names.add(segment)) {
        throw new IllegalArgumentException(
            "path \"" + route.path() + "\" has the name " + segment + " twice");
      }
    }
    return path;
  }

  /**
   * Splits and decodes a path as it was sent.
   *
   * @throws Problem 400 if something is not percent-encoded as it should be
   */
  static List<String> split(String sent) {
    var parts = new ArrayList<String>();
    for (String part : sent.substring(sent.startsWith("/") ? 1 : 0).split("/", -1)) {
      parts.add(decode(part));
    }
    return parts;
  }

  private static String decode(String part) {
    try {
      String decoded = URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
      if (decoded.chars().anyMatch(Character::isISOControl)) {
        throw Problem.of(400, "malformed", "a path must not have control characters");
      }
      return decoded;
    } catch (IllegalArgumentException broken) {
      throw Problem.of(400, "malformed", "a percent sign must be followed by two digits in hex");
    }
  }

  /** Returns what stands for the names, if the parts are of this path. */
  Optional<Map<String, String>> match(List<String> parts) {
    if (parts.size() != segments.size()) {
      return Optional.empty();
    }
    var named = new LinkedHashMap<String, String>();
    for (int i = 0; i < parts.size(); i++) {
      String segment = segments.get(i);
      String part = parts.get(i);
      if (isName(segment) && !part.isEmpty()) {
        named.put(segment.substring(1, segment.length() - 1), part);
      } else if (isName(segment) || !segment.equals(part)) {
        return Optional.empty();
      }
    }
    return Optional.of(named);
  }

  /** Returns the path with its names left out: two routes of one shape can't be told apart. */
  String shape() {
    return String.join("/", segments.stream().map(s -> isName(s) ? "{}" : s).toList());
  }

  /** What is written out comes before what is named, from the left. */
  @Override
  public int compareTo(Path other) {
    for (int i = 0; i < Math.min(segments.size(), other.segments.size()); i++) {
      int order = Boolean.compare(isName(segments.get(i)), isName(other.segments.get(i)));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(segments.size(), other.segments.size());
  }

  private static boolean isName(String segment) {
    return segment.startsWith("{") && segment.endsWith("}");
  }
}
