// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Header fields, in order of name; names are the same in upper and lower case. Immutable. */
public final class Headers {
  private static final Headers NONE = new Headers(Map.of());

  private final Map<String, List<String>> fields; // names in lower case

  private Headers(Map<String, List<String>> fields) {
    this.fields = fields;
  }

  /** Returns no headers. */
  public static Headers none() {
    return NONE;
  }

  /** Returns the headers of a map, as servers have it. */
  public static Headers of(Map<String, ? extends Iterable<String>> map) {
    var fields = new TreeMap<String, List<String>>();
    map.forEach(
        (name, values) ->
            values.forEach(
                value ->
                    fields
                        .computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> new ArrayList<>())
                        .add(value)));
    return new Headers(fields);
  }

  /** Returns these headers with one more, in place of those of its name. */
  public Headers with(String name, String value) {
    var more = new TreeMap<>(fields);
    more.put(name.toLowerCase(Locale.ROOT), List.of(value));
    return new Headers(more);
  }

  /** Returns the only value of a header; empty if there is none, or if there are several. */
  public Optional<String> one(String name) {
    List<String> values = all(name);
    return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
  }

  /** Returns the values of a header, in order. */
  public List<String> all(String name) {
    return Collections.unmodifiableList(
        fields.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()));
  }

  /** Returns all fields, names in lower case. */
  public Map<String, List<String>> asMap() {
    return Collections.unmodifiableMap(fields);
  }
}
