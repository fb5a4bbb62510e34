// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import dev.belfry.store.JobStore;
import dev.belfry.store.Purged;
import dev.belfry.store.Retention;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes what is past its time, a batch at a time. For the control loop only. */
final class Janitor {
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);
  private static final int BATCH = 1_000;
  private static final Duration BETWEEN_BATCHES = Duration.ofSeconds(1);
  private static final Duration BETWEEN_ROUNDS = Duration.ofMinutes(10);

  private final Host host;
  private final JobStore store;
  private final Calls calls;
  private final Retention retention;
  private boolean stopped;

  Janitor(Host host, JobStore store, Retention retention) {
    this.host = host;
    this.store = store;
    this.calls = new Calls(host);
    this.retention = retention;
  }

  void begin() {
    // Nodes that were started together shall not clean up together.
    long spread = host.random().nextLong(BETWEEN_ROUNDS.toMillis());
    host.after(Duration.ofMillis(spread), this::clean);
  }

  private void clean() {
    if (stopped) {
      return;
    }
    calls.<Purged>make(
        () -> store.purge(retention, BATCH),
        (purged, thrown) -> {
          if (thrown != null) {
            log.warn("old runs could not be deleted; trying again later", thrown);
          }
          boolean more = purged != null && purged.more();
          host.after(more ? BETWEEN_BATCHES : BETWEEN_ROUNDS, this::clean);
        });
  }

  void stop() {
    stopped = true;
  }
}
