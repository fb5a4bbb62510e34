// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.nio.charset.StandardCharsets;

/** Checks text that a store keeps as it is, so that it fails early and comes back as it went in. */
final class Bound {
  /** The most characters of a name or a key. */
  static final int NAME = 200;

  private Bound() {}

  /** Returns a name of 1 to {@code most} characters. */
  static String name(String what, String value, int most) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException(what + " must not be empty");
    }
    return text(what, value, most);
  }

  /** Returns text of at most {@code most} characters, which may be empty. */
  static String text(String what, String value, int most) {
    if (value.length() > most) {
      throw new IllegalArgumentException(
          what + " must have at most " + most + " characters, had " + value.length());
    }
    // The encoder refuses unpaired surrogates, which no database keeps.
    if (value.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
      throw new IllegalArgumentException(what + " must not contain NUL or unpaired surrogates");
    }
    return value;
  }

  /** Returns a number that is not negative. */
  static int count(String what, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(what + " must not be negative, was " + value);
    }
    return value;
  }
}
