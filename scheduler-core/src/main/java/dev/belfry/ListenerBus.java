// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events to listeners, in order, off the control loop. Events are published on the loop only.
 */
final class ListenerBus {
  private static final Logger log = LoggerFactory.getLogger(SchedulerListener.class);
  private static final int MAX_WAITING = 10_000;

  private final Host host;
  private final List<SchedulerListener> listeners;
  private final Deque<SchedulerEvent> waiting = new ArrayDeque<>();
  private boolean delivering;
  private long dropped;

  ListenerBus(Host host, List<SchedulerListener> listeners) {
    this.host = host;
    this.listeners = listeners;
  }

  /** Returns whether anybody listens, so that costly events need not be made for nobody. */
  boolean isHeard() {
    return !listeners.isEmpty();
  }

  void publish(SchedulerEvent event) {
    if (listeners.isEmpty()) {
      return;
    }
    if (waiting.size() == MAX_WAITING) {
      if (dropped++ == 0) {
        log.warn("listeners are too slow: {} events wait, further ones are dropped", MAX_WAITING);
      }
      return;
    }
    waiting.add(event);
    deliver();
  }

  private void deliver() {
    if (delivering || waiting.isEmpty()) {
      return;
    }
    delivering = true;
    var batch = new ArrayList<>(waiting);
    waiting.clear();
    host.io(
        () -> {
          batch.forEach(this::tellAll);
          return batch.size();
        },
        (count, thrown) -> {
          delivering = false;
          if (dropped > 0 && waiting.isEmpty()) {
            log.warn("listeners caught up; {} events were dropped", dropped);
            dropped = 0;
          }
          deliver();
        });
  }

  private void tellAll(SchedulerEvent event) {
    for (SchedulerListener listener : listeners) {
      try {
        listener.on(event);
      } catch (Throwable thrown) { // a listener is a stranger's code
        log.warn("a listener failed on {}", event, thrown);
      }
    }
  }

  /** Returns whether all events were handed over. */
  boolean isQuiet() {
    return !delivering && waiting.isEmpty();
  }
}
