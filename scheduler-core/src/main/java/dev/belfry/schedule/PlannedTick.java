// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.time.Instant;

/**
 * A tick to come, and why it comes then.
 *
 * @param at when
 * @param rule what decided it
 * @param reason the same in words, such as {@code 02:30 is left out on 2026-03-29 in Europe/Berlin}
 */
public record PlannedTick(Instant at, Rule rule, String reason) {
  /** What decides when a tick comes. */
  public enum Rule {
    /** The clock of the zone shows the time, once. */
    CLOCK,

    /** The clock leaps over the time; the tick comes at the first instant after the gap. */
    AFTER_GAP,

    /** The clock shows the time twice, and this is the first time. */
    FIRST_PASS,

    /** The clock shows the time twice, and this is the second time. */
    SECOND_PASS,

    /** A period has passed, since the anchor or since the last run. */
    PERIOD,

    /** The instant was given. */
    GIVEN
  }

  @Override
  public String toString() {
    return at + ": " + reason;
  }
}
