// SPDX-License-Identifier: Apache-2.0
package dev.belfry.retry;

import java.time.Duration;

/**
 * Thrown by a handler that cannot go on now, though nothing failed: the same attempt starts again
 * later. No attempt is used, and neither the policy's number of attempts nor its longest wait
 * applies. It also counts when it is the cause of another exception.
 */
public class SnoozeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The wait, positive. */
  private final Duration delay;

  /**
   * Creates the exception with the message {@code snooze for PT5M}.
   *
   * @param delay the wait; positive, at most 365 days
   * @throws IllegalArgumentException if {@code delay} is out of range
   */
  public SnoozeException(Duration delay) {
    this("snooze for " + delay, delay);
  }

  /**
   * Creates the exception.
   *
   * @param message what the run waits for
   * @param delay the wait; positive, at most 365 days
   * @throws IllegalArgumentException if {@code delay} is out of range
   */
  public SnoozeException(String message, Duration delay) {
    super(message);
    this.delay = Delays.requireAtMostLongest(Delays.requirePositive(delay, "delay"), "delay");
  }

  /** Returns the wait; positive, at most 365 days. */
  public Duration delay() {
    return delay;
  }
}
