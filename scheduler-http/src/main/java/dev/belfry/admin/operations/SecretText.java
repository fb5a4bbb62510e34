// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hides secrets in text that has no form. Takes time in line with the length of the text. */
final class SecretText {
  /** What tells itself to be a secret: its first words stay. */
  private static final Pattern TOKENS =
      Pattern.compile("(?i)\\b(bearer\\s+|whs[ek]c?_)[A-Za-z0-9._~+/=-]+");

  private static final Pattern HEADERS =
      Pattern.compile(
          "(?i)\\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key)(:[ \\t]*)[^\\r\\n\"]+");

  /** As in a query of a URL, or as records are printed. */
  private static final Pattern EQUATIONS =
      Pattern.compile("([A-Za-z][A-Za-z0-9_.-]{0,63})=(\"[^\"]*\"|[^\\s,;&\"')}\\]]+)");

  /** As in a document that is quoted in a message; ends where the value begins. */
  private static final Pattern PROPERTIES =
      Pattern.compile("\"([^\"\\\\]{1,64})\"\\s{0,8}:\\s{0,8}\"");

  private final Predicate<String> secretKey;

  SecretText(Predicate<String> secretKey) {
    this.secretKey = secretKey;
  }

  String hide(String text) {
    if (text.isEmpty()) {
      return text;
    }
    String shown = TOKENS.matcher(text).replaceAll("$1" + Redaction.HIDDEN);
    shown = HEADERS.matcher(shown).replaceAll("$1$2" + Redaction.HIDDEN);
    shown = EQUATIONS.matcher(shown).replaceAll(this::equation);
    return properties(shown);
  }

  private String equation(MatchResult found) {
    String key = found.group(1);
    return Matcher.quoteReplacement(
        secretKey.test(key) ? key + "=" + Redaction.HIDDEN : found.group());
  }

  private String properties(String text) {
    var shown = new StringBuilder();
    int done = 0;
    Matcher found = PROPERTIES.matcher(text);
    int next = 0;
    while (next < text.length() && found.find(next)) {
      next = found.end();
      if (secretKey.test(found.group(1))) {
        shown.append(text, done, next).append(Redaction.HIDDEN);
        done = endOfString(text, next);
        next = done;
      }
    }
    return done == 0 ? text : shown.append(text, done, text.length()).toString();
  }

  /** Returns where the quotation mark stands that ends a string of JSON. */
  private static int endOfString(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) != '"') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    return Math.min(at, text.length());
  }
}
