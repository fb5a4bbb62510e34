// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.RunId;
import dev.belfry.store.Claimed;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How what the store says that a node holds differs from what the node has.
 *
 * @param lost what the node has, and does not hold any more
 * @param found what the node holds, and does not have
 * @param isUnclear whether what there is depends on an outcome that is on its way
 */
record Difference(Set<RunId> lost, List<Claimed> found, boolean isUnclear) {
  /**
   * Compares.
   *
   * @param isEnding whether the outcome of a run is on its way
   */
  static Difference between(Holdings held, List<Claimed> inStore, Predicate<RunId> isEnding) {
    Map<RunId, Claimed> stored = new HashMap<>();
    inStore.forEach(claim -> stored.put(claim.id(), claim));
    Set<RunId> lost = new LinkedHashSet<>();
    boolean unclear = false;
    for (RunId run : held.runs()) {
      Claimed now = stored.get(run);
      boolean known = now != null && held.isHeldBy(now);
      if (!known && !isEnding.test(run)) {
        lost.add(run);
      } else if (!known) { // its outcome may have been written, and the run claimed once more
        unclear |= now != null;
      }
    }
    List<Claimed> found =
        inStore.stream()
            .filter(claim -> !held.contains(claim.id()) || lost.contains(claim.id()))
            .toList();
    return new Difference(lost, found, unclear);
  }
}
