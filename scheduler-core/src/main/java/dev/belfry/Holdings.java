// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.RunId;
import dev.belfry.store.Claimed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The runs that a node holds, and what worker has each or is to have it. For the control loop only.
 */
final class Holdings {
  private final Map<RunId, Holding> byRun = new LinkedHashMap<>();

  void add(Holding holding) {
    holding.claims.keySet().forEach(run -> byRun.put(run, holding));
  }

  /** Returns what has a run; null if it is not held. */
  @Nullable Holding of(RunId run) {
    return byRun.get(run);
  }

  /** Returns whether a run is held by this very claim. */
  boolean isHeldBy(Claimed claim) {
    Holding holding = byRun.get(claim.id());
    return holding != null && holding.claimOf(claim.id()).fence() == claim.fence();
  }

  boolean contains(RunId run) {
    return byRun.containsKey(run);
  }

  /** Forgets a run, and returns what had it. */
  @Nullable Holding remove(RunId run) {
    return byRun.remove(run);
  }

  /** Returns the runs in the order in which they were claimed. */
  List<RunId> runs() {
    return List.copyOf(byRun.keySet());
  }

  int size() {
    return byRun.size();
  }

  boolean isEmpty() {
    return byRun.isEmpty();
  }
}
