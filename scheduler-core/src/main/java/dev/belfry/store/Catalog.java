// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.Target;
import java.util.List;
import java.util.Set;

/**
 * What rarely changes and every node keeps a copy of.
 *
 * @param version grows with every change of lanes, pauses and schedules
 * @param lanes all lanes
 * @param paused what is paused
 */
public record Catalog(long version, List<Lane> lanes, Set<Target> paused) {
  /** Copies the collections. */
  public Catalog {
    lanes = List.copyOf(lanes);
    paused = Set.copyOf(paused);
  }
}
