// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.time.Instant;
import java.util.Map;

/**
 * A word that something may be worth a look. It may be lost, late or doubled; nothing rests on it.
 *
 * @param now the store's clock at the commit that it tells of
 * @param due lanes with a new ready run, and the earliest due time among these
 * @param catalog whether lanes, pauses or schedules changed
 */
public record Hint(Instant now, Map<Integer, Instant> due, boolean catalog) {
  /** Copies the lanes. */
  public Hint {
    due = Map.copyOf(due);
  }
}
