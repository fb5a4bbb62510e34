// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The pauses of a pass between tries to reach the store: each twice as long as the one before, up
 * to a second. For the thread of the handler.
 */
final class PassPauses {
  private static final Duration FIRST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(1);
  private static final int MOST = 14;

  private final Host host;
  private Duration next = FIRST;
  private int taken;

  PassPauses(Host host) {
    this.host = host;
  }

  /** Waits; returns whether to try again. An interrupt ends the wait and stays. */
  boolean next() {
    if (taken++ == MOST) {
      return false;
    }
    try {
      host.await(new CompletableFuture<>(), next);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    return true;
  }
}
