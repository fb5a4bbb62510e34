// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.time.Duration;

/**
 * How long ended runs and events are kept.
 *
 * @param ended runs that ended COMPLETED, CANCELLED or SKIPPED
 * @param failed runs that ended FAILED or TIMED_OUT
 * @param events events, once they are delivered
 */
public record Retention(Duration ended, Duration failed, Duration events) {
  private static final Duration EVENTS = Duration.ofDays(7);

  /** Keeps events for 7 days. */
  public Retention(Duration ended, Duration failed) {
    this(ended, failed, EVENTS);
  }
}
