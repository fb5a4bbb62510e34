// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Text and numbers as they are stored. */
final class Texts {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Texts() {}

  /** Replaces what some database refuses or garbles: NUL and unpaired surrogates. */
  static String clean(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (bad(text, i)) {
        return cleaned(text);
      }
    }
    return text;
  }

  private static String cleaned(String text) {
    var clean = new StringBuilder(text);
    for (int i = 0; i < text.length(); i++) {
      if (bad(text, i)) {
        clean.setCharAt(i, '\ufffd');
      }
    }
    return clean.toString();
  }

  private static boolean bad(String text, int i) {
    char c = text.charAt(i);
    if (c == 0) {
      return true;
    }
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }

  /** Refuses names that would not come back as they went in. */
  static String name(String what, String value) {
    if (!clean(value).equals(value)) {
      throw new IllegalArgumentException(
          what
              + " must not contain NUL or unpaired surrogates, was \""
              + clean(value)
              + "\" after they were replaced");
    }
    return value;
  }

  /** Writes labels as JSON; none as null, which costs nothing. */
  static @Nullable String labels(List<String> labels) {
    return labels.isEmpty() ? null : write(labels.stream().map(Texts::clean).toList());
  }

  static List<String> labels(@Nullable String json) {
    return json == null ? List.of() : List.copyOf(read(json, new TypeReference<>() {}));
  }

  /** Writes notes as JSON in their order; none as null. */
  static @Nullable String notes(Map<String, String> notes) {
    if (notes.isEmpty()) {
      return null;
    }
    var clean = new LinkedHashMap<String, String>();
    notes.forEach((key, value) -> clean.put(clean(key), clean(value)));
    return write(clean);
  }

  static Map<String, String> notes(@Nullable String json) {
    return json == null
        ? Map.of()
        : read(json, new TypeReference<LinkedHashMap<String, String>>() {});
  }

  private static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write JSON: " + e.getMessage(), e);
    }
  }

  private static <T> T read(String json, TypeReference<T> type) {
    try {
      return JSON.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot read stored JSON: " + e.getMessage(), e);
    }
  }

  /** Returns whole microseconds. */
  static long micros(Duration duration) {
    return nanos(duration) / 1_000;
  }

  /** Returns nanoseconds, the most there are for what is longer than 292 years. */
  static long nanos(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException tooLong) {
      return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }
}
