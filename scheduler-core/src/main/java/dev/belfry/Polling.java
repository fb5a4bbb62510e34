// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.retry.Backoff;
import java.time.Duration;

/** How often {@link JobContext#waitUntil} looks, and how many times. Immutable. */
public final class Polling {
  private static final int USUAL_LOOKS = 1_000;

  private final Backoff pause;
  private final int looks;

  private Polling(Backoff pause, int looks) {
    this.pause = requireNonNull(pause, "pause");
    this.looks = looks;
  }

  /** Looks once in a time, 1,000 times at most. */
  public static Polling every(Duration pause) {
    return with(new Backoff.Fixed(pause));
  }

  /** Looks with pauses that grow, 1,000 times at most. */
  public static Polling with(Backoff pause) {
    return new Polling(pause, USUAL_LOOKS);
  }

  /**
   * Returns this, with another limit of looks.
   *
   * @param most at least 1
   */
  public Polling upTo(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("looks must be at least 1, was " + most);
    }
    return new Polling(pause, most);
  }

  Backoff pause() {
    return pause;
  }

  int looks() {
    return looks;
  }
}
