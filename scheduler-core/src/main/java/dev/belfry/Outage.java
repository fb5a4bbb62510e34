// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import dev.belfry.store.StoreException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people that the store can't be reached, and that it can again: one line each, however many
 * calls fail meanwhile. For the control loop only.
 */
final class Outage {
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);

  private final Host host;
  private final ListenerBus listeners;
  private final Set<String> failing = new HashSet<>(); // the calls that failed the last time
  private final Set<String> broken = new HashSet<>(); // those that failed by no fault of the store
  private boolean lost;
  private long sinceNanos;
  private int failures;

  Outage(Host host, ListenerBus listeners) {
    this.host = host;
    this.listeners = listeners;
  }

  /** A call failed; it will be tried again. */
  void failed(String call, @Nullable Throwable thrown) {
    Throwable cause = thrown == null ? new IllegalStateException("no answer") : thrown;
    if (!(cause instanceof StoreException refusal)) {
      if (broken.add(call)) {
        log.error("the call to {} failed; it is tried again and again", call, cause);
      }
      return;
    }
    failing.add(call);
    failures++;
    if (!lost) {
      lost = true;
      failures = 1;
      sinceNanos = host.nanoTime();
      String does = refusal.kind() == StoreException.Kind.PERMANENT ? "refuses" : "does not answer";
      log.warn("the store {} ({}); trying again until that is over", does, call, cause);
      listeners.publish(new SchedulerEvent.StoreLost(cause));
    }
  }

  /** A call was answered. */
  void answered(String call) {
    broken.remove(call);
    if (failing.remove(call) && failing.isEmpty()) {
      lost = false;
      var after = Duration.ofNanos(host.nanoTime() - sinceNanos);
      log.info(
          "the store answers again after {} s and {} failed calls",
          String.format(Locale.ROOT, "%.1f", after.toMillis() / 1e3),
          failures);
      listeners.publish(new SchedulerEvent.StoreBack(after));
    }
  }
}
