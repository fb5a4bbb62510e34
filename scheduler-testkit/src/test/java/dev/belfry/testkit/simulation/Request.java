// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import java.time.Duration;

/** What a node sends off its control loop: one call to the store, or several, one after another. */
final class Request {
  private int calls;
  private Duration silence = Duration.ZERO;

  /** Counts a call; returns whether it is the first, which has travelled with the request. */
  boolean isFirst() {
    return calls++ == 0;
  }

  /** Has the answer come so much later. */
  void beSilentFor(Duration time) {
    silence = time;
  }

  Duration silence() {
    return silence;
  }
}
