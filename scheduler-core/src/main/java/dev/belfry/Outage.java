// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people that the store can't be reached, and that it can again: one line each, however many
 * calls fail meanwhile.
 */
final class Outage {
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);

  private final Host host;
  private final ListenerBus listeners;
  private boolean lost;
  private long sinceNanos;
  private int failures;

  Outage(Host host, ListenerBus listeners) {
    this.host = host;
    this.listeners = listeners;
  }

  void failed(String what, Throwable cause) {
    failures++;
    if (!lost) {
      lost = true;
      sinceNanos = host.nanoTime();
      failures = 1;
      log.warn("the store does not answer ({}); trying again until it does", what, cause);
      listeners.publish(new SchedulerEvent.StoreLost(cause));
    }
  }

  void answered() {
    if (lost) {
      lost = false;
      var after = Duration.ofNanos(host.nanoTime() - sinceNanos);
      log.info("the store answers again after {} s and {} failed calls", seconds(after), failures);
      listeners.publish(new SchedulerEvent.StoreBack(after));
    }
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f", time.toMillis() / 1e3);
  }
}
