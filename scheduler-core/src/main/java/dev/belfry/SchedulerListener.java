// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

/**
 * Hears what happens on a node. Called one event after another, on a thread of its own, so a slow
 * listener delays only other listeners' events; what it throws is logged and dropped. At most
 * 10,000 events wait; further ones are dropped and counted in the log.
 */
@FunctionalInterface
public interface SchedulerListener {
  /** Hears an event. */
  void on(SchedulerEvent event);
}
