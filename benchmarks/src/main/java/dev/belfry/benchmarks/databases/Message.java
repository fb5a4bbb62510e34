// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A line between the processes of a benchmark: a word and named facts, as in {@code drain
 * runs=50000 seconds=60}.
 */
record Message(String word, Map<String, String> facts) {
  Message {
    facts = Map.copyOf(facts);
  }

  static Message of(String word) {
    return new Message(word, Map.of());
  }

  static Message parse(String line) {
    String[] parts = line.strip().split(" ", 0);
    var facts = new LinkedHashMap<String, String>();
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "a fact must be name=value, was \"" + parts[i] + "\" in \"" + line + "\"");
      }
      facts.put(
          parts[i].substring(0, equals), URLDecoder.decode(parts[i].substring(equals + 1), UTF_8));
    }
    return new Message(parts[0], facts);
  }

  Message with(String name, Object value) {
    var more = new LinkedHashMap<>(facts);
    more.put(name, value.toString());
    return new Message(word, more);
  }

  String text(String name) {
    String value = facts.get(name);
    if (value == null) {
      throw new IllegalArgumentException("\"" + word + "\" needs " + name + ", has " + facts);
    }
    return value;
  }

  long number(String name) {
    return Long.parseLong(text(name));
  }

  int count(String name) {
    return Integer.parseInt(text(name));
  }

  double value(String name) {
    return Double.parseDouble(text(name));
  }

  @Override
  public String toString() {
    return facts.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(fact -> " " + fact.getKey() + "=" + URLEncoder.encode(fact.getValue(), UTF_8))
        .collect(joining("", word, ""));
  }
}
