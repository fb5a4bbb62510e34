// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.security;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts requests that were refused for who sent them, and says so when they are many. */
final class Refusals {
  private static final Logger log = LoggerFactory.getLogger(Guard.class);
  private static final Set<Integer> STATUSES = Set.of(401, 403, 421, 429);
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();
  private static final int MANY = 100;

  private final LongSupplier nanoTime;
  private long since; // this and the next guarded by this
  private int sinceThen;

  Refusals(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.since = nanoTime.getAsLong();
  }

  /** Counts an answer, if it is a refusal. At most one warning a minute. */
  synchronized void count(int status, InetAddress remote) {
    if (!STATUSES.contains(status)) {
      return;
    }
    long now = nanoTime.getAsLong();
    if (now - since > MINUTE) {
      since = now;
      sinceThen = 0;
    }
    sinceThen++;
    if (sinceThen == MANY) {
      log.warn(
          "{} requests were refused within a minute, the last one from {} with status {}",
          MANY,
          remote.getHostAddress(),
          status);
    }
  }
}
