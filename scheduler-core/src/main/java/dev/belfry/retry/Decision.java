// SPDX-License-Identifier: Apache-2.0
package dev.belfry.retry;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What happens to a run after its handler failed or asked for a pause. Immutable.
 *
 * <p>Each reason is a short sentence for people, without a full stop, such as {@code attempt 2 of 5
 * failed, next after 17 s (exponential, equal jitter)}. Do not parse it.
 */
public sealed interface Decision {
  /**
   * Try again: the next attempt may start once the delay has passed.
   *
   * @param delay the wait before the next attempt; never negative
   * @param reason why, for people
   */
  record RetryAfter(Duration delay, String reason) implements Decision {
    /** Refuses a null and a negative delay. */
    public RetryAfter {
      requireNonNull(reason, "reason");
      Delays.requireNotNegative(delay, "delay");
    }
  }

  /**
   * Give up: the run failed for good.
   *
   * @param reason why, for people
   */
  record Fail(String reason) implements Decision {
    /** Refuses a null. */
    public Fail {
      requireNonNull(reason, "reason");
    }
  }

  /**
   * Drop the run: it ends without counting as failed.
   *
   * @param reason why, for people
   */
  record Discard(String reason) implements Decision {
    /** Refuses a null. */
    public Discard {
      requireNonNull(reason, "reason");
    }
  }

  /**
   * Start the same attempt again later. No attempt is used.
   *
   * @param delay the wait before the attempt goes on; never negative
   */
  record Snooze(Duration delay) implements Decision {
    /** Refuses a null and a negative delay. */
    public Snooze {
      Delays.requireNotNegative(delay, "delay");
    }
  }

  /**
   * Stop starting runs of the job until a person resumes it; this run waits with the others.
   *
   * @param reason why, for people
   */
  record PauseJob(String reason) implements Decision {
    /** Refuses a null. */
    public PauseJob {
      requireNonNull(reason, "reason");
    }
  }
}
