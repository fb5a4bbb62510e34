// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** How often what happened. */
final class Tally {
  private final Map<Sign, Long> counts = new EnumMap<>(Sign.class);

  void count(Sign sign) {
    counts.merge(sign, 1L, Long::sum);
  }

  void add(Tally other) {
    other.counts.forEach((sign, count) -> counts.merge(sign, count, Long::sum));
  }

  /** Returns what did not happen. */
  Set<Sign> missing() {
    var missing = EnumSet.allOf(Sign.class);
    missing.removeAll(counts.keySet());
    return missing;
  }

  @Override
  public String toString() {
    return counts.toString();
  }
}
