// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The query parameters of a call: those that a route knows, read as what they are. */
final class Parameters {
  private final Call call;

  private Parameters(Call call) {
    this.call = call;
  }

  /**
   * Returns the parameters of a call.
   *
   * @param known those that the route takes
   * @throws Problem 422 if there are others, or one comes several times
   */
  static Parameters of(Call call, String... known) {
    var names = new TreeSet<>(Arrays.asList(known));
    for (String name : call.query().keySet()) {
      if (!names.contains(name)) {
        throw Problem.invalid(
            Values.shown(name),
            names.isEmpty()
                ? "this path takes no parameters"
                : "there is no such parameter; there are " + String.join(", ", names));
      }
    }
    return new Parameters(call);
  }

  /** Refuses whatever parameters there are. */
  static void none(Call call) {
    of(call);
  }

  /** Returns a parameter; empty if it is missing or empty. */
  Optional<String> text(String name) {
    List<String> values = call.parameters(name);
    if (values.size() > 1) {
      throw Problem.invalid(name, "must be given once, was given " + values.size() + " times");
    }
    return values.stream().findFirst();
  }

  /** Returns all values of a parameter, which may also stand in one with commas between. */
  Set<String> all(String name) {
    var values = new LinkedHashSet<String>();
    for (String value : call.parameters(name)) {
      values.addAll(List.of(value.split(",")));
    }
    return values;
  }

  /** Returns a whole number. */
  int number(String name, int least, int most, int otherwise) {
    return text(name).map(value -> Values.number(name, value, least, most)).orElse(otherwise);
  }

  /** Returns an instant. */
  Optional<Instant> instant(String name) {
    return text(name).map(value -> Values.instant(name, value));
  }

  /** Returns a duration. */
  Optional<Duration> duration(String name) {
    return text(name).map(value -> Values.duration(name, value));
  }

  /** Returns how many items a page shall have: 50 unless said, at most 1,000. */
  int limit() {
    return number("limit", 1, 1_000, 50);
  }

  /** Returns where a list goes on. */
  Optional<String> cursor(String list) {
    return text("cursor").map(cursor -> Cursor.read(list, cursor));
  }
}
