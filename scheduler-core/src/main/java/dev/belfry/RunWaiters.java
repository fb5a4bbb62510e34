// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.RunId;
import dev.belfry.store.Payload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Those who wait for the ends of runs that a node may hold. For the control loop only. */
final class RunWaiters {
  private final Map<RunId, List<Waiter>> waiters = new HashMap<>();

  /** Somebody who waits for a run. Made and asked on any thread. */
  static final class Waiter {
    private final CompletableFuture<Optional<Payload>> left = new CompletableFuture<>();
    private volatile boolean here;

    /**
     * Returns a future that is done when the run leaves the node, if it comes by at all: with what
     * it returned, if it has completed there.
     */
    CompletableFuture<Optional<Payload>> left() {
      return left;
    }

    /** Returns whether the node holds the run, which has therefore not ended. */
    boolean isHere() {
      return here && !left.isDone();
    }
  }

  /** Adds somebody who waits for a run, which is here or is not. */
  void add(RunId run, Waiter waiter, boolean here) {
    waiter.here = here;
    waiters.computeIfAbsent(run, id -> new ArrayList<>()).add(waiter);
  }

  /** Forgets somebody who waits no longer. */
  void remove(RunId run, Waiter waiter) {
    waiters.computeIfPresent(
        run,
        (id, all) -> {
          all.remove(waiter);
          return all.isEmpty() ? null : all;
        });
  }

  /** A run is held by the node from now on. */
  void came(RunId run) {
    List<Waiter> all = waiters.get(run);
    if (all != null) {
      all.forEach(waiter -> waiter.here = true);
    }
  }

  /** A run is not held by the node any more; if it has completed, it has returned something. */
  void left(RunId run, Optional<Payload> returned) {
    List<Waiter> all = waiters.remove(run);
    if (all != null) {
      all.forEach(waiter -> waiter.left.complete(returned));
    }
  }

  /** Tells all that no run will leave the node any more. */
  void leave() {
    List.copyOf(waiters.keySet()).forEach(run -> left(run, Optional.empty()));
  }
}
