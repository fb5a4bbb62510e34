// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The workers of one queue on this node, and the runs that were claimed ahead for them. */
final class QueueSlots {
  private static final int MAX_PREFETCH = 1_000;
  private static final Comparator<Holding> ORDER =
      Comparator.comparingInt((Holding held) -> -held.priority)
          .thenComparing(held -> held.claim.dueAt())
          .thenComparing(held -> held.claim.id());

  private final int workers;
  private final PriorityQueue<Holding> buffer = new PriorityQueue<>(ORDER);
  private int busy;
  private final Map<String, Long> meanNanos =
      new HashMap<>(); // how long passes took lately, by job

  QueueSlots(int workers) {
    this.workers = workers;
  }

  /** Returns how many workers have nothing to do, not even what is claimed already. */
  int free() {
    return Math.max(0, workers - busy - buffer.size());
  }

  /**
   * Returns how many runs of a job to claim beyond the free workers: as many as keep all workers
   * busy for a while, so that short passes never wait for a claim, less what waits already. None of
   * a job whose passes are long, or not known yet: it would wait here while others are idle.
   */
  int ahead(JobDefinition<?, ?> job, Duration busy) {
    Long mean = meanNanos.get(job.name());
    if (mean == null) {
      return 0;
    }
    int most = (int) Math.min(MAX_PREFETCH, busy.toNanos() * workers / Math.max(1, mean));
    boolean plenty = free() == 0 && buffer.size() * 2 > most; // or each end would claim one more
    return plenty ? 0 : Math.max(0, most - buffer.size());
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

  /** A worker is free again after a pass. */
  void freeWorker(JobDefinition<?, ?> job, Duration ran) {
    busy--;
    meanNanos.merge(job.name(), ran.toNanos(), (mean, last) -> mean + (last - mean) / 8);
  }

  /** A worker is free again, or was replaced, after a pass that says nothing of its job. */
  void freeWorker() {
    busy--;
  }

  /** Removes and returns runs that were claimed ahead. */
  List<Holding> takeBack(Predicate<Holding> which) {
    var taken = new ArrayList<Holding>();
    buffer.removeIf(held -> which.test(held) && taken.add(held));
    return taken;
  }
}
