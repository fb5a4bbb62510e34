// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What an answer is to be like. Built by one thread, then read by any. */
final class HttpExpectations {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SortedSet<Integer> statuses = new TreeSet<>(); // none: 200 to 299
  private final List<Content> contents = new ArrayList<>();

  /** Something that the body is to be. */
  private interface Content {
    /** Returns what is wrong with an answer, if anything is. */
    Optional<String> missingIn(HttpAnswer answer);
  }

  void status(int status) {
    if (status < 100 || status > 599) {
      throw new IllegalArgumentException("a status must be 100 to 599, was " + status);
    }
    statuses.add(status);
  }

  void text(String text) {
    add("contain \"" + text + "\"", answer -> answer.text().contains(text));
  }

  void pattern(String expression) {
    LinearPattern pattern = LinearPattern.of(expression);
    add("match the pattern \"" + expression + "\"", answer -> pattern.isIn(answer.text()));
  }

  void json(String pointer, String value) {
    JsonPointer path = JsonPointer.compile(pointer);
    contents.add(
        answer -> {
          JsonNode found = valueAt(path, answer);
          return found != null && found.isValueNode() && found.asText().equals(value)
              ? Optional.empty()
              : Optional.of(
                  "the answer must have \"" + value + "\" at the JSON pointer " + pointer);
        });
  }

  private void add(String what, Predicate<HttpAnswer> test) {
    contents.add(
        answer -> test.test(answer) ? Optional.empty() : Optional.of("the answer must " + what));
  }

  private static @Nullable JsonNode valueAt(JsonPointer path, HttpAnswer answer) {
    try {
      JsonNode tree = JSON.readTree(answer.body());
      return tree == null ? null : tree.at(path);
    } catch (JsonProcessingException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory can be read", e);
    }
  }

  /**
   * Returns if an answer is as it should be.
   *
   * @throws HttpFailedException if not
   */
  void check(HttpAnswer answer) {
    int status = answer.status();
    boolean right = statuses.isEmpty() ? status >= 200 && status <= 299 : statuses.contains(status);
    if (!right) {
      throw new HttpFailedException.Status(
          status,
          "the answer must have a status of "
              + (statuses.isEmpty() ? "200 to 299" : statuses.toString())
              + ", had "
              + status);
    }
    for (Content content : contents) {
      content
          .missingIn(answer)
          .ifPresent(
              missing -> {
                throw new HttpFailedException.Content(missing + readUpTo(answer));
              });
    }
  }

  private static String readUpTo(HttpAnswer answer) {
    return answer.cut() ? "; only its first " + answer.body().length + " bytes were read" : "";
  }
}
