// SPDX-License-Identifier: Apache-2.0
package dev.belfry.retry;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/**
 * How the wait between attempts grows, before cap and jitter. Immutable.
 *
 * <p>No wait is longer than 365 days, whatever the attempt: growth stops there instead of
 * overflowing.
 */
public sealed interface Backoff {
  /**
   * Returns the wait after a failed attempt, in whole microseconds, at most 365 days.
   *
   * @param attempt the attempt that failed; the first is 1
   * @throws IllegalArgumentException if {@code attempt} is less than 1
   */
  Duration delayAfter(int attempt);

  /**
   * The same wait after each attempt.
   *
   * @param delay the wait; zero is at once, at most 365 days
   */
  record Fixed(Duration delay) implements Backoff {
    /** Refuses a delay that is negative or above 365 days. */
    public Fixed {
      Delays.requireAtMostLongest(Delays.requireNotNegative(delay, "delay"), "delay");
    }

    @Override
    public Duration delayAfter(int attempt) {
      requireAttempt(attempt);
      return Delays.ofMicros(Delays.toMicros(delay));
    }
  }

  /**
   * A wait that grows by one step with each attempt: step, 2 steps, 3 steps.
   *
   * @param step the first wait and what each later one adds; positive, at most 365 days
   */
  record Linear(Duration step) implements Backoff {
    /** Refuses a step that is not positive or above 365 days. */
    public Linear {
      Delays.requireAtMostLongest(Delays.requirePositive(step, "step"), "step");
    }

    @Override
    public Duration delayAfter(int attempt) {
      requireAttempt(attempt);
      return Delays.ofMicros((double) Delays.toMicros(step) * attempt);
    }
  }

  /**
   * A wait that is multiplied with each attempt: first, first × multiplier, first × multiplier².
   *
   * @param first the wait after the first attempt; positive, at most 365 days
   * @param multiplier the factor from one wait to the next; 1 to 100
   */
  record Exponential(Duration first, double multiplier) implements Backoff {
    /** Refuses a first wait that is not positive or above 365 days, and a factor out of range. */
    public Exponential {
      Delays.requireAtMostLongest(Delays.requirePositive(first, "first"), "first");
      if (!(multiplier >= 1 && multiplier <= 100)) {
        throw new IllegalArgumentException("multiplier must be from 1 to 100, was " + multiplier);
      }
    }

    @Override
    public Duration delayAfter(int attempt) {
      requireAttempt(attempt);
      return Delays.ofMicros(Delays.toMicros(first) * StrictMath.pow(multiplier, attempt - 1));
    }
  }

  /**
   * Waits read from a table; after its end the last one is repeated.
   *
   * @param delays the waits after attempt 1, 2 and so on; at least one, each from zero to 365 days
   */
  record Table(List<Duration> delays) implements Backoff {
    /** Refuses an empty table and a wait that is negative or above 365 days. */
    public Table {
      delays = List.copyOf(requireNonNull(delays, "delays"));
      if (delays.isEmpty()) {
        throw new IllegalArgumentException(
            "delays must not be empty; RetryPolicy.none() is the policy without a retry");
      }
      for (Duration delay : delays) {
        Delays.requireAtMostLongest(Delays.requireNotNegative(delay, "delay"), "delay");
      }
    }

    @Override
    public Duration delayAfter(int attempt) {
      requireAttempt(attempt);
      Duration delay = delays.get(Math.min(attempt, delays.size()) - 1);
      return Delays.ofMicros(Delays.toMicros(delay));
    }
  }

  private static void requireAttempt(int attempt) {
    if (attempt < 1) {
      throw new IllegalArgumentException(
          "attempt must be at least 1 (the first attempt is 1), was " + attempt);
    }
  }
}
