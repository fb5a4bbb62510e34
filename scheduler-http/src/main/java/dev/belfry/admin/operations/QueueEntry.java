// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.run.Status;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A queue.
 *
 * @param name its name
 * @param workersHere how many workers this node has for it; 0 if none
 * @param paused whether it is paused
 * @param jobs the names of the jobs whose runs wait in it
 * @param pending how many runs of these have not ended, by state
 * @param dueAt the earliest due time of those that are SCHEDULED and that no limit has put aside
 */
public record QueueEntry(
    String name,
    int workersHere,
    boolean paused,
    List<String> jobs,
    Map<Status, Long> pending,
    Optional<Instant> dueAt) {
  /** Copies the collections. */
  public QueueEntry {
    jobs = List.copyOf(jobs);
    pending = Map.copyOf(pending);
  }
}
