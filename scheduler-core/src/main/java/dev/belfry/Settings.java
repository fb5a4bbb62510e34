// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import dev.belfry.store.JobStore;
import dev.belfry.store.Retention;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What a builder collected, checked. */
record Settings(
    String name,
    JobStore store,
    Payloads payloads,
    Host host,
    Jobs jobs,
    Map<String, Integer> workers,
    boolean virtualThreads,
    Duration poll,
    Duration lease,
    Duration grace,
    Retention retention,
    List<SchedulerListener> listeners,
    List<Plugin> plugins) {
  /** After this a pass without a timeout is worth a warning. */
  static final Duration LONG_RUN = Duration.ofHours(1);

  /** How long a body may go on after it was interrupted before it counts as stuck. */
  static final Duration STUCK_AFTER = Duration.ofSeconds(10);

  /** How often a shutdown may cut an attempt short before it counts. */
  static final int MAX_INTERRUPTIONS = 10;

  /** How many outcomes may wait for a store that does not take them. */
  static final int MAX_OUTCOMES = 10_000;
}
