// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import java.util.List;

/**
 * An extension of a scheduler: gives jobs before the start, goes to work after it, is closed before
 * the workers stop.
 */
public interface Plugin {
  /** Returns the jobs to register with those of the application. Default: none. */
  default List<Job<?>> jobs() {
    return List.of();
  }

  /** Returns who hears what happens on the node, beside those that were added. Default: nobody. */
  default List<SchedulerListener> listeners() {
    return List.of();
  }

  /**
   * Is called once, on the thread that starts the scheduler; what it throws fails the start.
   * Default: does nothing.
   */
  default void started(PluginContext context) {}

  /** Is called once, on the thread that closes the scheduler. Default: does nothing. */
  default void close() {}
}
