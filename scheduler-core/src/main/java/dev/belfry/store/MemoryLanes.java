// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Lanes and pauses in memory. */
final class MemoryLanes {
  private static final int HIGHEST = 4;

  private final List<MemoryLane> all = new ArrayList<>();
  private final Map<String, Map<Integer, MemoryLane>> byJob = new HashMap<>();
  private final Set<Target> paused = new HashSet<>();
  private long version;

  Catalog catalog() {
    return new Catalog(version, all.stream().map(MemoryLane::toLane).toList(), paused);
  }

  long version() {
    return version;
  }

  void changed(Commit commit) {
    version++;
    commit.catalogChanged();
  }

  @Nullable MemoryLane lane(int id) {
    return id >= 0 && id < all.size() ? all.get(id) : null;
  }

  MemoryLane lane(String job, int priority, String queue, Commit commit) {
    var lanes = byJob.get(job);
    var lane = lanes == null ? null : lanes.get(priority);
    return lane == null ? make(job, priority, queue, commit) : lane;
  }

  MemoryLane anyLane(String job, Commit commit) {
    var lanes = lanesOf(job);
    return lanes.isEmpty() ? make(job, 0, "default", commit) : lanes.get(0);
  }

  private MemoryLane make(String job, int priority, String queue, Commit commit) {
    var lane = new MemoryLane(all.size(), job, requireInRange(priority), queue);
    all.add(lane);
    byJob.computeIfAbsent(job, j -> new TreeMap<>()).put(priority, lane);
    changed(commit);
    return lane;
  }

  static int requireInRange(int priority) {
    if (priority < -HIGHEST || priority > HIGHEST) {
      throw new IllegalArgumentException("priority must be -4 to 4, was " + priority);
    }
    return priority;
  }

  void declare(Declaration declaration, Commit commit) {
    lane(declaration.job(), declaration.priority(), declaration.queue(), commit);
    boolean moved = false;
    for (var lane : lanesOf(declaration.job())) {
      moved |= !lane.queue.equals(declaration.queue());
      lane.queue = declaration.queue();
    }
    if (moved) {
      changed(commit);
    }
  }

  void pause(PauseChange change, Commit commit) {
    if (change.paused() ? paused.add(change.target()) : paused.remove(change.target())) {
      changed(commit);
    }
  }

  Optional<Instant> nextDue(String job) {
    return lanesOf(job).stream().flatMap(lane -> lane.nextDue().stream()).min(Instant::compareTo);
  }

  private List<MemoryLane> lanesOf(String job) {
    return List.copyOf(byJob.getOrDefault(job, Map.of()).values());
  }
}
