// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A lane in memory, with its ready runs. */
final class MemoryLane {
  /*
   * A heap with four children to a node, ordered by due time, then id. The due times lie beside the
   * runs, so that a comparison seldom touches a run; each run knows its slot, so that one can be
   * taken out of the middle without a search.
   */
  private static final int CHILDREN = 4;

  final int id;
  final String job;
  final int priority;
  String queue;

  private @Nullable MemoryRun[] runs = new MemoryRun[16];
  private long[] dues = new long[16];
  private int size;

  MemoryLane(int id, String job, int priority, String queue) {
    this.id = id;
    this.job = job;
    this.priority = priority;
    this.queue = queue;
  }

  Lane toLane() {
    return new Lane(id, job, priority, queue);
  }

  Optional<Instant> nextDue() {
    MemoryRun first = runs[0];
    return first == null ? Optional.empty() : Optional.of(first.due);
  }

  void add(MemoryRun run) {
    if (size == dues.length) {
      int bigger = size + (size >> 1);
      runs = Arrays.copyOf(runs, bigger);
      dues = Arrays.copyOf(dues, bigger);
    }
    up(size++, run, Commit.toMicros(run.due));
  }

  /** Takes the first run out, if it is due. */
  @Nullable MemoryRun pollDue(Instant now) {
    MemoryRun first = runs[0];
    if (first == null || first.due.isAfter(now)) {
      return null;
    }
    remove(first);
    return first;
  }

  void remove(MemoryRun run) {
    int slot = run.slot;
    size--;
    MemoryRun last = runs[size];
    long lastDue = dues[size];
    runs[size] = null;
    if (slot == size || last == null) {
      return;
    }
    down(slot, last, lastDue);
    if (last.slot == slot) {
      up(slot, last, lastDue);
    }
  }

  private void up(int from, MemoryRun run, long due) {
    int slot = from;
    while (slot > 0) {
      int parent = (slot - 1) / CHILDREN;
      if (!isBefore(due, run, parent)) {
        break;
      }
      move(parent, slot);
      slot = parent;
    }
    put(slot, run, due);
  }

  private void down(int from, MemoryRun run, long due) {
    int slot = from;
    for (int child = CHILDREN * slot + 1; child < size; child = CHILDREN * slot + 1) {
      int least = child;
      int end = Math.min(child + CHILDREN, size);
      for (int other = child + 1; other < end; other++) {
        if (isBefore(dues[other], at(other), least)) {
          least = other;
        }
      }
      if (isBefore(due, run, least)) {
        break;
      }
      move(least, slot);
      slot = least;
    }
    put(slot, run, due);
  }

  private boolean isBefore(long due, MemoryRun run, int slot) {
    return due != dues[slot] ? due < dues[slot] : run.id.compareTo(at(slot).id) < 0;
  }

  private void move(int from, int to) {
    put(to, at(from), dues[from]);
  }

  private void put(int slot, MemoryRun run, long due) {
    runs[slot] = run;
    dues[slot] = due;
    run.slot = slot;
  }

  private MemoryRun at(int slot) {
    MemoryRun run = runs[slot];
    if (run == null) {
      throw new IllegalStateException("no run at slot " + slot + " of " + size);
    }
    return run;
  }
}
