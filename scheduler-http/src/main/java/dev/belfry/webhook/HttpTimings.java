// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import java.time.Duration;

/**
 * How long an exchange was at what, each from its beginning; what was not reached is as long as the
 * whole.
 *
 * @param name until the name was looked up
 * @param connect until the connection stood, TLS included
 * @param firstByte until the first byte of the answer
 * @param total until the end
 */
record HttpTimings(Duration name, Duration connect, Duration firstByte, Duration total) {
  /** Returns them in milliseconds, for a log or a note. */
  String text() {
    return "name "
        + name.toMillis()
        + " ms, connect "
        + connect.toMillis()
        + " ms, first byte "
        + firstByte.toMillis()
        + " ms, total "
        + total.toMillis()
        + " ms";
  }
}
