// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.JobView;
import dev.belfry.run.Status;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A job in a list.
 *
 * @param name its name
 * @param view what the code of this node says of it; empty if only other nodes know it, or none
 * @param queue where its runs wait
 * @param nodes the names of the live nodes that know it; empty for a confined principal
 * @param served whether a live node knows it
 * @param paused whether it is paused itself; its queue or everything may be
 * @param pending how many of its runs have not ended, by state; those of which there are none are
 *     left out
 * @param dueAt the earliest due time of those that are SCHEDULED and that no limit has put aside
 */
public record JobEntry(
    String name,
    Optional<JobView> view,
    String queue,
    List<String> nodes,
    boolean served,
    boolean paused,
    Map<Status, Long> pending,
    Optional<Instant> dueAt) {
  /** Copies the collections. */
  public JobEntry {
    nodes = List.copyOf(nodes);
    pending = Map.copyOf(pending);
  }
}
