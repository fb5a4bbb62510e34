// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

/** A place in a text that moves from left to right. */
final class CronCursor {
  /** What is read behind the end. */
  private static final char END = ' ';

  private final String text;
  private int pos;

  CronCursor(String text) {
    this.text = text;
  }

  int pos() {
    return pos;
  }

  char peek() {
    return pos < text.length() ? text.charAt(pos) : END;
  }

  /** Goes one character on. */
  void skip() {
    pos++;
  }

  /** Goes on if the next character is the given one. */
  boolean take(char c) {
    boolean here = peek() == c;
    if (here) {
      pos++;
    }
    return here;
  }

  /** Goes on if the next character is a letter of ASCII, in either case. */
  boolean takeLetter(char upper) {
    boolean here = isLetter(upper);
    if (here) {
      pos++;
    }
    return here;
  }

  boolean isLetter(char upper) {
    return (peek() & ~0x20) == upper;
  }

  boolean isAtEndOfText() {
    return pos >= text.length();
  }

  boolean isAtEndOfField() {
    return isBlank(peek());
  }

  static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  void skipBlanks() {
    while (pos < text.length() && isBlank(text.charAt(pos))) {
      pos++;
    }
  }

  void skipField() {
    while (!isAtEndOfField()) {
      pos++;
    }
  }

  /** Returns how many fields there are from here on. */
  int countFields() {
    int count = 0;
    boolean gap = true;
    for (int i = pos; i < text.length(); i++) {
      boolean blank = isBlank(text.charAt(i));
      if (gap && !blank) {
        count++;
      }
      gap = blank;
    }
    return count;
  }

  /** Reads a number; -1 if there is none. Anything above 9999 counts as 9999. */
  int number() {
    int start = pos;
    int number = 0;
    while (pos < text.length()) {
      int digit = text.charAt(pos) - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      number = Math.min(number * 10 + digit, 9_999);
      pos++;
    }
    return pos == start ? -1 : number;
  }

  /** Reads a name of three letters; -1 if there is none. */
  int name(CronUnit unit, CronDialect dialect) {
    int value = unit.named(text, pos, dialect);
    if (value >= 0) {
      pos += 3;
    }
    return value;
  }
}
