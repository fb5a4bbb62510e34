// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/**
 * The id of an event, which is its idempotency key: one that is sent again is the same event.
 *
 * @param value the UUID
 */
public record EventId(UUID value) implements Comparable<EventId> {
  /** Refuses null. */
  public EventId {
    requireNonNull(value, "value");
  }

  /** Compares as ids of runs are compared: unsigned, high half first. */
  @Override
  public int compareTo(EventId other) {
    return new RunId(value).compareTo(new RunId(other.value));
  }

  /** Returns the UUID in its usual form of 36 characters. */
  @Override
  public String toString() {
    return value.toString();
  }
}
