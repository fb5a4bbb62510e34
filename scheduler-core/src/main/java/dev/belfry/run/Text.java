// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import java.nio.charset.StandardCharsets;

/**
 * Makes text safe for every database: no NUL, no unpaired surrogate, no more bytes than allowed.
 */
final class Text {
  private static final String CUT = "… (cut)";
  private static final int CUT_BYTES = CUT.getBytes(StandardCharsets.UTF_8).length;

  private Text() {}

  /** Replaces what databases refuse and cuts at a whole code point. */
  static String clean(String text, int maxBytes) {
    var clean = new StringBuilder(Math.min(text.length(), maxBytes));
    int bytes = 0;
    int lastFit = 0; // the length up to which the mark of a cut would still fit
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      boolean bad =
          point == 0 || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
      int safe = bad ? 0xfffd : point;
      bytes += safe < 0x80 ? 1 : safe < 0x800 ? 2 : safe < 0x10000 ? 3 : 4;
      if (bytes > maxBytes) {
        clean.setLength(lastFit);
        return clean.append(CUT).toString();
      }
      clean.appendCodePoint(safe);
      if (bytes <= maxBytes - CUT_BYTES) {
        lastFit = clean.length();
      }
    }
    return clean.toString();
  }
}
