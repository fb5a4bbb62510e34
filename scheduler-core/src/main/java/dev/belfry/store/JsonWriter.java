// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.nio.charset.StandardCharsets;

/** Writes one JSON text, without white space and in the escapes that Jackson uses. */
final class JsonWriter {
  private static final String HEX = "0123456789ABCDEF";

  private final StringBuilder out = new StringBuilder();
  private int depth;

  void begin(char open) {
    if (++depth > JsonReader.MAX_DEPTH) {
      throw new JsonFault("nested deeper than " + JsonReader.MAX_DEPTH + " levels");
    }
    out.append(open);
  }

  void end(char close) {
    depth--;
    out.append(close);
  }

  /** Puts a comma before all but the first element. */
  void next(boolean first) {
    if (!first) {
      out.append(',');
    }
  }

  void name(boolean first, String name) {
    next(first);
    string(name);
    out.append(':');
  }

  void literal(String text) {
    out.append(text);
  }

  void number(String text) {
    JsonReader.requireShort(text.length());
    out.append(text);
  }

  void string(String text) {
    JsonReader.paired(text);
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\') {
        escape(c);
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  byte[] toBytes() {
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void escape(char c) {
    int known = "\"\\\b\f\n\r\t".indexOf(c);
    if (known >= 0) {
      out.append('\\').append("\"\\bfnrt".charAt(known));
    } else {
      out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
    }
  }
}
