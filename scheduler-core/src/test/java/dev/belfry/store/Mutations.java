// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Texts that are nearly right: parts of good ones, cut, doubled, swapped, and mixed with what
 * parsers stumble over. A seed gives the same texts each time; {@code -Dbelfry.fuzz=1000000} makes
 * more of them.
 */
final class Mutations {
  private static final int COUNT = Integer.getInteger("belfry.fuzz", 5_000);
  private static final int MOST_CHANGES = 5;
  private static final List<String> STUMBLES =
      List.of(
          "",
          "\"",
          "\\",
          "\\u",
          "\\ud800",
          "\u0000",
          "\ud83d",
          "\ufeff",
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "-",
          "+",
          ".",
          "e9",
          "0",
          "-0",
          "1e400",
          "9".repeat(40),
          "null",
          "true",
          "NaN",
          "/",
          "//",
          "#",
          "\n",
          " ",
          "\u00a0",
          "١",
          "Z",
          "T24:00",
          "-999999999",
          "ü",
          "😀");

  private final List<String> good;
  private final SplittableRandom random;

  Mutations(long seed, String... good) {
    this.good = List.of(good);
    this.random = new SplittableRandom(seed);
  }

  /** Hands over all texts; a failure names the one that made it. */
  void forEach(Consumer<String> reader) {
    for (int i = 0; i < COUNT; i++) {
      String text = next();
      try {
        reader.accept(text);
      } catch (Throwable e) {
        throw new AssertionError("text " + i + " is " + escaped(text), e);
      }
    }
  }

  private String next() {
    String text = pick(good);
    for (int changes = random.nextInt(MOST_CHANGES); changes >= 0; changes--) {
      text = changed(text);
    }
    return text;
  }

  private String changed(String text) {
    int from = random.nextInt(text.length() + 1);
    int to = from + random.nextInt(Math.min(12, text.length() - from) + 1);
    String before = text.substring(0, from);
    String middle = text.substring(from, to);
    String after = text.substring(to);
    return switch (random.nextInt(5)) {
      case 0 -> before + after;
      case 1 -> before + middle + middle + after;
      case 2 -> before + pick(STUMBLES) + after;
      case 3 -> before + middle + pick(STUMBLES) + after;
      default -> before + (char) random.nextInt(256) + after;
    };
  }

  private String pick(List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }

  /** Returns a text as it can be written in a test. */
  private static String escaped(String text) {
    var escaped = new StringBuilder("\"");
    text.chars()
        .forEach(
            c -> escaped.append(c >= ' ' && c <= '~' ? "" + (char) c : "\\u%04x".formatted(c)));
    return escaped.append('"').toString();
  }
}
