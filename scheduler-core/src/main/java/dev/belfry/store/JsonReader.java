// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one JSON text (RFC 8259) strictly, front to back. For one thread. */
final class JsonReader {
  /*
   * Hostile text must cost no more than its length. Hence nesting and numbers are capped, the first
   * because forms and skip() recurse, the second because parsing digits is quadratic; everything
   * else looks at each character once.
   */
  static final int MAX_DEPTH = 100;
  static final int MAX_NUMBER = 1_000;

  enum Kind {
    OBJECT("an object"),
    ARRAY("an array"),
    STRING("a string"),
    NUMBER("a number"),
    BOOLEAN("true or false"),
    NULL("null");

    final String title;

    Kind(String title) {
      this.title = title;
    }
  }

  private final char[] text;
  private final int end;
  private final boolean[] started = new boolean[MAX_DEPTH + 1];
  private int at;
  private int depth;

  private JsonReader(CharBuffer text) {
    this.text = text.array();
    this.end = text.limit();
  }

  static JsonReader of(byte[] utf8) {
    ByteBuffer in = ByteBuffer.wrap(utf8);
    CharBuffer out = CharBuffer.allocate(utf8.length);
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
    if (result.isError()) {
      throw new JsonFault("malformed UTF-8 at byte " + in.position());
    }
    return new JsonReader(out.flip());
  }

  /** Returns what comes next, without taking it. */
  Kind peek() {
    skipSpace();
    return switch (at < end ? text[at] : 0) {
      case '{' -> Kind.OBJECT;
      case '[' -> Kind.ARRAY;
      case '"' -> Kind.STRING;
      case 't', 'f' -> Kind.BOOLEAN;
      case 'n' -> Kind.NULL;
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> Kind.NUMBER;
      default -> throw unexpected("a value");
    };
  }

  /** Takes the start of an object or array, which the caller has peeked at. */
  void begin() {
    at++;
    if (++depth > MAX_DEPTH) {
      throw new JsonFault("nested deeper than " + MAX_DEPTH + " levels");
    }
    started[depth] = false;
  }

  /** Takes the name of the next property, or the end of the object and returns null. */
  @Nullable String nextName() {
    if (!more('}')) {
      return null;
    }
    if (at == end || text[at] != '"') {
      throw unexpected("a property name");
    }
    String name = string();
    skipSpace();
    take(':', "':'");
    return name;
  }

  /** Returns whether the array has another element, else takes its end. */
  boolean nextElement() {
    return more(']');
  }

  /** Takes a scalar: the content of a string, or a number, boolean or null as it is written. */
  String scalar() {
    return switch (peek()) {
      case STRING -> string();
      case NUMBER -> number();
      case BOOLEAN -> word(text[at] == 't' ? "true" : "false");
      case NULL -> word("null");
      case OBJECT, ARRAY -> throw expected("a scalar");
    };
  }

  /** Takes any value and drops it, though not unread: duplicates and the like are refused. */
  void skip() {
    Kind kind = peek();
    if (kind == Kind.OBJECT) {
      skipObject();
    } else if (kind == Kind.ARRAY) {
      begin();
      while (nextElement()) {
        skip();
      }
    } else {
      scalar();
    }
  }

  /** Takes the end of the text. */
  void end() {
    skipSpace();
    if (at < end) {
      throw unexpected("the end");
    }
  }

  /** Returns the fault for a value that comes next and is not of the kind wanted. */
  JsonFault expected(String what) {
    Kind kind = peek();
    return switch (kind) {
      case OBJECT, ARRAY -> mismatch(what, kind.title);
      case STRING -> mismatch(what, JsonFault.quoted(scalar()));
      default -> mismatch(what, JsonFault.shortened(scalar()));
    };
  }

  static JsonFault mismatch(String expected, String was) {
    return new JsonFault("expected " + expected + ", was " + was);
  }

  static JsonFault duplicate(String name) {
    return new JsonFault("property " + JsonFault.quoted(name) + " occurs twice");
  }

  private void skipObject() {
    Set<String> names = new HashSet<>();
    begin();
    for (String name = nextName(); name != null; name = nextName()) {
      if (!names.add(name)) {
        throw duplicate(name);
      }
      skip();
    }
  }

  private boolean more(char close) {
    skipSpace();
    if (at < end && text[at] == close) {
      at++;
      depth--;
      return false;
    }
    if (started[depth]) {
      take(',', "',' or '" + close + "'");
      skipSpace();
    }
    started[depth] = true;
    return true;
  }

  private String string() {
    int from = ++at;
    while (at < end && text[at] != '"' && text[at] != '\\' && text[at] >= ' ') {
      at++;
    }
    if (at < end && text[at] == '"') {
      return new String(text, from, at++ - from);
    }
    var out = new StringBuilder().append(text, from, at - from);
    while (at < end && text[at] != '"') {
      out.append(character());
    }
    take('"', "'\"'");
    return paired(out.toString());
  }

  private char character() {
    char c = text[at];
    if (c < ' ') {
      throw unexpected("an escape, as control characters need one,");
    }
    at++;
    return c == '\\' ? escape() : c;
  }

  private char escape() {
    char c = at < end ? text[at] : 0;
    int known = "\"\\/bfnrtu".indexOf(c);
    if (known < 0 || at == end) {
      throw unexpected("one of \"\\/bfnrtu after a backslash");
    }
    at++;
    return c == 'u' ? unicode() : "\"\\/\b\f\n\r\t".charAt(known);
  }

  private char unicode() {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = at < end && text[at] < 0x80 ? Character.digit(text[at], 16) : -1;
      if (digit < 0) {
        throw unexpected("four hexadecimal digits");
      }
      value = value * 16 + digit;
      at++;
    }
    return (char) value;
  }

  private String number() {
    int from = at;
    at += text[at] == '-' ? 1 : 0;
    if (at < end && text[at] == '0') {
      at++;
    } else {
      digits();
    }
    if (at < end && text[at] == '.') {
      at++;
      digits();
    }
    if (at < end && (text[at] == 'e' || text[at] == 'E')) {
      at++;
      at += at < end && (text[at] == '+' || text[at] == '-') ? 1 : 0;
      digits();
    }
    return new String(text, from, requireShort(at - from));
  }

  static int requireShort(int length) {
    if (length > MAX_NUMBER) {
      throw new JsonFault("a number has at most " + MAX_NUMBER + " characters, was " + length);
    }
    return length;
  }

  private void digits() {
    int from = at;
    while (at < end && text[at] >= '0' && text[at] <= '9') {
      at++;
    }
    if (at == from) {
      throw unexpected("a digit");
    }
  }

  private String word(String word) {
    for (int i = 0; i < word.length(); i++) {
      take(word.charAt(i), word);
    }
    return word;
  }

  private void take(char c, String what) {
    if (at == end || text[at] != c) {
      throw unexpected(what);
    }
    at++;
  }

  private void skipSpace() {
    while (at < end
        && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) {
      at++;
    }
  }

  private JsonFault unexpected(String what) {
    String was = at == end ? "the end" : visible(text[at]);
    return new JsonFault("expected " + what + " at character " + at + ", was " + was);
  }

  private static String visible(char c) {
    return c > ' ' && c < 0x7f ? "'" + c + "'" : JsonFault.hex(c);
  }

  /** Returns the text if each surrogate in it has its other half. */
  static String paired(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isSupplementaryCodePoint(text.codePointAt(i))) {
          throw new JsonFault(
              "unpaired surrogate " + JsonFault.hex(text.charAt(i)) + " at character " + i);
        }
        i++;
      }
    }
    return text;
  }
}
