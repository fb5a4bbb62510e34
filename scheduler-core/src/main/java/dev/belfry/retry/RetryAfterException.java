// SPDX-License-Identifier: Apache-2.0
package dev.belfry.retry;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Thrown by a handler to say how long to wait at least before the next attempt, as a remote service
 * told it. It also counts when it is the cause of another exception.
 *
 * <p>The wait is the longer of this one and the policy's. It may exceed the policy's longest wait,
 * but is at most 24 hours. The attempt is used up as with any failure.
 */
public class RetryAfterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The wait, not negative. */
  private final Duration delay;

  /**
   * Creates the exception with the message {@code retry after PT30S}.
   *
   * @param delay the least wait; a negative one, from a time already past, counts as zero
   */
  public RetryAfterException(Duration delay) {
    super("retry after " + notNegative(delay));
    this.delay = notNegative(delay);
  }

  /**
   * Creates the exception.
   *
   * @param message what failed
   * @param delay the least wait; a negative one, from a time already past, counts as zero
   */
  public RetryAfterException(String message, Duration delay) {
    super(message);
    this.delay = notNegative(delay);
  }

  /**
   * Creates the exception around another.
   *
   * @param message what failed
   * @param delay the least wait; a negative one, from a time already past, counts as zero
   * @param cause why
   */
  public RetryAfterException(String message, Duration delay, Throwable cause) {
    super(message, cause);
    this.delay = notNegative(delay);
  }

  /** Returns the least wait, never negative; as given, so possibly above 24 hours. */
  public Duration delay() {
    return delay;
  }

  private static Duration notNegative(Duration delay) {
    return requireNonNull(delay, "delay").isNegative() ? Duration.ZERO : delay;
  }
}
