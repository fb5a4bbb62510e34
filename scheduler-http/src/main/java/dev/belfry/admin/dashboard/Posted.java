// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Problem;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was filled in, in a form or an address.
 *
 * @param values by name, in order
 */
record Posted(Map<String, List<String>> values) {
  static final Posted NOTHING = new Posted(Map.of());

  /** Reads the body of a form. */
  static Posted of(Call call) {
    return new Posted(Call.parse(new String(call.body(), StandardCharsets.UTF_8)));
  }

  /** Returns what was filled in, without space around it; empty if nothing was. */
  Optional<String> get(String name) {
    return all(name).stream().findFirst();
  }

  String text(String name) {
    return get(name).orElse("");
  }

  List<String> all(String name) {
    return values.getOrDefault(name, List.of()).stream()
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .toList();
  }

  /** Returns words that stand between commas or spaces. */
  List<String> words(String name) {
    return Stream.of(text(name).split("[,\\s]+")).filter(word -> !word.isEmpty()).toList();
  }

  /** Returns an instant: a reading of a clock in UTC, as browsers send it. */
  Optional<Instant> instant(String name) {
    return get(name).map(text -> instant(name, text));
  }

  private static Instant instant(String name, String text) {
    try {
      return text.endsWith("Z")
          ? Instant.parse(text)
          : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException wrong) {
      throw Problem.invalid(
          name, name + " must be a date and time such as 2026-03-02T12:00, was \"" + text + "\"");
    }
  }

  /** Returns the place to go back to; where the form stood, if that is one of ours. */
  Link back(Link otherwise) {
    return get("back").flatMap(Link::parse).orElse(otherwise).without(Flash.PARAMETERS);
  }
}
