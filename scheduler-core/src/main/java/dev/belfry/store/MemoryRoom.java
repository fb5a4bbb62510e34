// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.util.Comparator;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One key of a limit in memory: who has a place, and who is put aside until there is one. */
final class MemoryRoom {
  final LimitKey key;
  final TreeSet<MemoryRun> held =
      new TreeSet<>(Comparator.comparing((MemoryRun run) -> run.due).thenComparing(run -> run.id));
  @Nullable Limit limit;
  int used;

  MemoryRoom(LimitKey key, @Nullable Limit limit) {
    this.key = key;
    this.limit = limit;
  }

  /** Returns how many more runs there is room for. */
  int free() {
    if (key.isTurn()) {
      return 1 - used;
    }
    return limit instanceof Limit.Slots slots ? slots.slots() - used : Integer.MAX_VALUE;
  }

  boolean isNext(MemoryRun run) {
    return !key.isOrder() || held.isEmpty() || held.comparator().compare(run, held.first()) <= 0;
  }

  void take() {
    used++;
  }

  void release() {
    used--;
  }

  boolean isUnused() {
    return used == 0 && held.isEmpty();
  }
}
