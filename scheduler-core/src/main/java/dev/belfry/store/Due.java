// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.time.Duration;
import java.time.Instant;

/** When a new run may start. What is relative is added to the store's clock, never to a node's. */
public sealed interface Due {
  /** At once. */
  record Now() implements Due {}

  /**
   * After a time.
   *
   * @param delay not negative
   */
  record After(Duration delay) implements Due {}

  /**
   * At an instant.
   *
   * @param instant may lie in the past, which means at once, before what is due later
   */
  record At(Instant instant) implements Due {}

  /** Returns when that is, if it is {@code now}. */
  default Instant from(Instant now) {
    if (this instanceof After after) {
      return now.plus(after.delay());
    }
    return this instanceof At at ? at.instant() : now;
  }
}
