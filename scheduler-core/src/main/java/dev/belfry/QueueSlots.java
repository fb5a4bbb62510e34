// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The workers of one queue on this node, and the runs that were claimed ahead for them. */
final class QueueSlots {
  private static final int MAX_PREFETCH = 500;
  private static final long AHEAD_NANOS = Duration.ofMillis(100).toNanos();
  private static final Comparator<Holding> ORDER =
      Comparator.comparingInt((Holding held) -> -held.priority)
          .thenComparing(held -> held.claim.dueAt())
          .thenComparing(held -> held.claim.id());

  private final int workers;
  private final PriorityQueue<Holding> buffer = new PriorityQueue<>(ORDER);
  private int busy;
  private long meanNanos = -1; // how long passes took lately; -1: none has ended yet

  QueueSlots(int workers) {
    this.workers = workers;
  }

  /** Returns how many more runs to claim; nothing while enough wait here already. */
  int room() {
    int free = free();
    int ahead = ahead();
    if (free > 0) {
      return free + ahead;
    }
    return buffer.size() * 2 > ahead ? 0 : ahead - buffer.size();
  }

  /** Returns how many workers have nothing to do, not even what is claimed already. */
  int free() {
    return Math.max(0, workers - busy - buffer.size());
  }

  /** As many runs as keep the workers busy for a moment, so short ones never wait for a claim. */
  private int ahead() {
    return meanNanos < 0
        ? 0
        : (int) Math.min(MAX_PREFETCH, AHEAD_NANOS * workers / Math.max(1, meanNanos));
  }

  void add(Holding held) {
    buffer.add(held);
  }

  /** Takes the run to start next, if there is one and a worker for it. */
  @Nullable Holding startNext() {
    if (busy >= workers || buffer.isEmpty()) {
      return null;
    }
    busy++;
    return buffer.remove();
  }

  /** A worker is free again. */
  void free(long ranNanos) {
    busy--;
    meanNanos = meanNanos < 0 ? ranNanos : meanNanos + (ranNanos - meanNanos) / 8;
  }

  /** A worker is replaced, because its pass does not end. */
  void replaceWorker() {
    busy--;
  }

  /** Removes and returns runs that were claimed ahead. */
  List<Holding> takeBack(Predicate<Holding> which) {
    var taken = new ArrayList<Holding>();
    buffer.removeIf(held -> which.test(held) && taken.add(held));
    return taken;
  }

  /** Forgets all runs that were claimed ahead. */
  void clear() {
    buffer.clear();
  }
}
