// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Limits in memory: what becomes of runs that are due, and who is put aside until there is room.
 */
final class MemoryLimits {
  private static final Admission START = new Admission.Start();
  private static final Admission HOLD = new Admission.Hold();

  private final Map<String, Limit> declared = new HashMap<>();
  private final TreeMap<LimitKey, MemoryRoom> rooms = new TreeMap<>();

  void declare(List<Limit> limits, Commit commit) {
    for (var limit : limits) {
      var before = declared.put(limit.name(), limit);
      if (before != null && !before.equals(limit)) {
        rooms.values().stream()
            .filter(room -> room.key.limit().equals(limit.name()))
            .forEach(room -> room.limit = limit);
        fillAll(commit);
      }
    }
  }

  /** Decides of a run that was due; one that is asked to end needs no room. */
  Admission admit(MemoryRun run, Commit commit) {
    if (run.limits.isEmpty() || run.cancelRequested != null) {
      return START;
    }
    if (fits(run)) {
      needed(run).forEach(key -> room(key).take());
      run.hasSlots = true;
      run.hasTurn = true;
      return START;
    }
    needed(run).forEach(key -> room(key).held.add(run));
    run.held = true;
    fill(run.limits, commit); // it may have kept others from a key that has room
    return HOLD;
  }

  /** Returns what a run must find room for: it may have its turn already. */
  private static List<LimitKey> needed(MemoryRun run) {
    return run.limits.stream().filter(key -> !(key.isTurn() && run.hasTurn)).toList();
  }

  private boolean fits(MemoryRun run) {
    return needed(run).stream()
        .map(this::room)
        .allMatch(room -> room.free() > 0 && room.isNext(run));
  }

  private MemoryRoom room(LimitKey key) {
    return rooms.computeIfAbsent(key, k -> new MemoryRoom(k, declared.get(k.limit())));
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

  private void release(MemoryRun run, boolean turn) {
    run.limits.stream().filter(key -> key.isTurn() == turn).forEach(key -> room(key).release());
  }

  /** Takes a run out of those that are put aside. */
  void drop(MemoryRun run) {
    run.limits.forEach(key -> room(key).held.remove(run));
    run.held = false;
  }

  /** Has the first runs that are put aside go back to their lanes, as many as there is room for. */
  void fill(Collection<LimitKey> keys, Commit commit) {
    for (var key : keys) {
      var room = room(key);
      int free = room.free();
      for (var run : room.held.isEmpty() ? List.<MemoryRun>of() : List.copyOf(room.held)) {
        if (free <= 0) {
          break;
        }
        if (fits(run)) {
          drop(run);
          run.lane.add(run);
          commit.ready(run.lane.id, run.due);
          free--;
        }
      }
    }
  }

  /** Fills whatever has room: some may have gone back to a lane that is paused by now. */
  void fillAll(Commit commit) {
    fill(List.copyOf(rooms.keySet()), commit);
    rooms.values().removeIf(MemoryRoom::isUnused);
  }
}
