// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.RunState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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

  /** Returns what somebody has declared; null if nobody did. */
  @Nullable Limit declared(String name) {
    return declared.get(name);
  }

  /** Notes a run that is new. */
  void inserted(MemoryRun run) {
    ofKind(run, Limit.Kind.DEBOUNCE).forEach(key -> room(key).fresh.add(run));
  }

  /** Notes that a run is asked to end; it has nobody wait for it any more. */
  void cancelled(MemoryRun run) {
    ofKind(run, Limit.Kind.DEBOUNCE).forEach(key -> room(key).fresh.remove(run));
  }

  /** Decides of a run that was due; one that is asked to end needs no room. */
  Admission admit(MemoryRun run, Commit commit) {
    if (run.limits.isEmpty() || run.cancelRequested != null) {
      return START;
    }
    Optional<String> dropped = drop(run, commit.now());
    if (dropped.isPresent()) {
      fill(run.limits, commit); // it may have kept others from a key that has room
      return new Admission.Skip(dropped.get());
    }
    var rooms = needed(run).stream().map(this::room).toList();
    if (rooms.stream().allMatch(room -> room.isFree(commit.now()) && room.isNext(run))) {
      rooms.forEach(room -> room.take(run, commit.now()));
      run.hasSlots = true;
      run.hasTurn = true;
      fill(ofKind(run, Limit.Kind.THROTTLE), commit);
      return START;
    }
    if (rooms.stream().allMatch(room -> isToWait(room, run, commit.now()))) {
      return new Admission.MoveTo(reserve(run));
    }
    rooms.forEach(room -> room.held.add(run));
    run.held = true;
    fill(run.limits, commit);
    return HOLD;
  }

  /** Returns whether nothing but time keeps a run from its place. */
  private static boolean isToWait(MemoryRoom room, MemoryRun run, Instant now) {
    return room.key.kind() == Limit.Kind.THROTTLE
        ? room.free() > 0 && room.isFirstHeld(run)
        : room.isFree(now) && room.isNext(run);
  }

  /** Asks the limits that drop runs; those that let it through are not asked again. */
  private Optional<String> drop(MemoryRun run, Instant now) {
    for (var kind : List.of(Limit.Kind.DEBOUNCE, Limit.Kind.RATE, Limit.Kind.SINGLETON)) {
      for (var key : run.hasTurn ? List.<LimitKey>of() : ofKind(run, kind)) {
        Optional<String> reason = room(key).drop(run, now);
        if (reason.isPresent()) {
          return reason;
        }
        if (kind != Limit.Kind.SINGLETON) {
          run.limits = run.limits.stream().filter(other -> !other.equals(key)).toList();
        }
      }
    }
    return Optional.empty();
  }

  private static List<LimitKey> ofKind(MemoryRun run, Limit.Kind kind) {
    return run.limits.stream().filter(key -> key.kind() == kind).toList();
  }

  /** Returns what a run must find room for: it may have its turn, or have begun, already. */
  private static List<LimitKey> needed(MemoryRun run) {
    return run.limits.stream()
        .filter(key -> !(key.isTurn() && run.hasTurn))
        .filter(key -> !(key.kind() == Limit.Kind.THROTTLE && run.hasBegun()))
        .toList();
  }

  private MemoryRoom room(LimitKey key) {
    return rooms.computeIfAbsent(key, k -> new MemoryRoom(k, declared.get(k.limit())));
  }

  /** Returns when a run is due that only has to wait for the next slot, which is now its own. */
  private Instant reserve(MemoryRun run) {
    Instant due = run.due;
    for (var key : needed(run)) {
      if (key.kind() == Limit.Kind.THROTTLE) {
        due = room(key).reserve(run);
        run.slotAt = due;
      }
    }
    return due;
  }

  /** Returns whom a run that was just decided of for the first time replaces. */
  List<MemoryRun> replacedBy(MemoryRun run) {
    var replaced = new ArrayList<MemoryRun>();
    for (var key : ofKind(run, Limit.Kind.SINGLETON)) {
      var room = room(key);
      if (room.replaces()) {
        room.active().ifPresent(replaced::add);
        replaced.addAll(room.held);
      }
    }
    replaced.remove(run);
    return replaced;
  }

  /** Takes the slots of a run that no node holds any more; its turn stays until it has ended. */
  void release(MemoryRun run) {
    if (run.hasSlots) {
      ofKind(run, Limit.Kind.SLOTS).forEach(key -> room(key).release());
      run.hasSlots = false;
    }
  }

  /** Takes the turn of a run that has ended, and all that others know it by. */
  void ended(MemoryRun run) {
    if (run.hasTurn) {
      run.limits.stream().filter(LimitKey::isTurn).forEach(key -> room(key).release());
      run.hasTurn = false;
    }
    cancelled(run);
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
        if (needed(run).stream().map(this::room).allMatch(r -> r.free() > 0 && r.isNext(run))) {
          free(run, commit);
          free--;
        }
      }
    }
  }

  private void free(MemoryRun run, Commit commit) {
    drop(run);
    Instant due = reserve(run);
    if (run.state instanceof RunState.Scheduled scheduled && !due.equals(run.due)) {
      run.state = scheduled.moveTo(due);
      run.due = due;
    }
    run.lane.add(run);
    commit.ready(run.lane.id, run.due);
  }

  /** Fills whatever has room: some may have gone back to a lane that is paused by now. */
  void fillAll(Commit commit) {
    fill(List.copyOf(rooms.keySet()), commit);
    rooms.values().removeIf(room -> room.isUnused(commit.now()));
  }
}
