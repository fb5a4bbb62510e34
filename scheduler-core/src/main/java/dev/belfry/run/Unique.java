// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * A key that at most one run of a job holds at a time.
 *
 * @param key the key, compared exactly, within the job; 1 to 200 characters
 * @param window how long the key is held from the enqueue on; empty: until the run has ended
 * @param onConflict what happens to a run whose key is held
 */
public record Unique(String key, Optional<Duration> window, OnConflict onConflict) {
  /** What happens to a run whose key is held by another. */
  public enum OnConflict {
    /** Nothing is enqueued; the caller gets a handle of the run that holds the key. */
    RETURN_EXISTING,
    /** Nothing is enqueued; the caller gets a {@link KeyHeldException}. */
    REJECT,
    /**
     * The new run takes the key. The old one ends CANCELLED if it has not started; one that is
     * running goes on beside it.
     */
    REPLACE
  }

  /** Checks key and window. */
  public Unique {
    requireNonNull(onConflict, "onConflict");
    if (key.isEmpty() || key.length() > 200) {
      throw new IllegalArgumentException(
          "unique key must have 1 to 200 characters, had " + key.length());
    }
    window.ifPresent(
        w -> {
          if (w.isNegative() || w.isZero()) {
            throw new IllegalArgumentException("unique window must be positive, was " + w);
          }
        });
  }

  /** Holds the key until the run has ended; a second enqueue returns the first's run. */
  public static Unique whileActive(String key) {
    return new Unique(key, Optional.empty(), OnConflict.RETURN_EXISTING);
  }

  /** Holds the key for a time from the enqueue on, whether the run ends earlier or later. */
  public static Unique within(Duration window, String key) {
    return new Unique(key, Optional.of(window), OnConflict.RETURN_EXISTING);
  }

  /** Returns this key with another answer to conflicts. Default: RETURN_EXISTING. */
  public Unique on(OnConflict newOnConflict) {
    return new Unique(key, window, newOnConflict);
  }
}
