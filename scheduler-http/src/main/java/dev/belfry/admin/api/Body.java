// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belfry.http.routing.Call;
import dev.belfry.http.routing.Problem;
import dev.belfry.http.routing.Problem.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A JSON object that somebody sent: properties that a route knows, read as what they are. A wrong
 * one is a problem of status 422 that points to it.
 */
final class Body {
  private final JsonNode object;
  private final String pointer;

  private Body(JsonNode object, String pointer) {
    this.object = object;
    this.pointer = pointer;
  }

  /**
   * Reads the body of a call.
   *
   * @param known the properties that the route takes
   * @throws Problem 415 if it is not said to be JSON, 400 if it is none, 422 if it has other
   *     properties
   */
  static Body of(Call call, String... known) {
    checkType(call);
    return of(Json.read(call.body()), "", known);
  }

  /** Reads the body of a call that may have none. */
  static Body ofOptional(Call call, String... known) {
    byte[] text = call.body();
    if (text.length > 0) {
      checkType(call);
    }
    return of(text.length == 0 ? Json.nothing() : Json.read(text), "", known);
  }

  private static Body of(JsonNode node, String pointer, String... known) {
    if (!node.isObject()) {
      throw Problem.invalid(pointer, "must be an object, was " + kind(node));
    }
    var names = new TreeSet<>(Arrays.asList(known));
    var unknown = new ArrayList<Fault>();
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!names.contains(name)) {
                unknown.add(new Fault(pointer + "/" + escaped(name), "there is no such property"));
              }
            });
    if (!unknown.isEmpty()) {
      String there = names.isEmpty() ? "there are none" : "there are " + String.join(", ", names);
      throw Problem.of(
          422,
          "invalid",
          "unknown property; " + there,
          unknown.subList(0, Math.min(unknown.size(), 20)));
    }
    return new Body(node, pointer);
  }

  private static void checkType(Call call) {
    String type = call.request().headers().one("content-type").orElse("");
    String bare = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!bare.equals("application/json")) {
      throw Problem.of(
          415,
          "not-json",
          "Content-Type must be application/json, was "
              + (type.isEmpty() ? "missing" : Values.quoted(type)));
    }
  }

  /** Returns a property that must be there. */
  <T> T required(String name, Function<String, Optional<T>> read) {
    return read.apply(name).orElseThrow(() -> Problem.invalid(at(name), "is missing"));
  }

  boolean has(String name) {
    return object.hasNonNull(name);
  }

  /** Returns a property as it stands. */
  Optional<JsonNode> any(String name) {
    return Optional.ofNullable(object.get(name));
  }

  /** Returns a text without characters that no store keeps. */
  Optional<String> text(String name) {
    Optional<JsonNode> node = present(name);
    node.ifPresent(each -> checkText(each, at(name)));
    return node.map(JsonNode::textValue);
  }

  private static void checkText(JsonNode node, String place) {
    if (!node.isTextual()) {
      throw Problem.invalid(place, "must be a string, was " + kind(node));
    }
    if (node.textValue().indexOf('\0') >= 0) {
      throw Problem.invalid(place, "must not have the character U+0000");
    }
  }

  /** Returns a list of texts; empty if it is missing. */
  List<String> texts(String name, int most) {
    Optional<JsonNode> node = present(name);
    if (node.isEmpty()) {
      return List.of();
    }
    if (!node.get().isArray() || node.get().size() > most) {
      throw Problem.invalid(at(name), "must be an array of at most " + most + " strings");
    }
    var texts = new ArrayList<String>();
    for (JsonNode each : node.get()) {
      checkText(each, at(name) + "/" + texts.size());
      texts.add(each.textValue());
    }
    return texts;
  }

  OptionalInt number(String name, int least, int most) {
    Optional<JsonNode> node = present(name);
    return node.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(Values.number(at(name), node.get().asText(), least, most));
  }

  boolean flag(String name) {
    return present(name).map(node -> Values.flag(at(name), node.asText())).orElse(false);
  }

  Optional<Instant> instant(String name) {
    return text(name).map(text -> Values.instant(at(name), text));
  }

  Optional<Duration> duration(String name) {
    return text(name).map(text -> Values.duration(at(name), text));
  }

  /** Returns an object within this one. */
  Optional<Body> object(String name, String... known) {
    return present(name).map(node -> of(node, at(name), known));
  }

  /** Returns the JSON pointer to a property. */
  String at(String name) {
    return pointer + "/" + escaped(name);
  }

  private Optional<JsonNode> present(String name) {
    return any(name).filter(node -> !node.isNull());
  }

  private static String escaped(String name) {
    return Values.shown(name).replace("~", "~0").replace("/", "~1");
  }

  private static String kind(JsonNode node) {
    return node.getNodeType().name().toLowerCase(Locale.ROOT);
  }
}
