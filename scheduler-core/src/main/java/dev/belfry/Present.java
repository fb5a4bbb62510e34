// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.NodeId;
import dev.belfry.run.Target;
import dev.belfry.store.Catalog;
import dev.belfry.store.JobStore;
import dev.belfry.store.Lane;
import dev.belfry.store.NodeInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What surrounds runs and schedules at one moment: the store's clock, its nodes, what is paused.
 */
final class Present {
  private final Instant now;
  private final List<NodeInfo> nodes;
  private final Catalog catalog;

  private Present(Instant now, List<NodeInfo> nodes, Catalog catalog) {
    this.now = now;
    this.nodes = nodes;
    this.catalog = catalog;
  }

  static Present of(JobStore store) {
    return new Present(store.now(), store.nodes(), store.catalog());
  }

  Instant now() {
    return now;
  }

  Optional<NodeInfo> node(NodeId id) {
    return nodes.stream().filter(node -> node.id().equals(id)).findFirst();
  }

  /** Says that something is paused which a job is part of, if it is. */
  Optional<String> pauseOf(String job) {
    Stream<Target> queue =
        catalog.lanes().stream()
            .filter(lane -> lane.job().equals(job))
            .limit(1)
            .map(Lane::queue)
            .map(Target::queue);
    return Stream.concat(Stream.of(Target.all(), Target.job(job)), queue)
        .filter(catalog.paused()::contains)
        .findFirst()
        .map(target -> target + " is paused");
  }

  /** Says that no live node has a handler for a job, if that is so. */
  Optional<String> lackOf(String job) {
    if (nodes.stream().anyMatch(node -> node.card().jobs().contains(job))) {
      return Optional.empty();
    }
    return Optional.of(
        "no live node has a handler for job \""
            + job
            + "\"; "
            + (nodes.isEmpty() ? "no node is alive" : "live nodes know " + known()));
  }

  private List<String> known() {
    return nodes.stream().flatMap(node -> node.card().jobs().stream()).sorted().distinct().toList();
  }
}
