// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came back.
 *
 * @param headers by name in small letters
 * @param body decoded, and cut off at the limit
 * @param cut whether there was more of it
 */
record HttpAnswer(
    int status, Map<String, List<String>> headers, byte[] body, boolean cut, HttpTimings timings) {
  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name)).map(values -> values.get(0));
  }

  /** Returns the body as text, whatever it says to be. */
  String text() {
    return new String(body, UTF_8);
  }
}
