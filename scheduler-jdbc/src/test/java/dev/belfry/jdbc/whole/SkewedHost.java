// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import dev.belfry.host.Host;
import dev.belfry.jdbc.Proxies;
import java.time.Duration;
import java.time.Instant;

/** A host whose clock is wrong. What it measures by is right, as on any machine. */
final class SkewedHost {
  private SkewedHost() {}

  static Host of(Host real, Duration skew) {
    return Proxies.of(
        Host.class,
        (method, arguments) -> {
          Object answer = Proxies.pass(real, method, arguments);
          return answer instanceof Instant wallTime ? wallTime.plus(skew) : answer;
        });
  }
}
