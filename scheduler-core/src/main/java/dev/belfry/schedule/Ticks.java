// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * The ticks of a schedule that are due, summed up.
 *
 * @param last the latest tick that is due
 * @param count how many ticks are due, the first and the last included; at least 1
 * @param next the first tick that is not due yet; empty if none follows or if it is not known
 *     before the work is done
 */
public record Ticks(Instant last, long count, Optional<Instant> next) {
  /** Refuses a null and a count below 1. */
  public Ticks {
    requireNonNull(last, "last");
    requireNonNull(next, "next");
    if (count < 1) {
      throw new IllegalArgumentException("count must be at least 1, was " + count);
    }
  }
}
