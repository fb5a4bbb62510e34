// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/**
 * One incarnation of a node: random at each start, never a host name, never used again. So what an
 * earlier incarnation left behind can't be mistaken for the work of the present one.
 *
 * @param value the UUID
 */
public record NodeId(UUID value) {
  /** Refuses null. */
  public NodeId {
    requireNonNull(value, "value");
  }

  /** Returns the UUID in its usual form of 36 characters. */
  @Override
  public String toString() {
    return value.toString();
  }
}
