// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Which headers may be set: none that says where a message ends, whose it is, or by which way. */
final class HeaderRules {
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}");
  private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e]{0,4096}");
  private static final Set<String> OURS =
      Set.of(
          "host",
          "connection",
          "content-length",
          "transfer-encoding",
          "te",
          "trailer",
          "upgrade",
          "expect",
          "keep-alive",
          "proxy-connection",
          "proxy-authorization",
          "accept-encoding",
          "user-agent",
          "date",
          "via",
          "forwarded",
          "x-forwarded-for",
          "x-forwarded-host",
          "x-forwarded-proto");

  private HeaderRules() {}

  /**
   * Returns if a header may be set.
   *
   * @throws IllegalArgumentException if not; shows no value, which may be a secret
   */
  static void check(String name, String value) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "bad header name \"" + name + "\": it must be 1 to 100 characters of a token");
    }
    if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("header " + name + " can't be set: it is written here");
    }
    if (!VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "bad value of header "
              + name
              + ": it must be at most 4096 visible ASCII characters, blanks and tabs");
    }
  }
}
