// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.OnActive;
import dev.belfry.run.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One key of a limit in memory: who has a place, and who is put aside until there is one. */
final class MemoryRoom {
  private static final Duration KEPT = Duration.ofDays(1);

  final LimitKey key;
  final TreeSet<MemoryRun> held =
      new TreeSet<>(Comparator.comparing((MemoryRun run) -> run.due).thenComparing(run -> run.id));

  /** The runs of a debounce that are not decided of. */
  final TreeSet<MemoryRun> fresh =
      new TreeSet<>(
          Comparator.comparing((MemoryRun run) -> run.dueAt).thenComparing(run -> run.id));

  @Nullable Limit limit;

  /** The runs that have a place; of a rate, those that its window has let through. */
  private int used;

  /**
   * When the next slot of a throttle or the next window of a rate may begin, or when a run of a
   * debounce starts though others came after it.
   */
  private @Nullable Instant nextAt;

  /** The active run of a singleton, or the one that stands in its lane for the next slot. */
  private @Nullable MemoryRun run;

  MemoryRoom(LimitKey key, @Nullable Limit limit) {
    this.key = key;
    this.limit = limit;
  }

  /** Returns whether there is a place for one more run. */
  boolean isFree(Instant now) {
    return limit instanceof Limit.Throttle ? nextAt == null || !nextAt.isAfter(now) : free() > 0;
  }

  /** Returns how many runs that are put aside may go back to their lanes. */
  int free() {
    if (key.isTurn()) {
      return 1 - used;
    } else if (limit instanceof Limit.Throttle) {
      return hasFirst() ? 0 : 1;
    }
    return limit instanceof Limit.Slots slots ? slots.slots() - used : Integer.MAX_VALUE;
  }

  private boolean hasFirst() {
    return run != null
        && run.state instanceof RunState.Scheduled
        && !run.held
        && run.cancelRequested == null
        && run.isThrottled();
  }

  boolean isNext(MemoryRun candidate) {
    return !key.isOrder() || isFirstHeld(candidate);
  }

  boolean isFirstHeld(MemoryRun candidate) {
    return held.isEmpty() || held.comparator().compare(candidate, held.first()) <= 0;
  }

  void take(MemoryRun taker, Instant now) {
    if (limit instanceof Limit.Throttle throttle) {
      nextAt = throttle.nextAfter(nextAt == null ? now : nextAt, now);
      run = null;
    } else {
      used++;
      run = key.isTurn() ? taker : null;
    }
  }

  void release() {
    used--;
    run = null;
  }

  /** Has a run stand in its lane for the next slot; returns when that is. */
  Instant reserve(MemoryRun first) {
    run = first;
    return nextAt == null || nextAt.isBefore(first.due) ? first.due : nextAt;
  }

  /** Returns why a run is to end, if this limit drops it; else what it counts is counted. */
  Optional<String> drop(MemoryRun met, Instant now) {
    if (limit instanceof Limit.Debounce debounce) {
      return debounced(debounce, met, now);
    } else if (limit instanceof Limit.Rate rate) {
      return overRate(rate, met);
    } else if (limit instanceof Limit.Singleton singleton
        && singleton.onActive() == OnActive.SKIP
        && run != null) {
      return Optional.of(singleton.reason(key, run.id));
    }
    return Optional.empty();
  }

  private Optional<String> debounced(Limit.Debounce debounce, MemoryRun met, Instant now) {
    if (!fresh.contains(met)) {
      return Optional.of(debounce.reason(key, Optional.empty()));
    }
    MemoryRun newest = fresh.last();
    if (newest != met) {
      if (nextAt == null) {
        nextAt = debounce.max().map(met.createdAt::plus).orElse(Instant.MAX);
      }
      if (now.isBefore(nextAt)) {
        fresh.remove(met);
        return Optional.of(debounce.reason(key, Optional.of(newest.id)));
      }
    }
    nextAt = null;
    fresh.headSet(met, true).clear();
    return Optional.empty();
  }

  private Optional<String> overRate(Limit.Rate rate, MemoryRun met) {
    if (nextAt == null || !met.due.isBefore(nextAt)) {
      nextAt = met.due.plus(rate.per());
      used = 0;
    }
    if (used >= rate.starts()) {
      return Optional.of(rate.reason(key));
    }
    used++;
    return Optional.empty();
  }

  /** Returns whether a new run has those before it end. */
  boolean replaces() {
    return limit instanceof Limit.Singleton singleton && singleton.onActive() == OnActive.CANCEL;
  }

  /** Returns the active run of a singleton. */
  Optional<MemoryRun> active() {
    return Optional.ofNullable(run);
  }

  boolean isUnused(Instant now) {
    if (!held.isEmpty() || !fresh.isEmpty()) {
      return false;
    } else if (nextAt == null || limit instanceof Limit.Debounce) {
      return used == 0;
    }
    return nextAt.plus(KEPT).isBefore(now);
  }
}
