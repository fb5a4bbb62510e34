// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Limits in memory: who has slots, and who is put aside until there is room. */
final class MemoryLimits {
  /** The runs of one key. */
  private static final class Share {
    private final TreeSet<MemoryRun> held =
        new TreeSet<>(
            Comparator.comparing((MemoryRun run) -> run.due).thenComparing(run -> run.id));
    private int used;
  }

  private final Map<String, Integer> slots = new HashMap<>();
  private final TreeMap<LimitKey, Share> shares = new TreeMap<>();

  void declare(List<Limit> limits, Commit commit) {
    for (var limit : limits) {
      Integer before = slots.put(limit.name(), limit.slots());
      if (before != null && before < limit.slots()) {
        fillAll(commit);
      }
    }
  }

  /** Gives a run its slots, or puts it aside; one that is asked to end needs none. */
  boolean admit(MemoryRun run, Commit commit) {
    if (run.limits.isEmpty() || run.cancelRequested != null) {
      return true;
    }
    if (fits(run)) {
      needed(run).forEach(key -> share(key).used++);
      run.hasSlots = true;
      run.hasTurn = true;
      return true;
    }
    needed(run).forEach(key -> share(key).held.add(run));
    run.held = true;
    fill(run.limits, commit); // it may have kept others from a key that has room
    return false;
  }

  /** Returns what a run must find room for: it may have its turn already. */
  private static List<LimitKey> needed(MemoryRun run) {
    return run.limits.stream().filter(key -> !(key.isOrder() && run.hasTurn)).toList();
  }

  private boolean fits(MemoryRun run) {
    return needed(run).stream().allMatch(key -> room(key) > 0 && isNext(run, key));
  }

  private boolean isNext(MemoryRun run, LimitKey key) {
    var held = share(key).held;
    return !key.isOrder() || held.isEmpty() || held.comparator().compare(run, held.first()) <= 0;
  }

  private int room(LimitKey key) {
    int most = key.isOrder() ? 1 : slots.getOrDefault(key.limit(), Integer.MAX_VALUE);
    return most - share(key).used;
  }

  private Share share(LimitKey key) {
    return shares.computeIfAbsent(key, k -> new Share());
  }

  /** Takes the slots of a run that no node holds any more; its turn stays until it has ended. */
  void release(MemoryRun run) {
    if (run.hasSlots) {
      release(run, false);
      run.hasSlots = false;
    }
  }

  /** Takes the turn of a run that has ended. */
  void ended(MemoryRun run) {
    if (run.hasTurn) {
      release(run, true);
      run.hasTurn = false;
    }
  }

  private void release(MemoryRun run, boolean order) {
    run.limits.stream().filter(key -> key.isOrder() == order).forEach(key -> share(key).used--);
  }

  /** Takes a run out of those that are put aside. */
  void drop(MemoryRun run) {
    run.limits.forEach(key -> share(key).held.remove(run));
    run.held = false;
  }

  /** Has the first runs that are put aside go back to their lanes, as many as there is room for. */
  void fill(Collection<LimitKey> keys, Commit commit) {
    for (var key : keys) {
      var share = share(key);
      int room = room(key);
      for (var run : share.held.isEmpty() ? List.<MemoryRun>of() : List.copyOf(share.held)) {
        if (room <= 0) {
          break;
        }
        if (fits(run)) {
          drop(run);
          run.lane.add(run);
          commit.ready(run.lane.id, run.due);
          room--;
        }
      }
    }
  }

  /** Fills whatever has room: some may have gone back to a lane that is paused by now. */
  void fillAll(Commit commit) {
    fill(List.copyOf(shares.keySet()), commit);
    shares.values().removeIf(share -> share.used == 0 && share.held.isEmpty());
  }
}
