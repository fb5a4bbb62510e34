// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import java.util.regex.Pattern;

/** Which types of messages an endpoint is told of: one by its name, or all that begin alike. */
final class EventPattern {
  private static final Pattern FORM =
      Pattern.compile(
          "\\*|[\\p{Alnum}][\\p{Alnum}._/:-]{0,98}|[\\p{Alnum}][\\p{Alnum}._/:-]{0,97}[./:-]\\*");

  private EventPattern() {}

  /** Refuses what is none. */
  static void check(String pattern) {
    if (!FORM.matcher(pattern).matches()) {
      throw new IllegalArgumentException(
          "type of messages must be like \"order.paid\", \"order.*\" or \"*\", was \""
              + pattern
              + "\"");
    }
  }

  static boolean matches(String pattern, String type) {
    if (!pattern.endsWith("*")) {
      return pattern.equals(type);
    }
    int begin = pattern.length() - 1;
    return type.length() > begin && type.startsWith(pattern.substring(0, begin));
  }
}
