// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.util.Set;

/**
 * A word that something may be worth a look. It may be lost, late or doubled; nothing rests on it.
 *
 * @param lanes lanes with a new due run
 * @param catalog whether lanes, pauses or schedules changed
 */
public record Hint(Set<Integer> lanes, boolean catalog) {
  /** Copies the lanes. */
  public Hint {
    lanes = Set.copyOf(lanes);
  }
}
