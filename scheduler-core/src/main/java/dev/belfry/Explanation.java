// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.NodeId;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Target;
import dev.belfry.store.Gathered;
import dev.belfry.store.JobStore;
import dev.belfry.store.Lane;
import dev.belfry.store.NodeInfo;
import dev.belfry.store.RunRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Says in a sentence where a run is and, if it has not started, why not. */
final class Explanation {
  private final JobStore store;
  private final RunRecord record;
  private final Run run;

  private Explanation(JobStore store, RunRecord record) {
    this.store = store;
    this.record = record;
    this.run = record.run();
  }

  static String of(JobStore store, RunId id) {
    Optional<RunRecord> found = store.runs(List.of(id)).stream().findFirst();
    return found
        .map(record -> "run " + id + " " + new Explanation(store, record).predicate())
        .orElse("there is no run " + id + "; its history may have been deleted");
  }

  private String predicate() {
    RunState state = run.state();
    if (state instanceof RunState.Ended ended) {
      return "ended at " + ended.at() + " " + Handles.endOf(state);
    } else if (state instanceof RunState.Running running) {
      return "is running on "
          + nodeName(running.node())
          + " since "
          + running.since()
          + ", attempt "
          + running.attempt()
          + (run.cancelRequested() ? "; somebody asked it to end" : "");
    } else if (state instanceof RunState.Blocked blocked) {
      return "is blocked: " + blocked.reason();
    } else if (state instanceof RunState.Waiting waiting) {
      return "waits: " + waiting.reason();
    }
    return whyNotStarted((RunState.Scheduled) state);
  }

  private String whyNotStarted(RunState.Scheduled state) {
    Instant now = store.now();
    Optional<Gathered> gathered =
        store.gathered(run.id()).filter(others -> others.until().isAfter(now));
    if (gathered.isPresent()) {
      return LimitWords.gathered(gathered.get());
    }
    if (state.due().isAfter(now)) {
      return LimitWords.untilThen(state.due(), record.heldFor())
          + (state.attempt() > 0 ? ", after attempt " + state.attempt() : "");
    }
    Optional<Target> pause = pause();
    if (pause.isPresent()) {
      return "is due since " + state.due() + " and waits: " + pause.get() + " is paused";
    }
    List<NodeInfo> nodes = store.nodes();
    if (nodes.stream().noneMatch(node -> node.card().jobs().contains(run.job()))) {
      return "is due since "
          + state.due()
          + " and waits: no live node has a handler for job \""
          + run.job()
          + "\"; "
          + (nodes.isEmpty() ? "no node is alive" : "live nodes know " + known(nodes));
    }
    return "is due since " + state.due() + " and waits for " + LimitWords.whatFor(record.heldFor());
  }

  private Optional<Target> pause() {
    Set<Target> paused = store.catalog().paused();
    Optional<Target> queue =
        store.catalog().lanes().stream()
            .filter(lane -> lane.job().equals(run.job()))
            .map(Lane::queue)
            .findFirst()
            .map(Target::queue);
    return List.of(Optional.of(Target.all()), Optional.of(Target.job(run.job())), queue).stream()
        .flatMap(Optional::stream)
        .filter(paused::contains)
        .findFirst();
  }

  private static String known(List<NodeInfo> nodes) {
    return nodes.stream()
        .flatMap(node -> node.card().jobs().stream())
        .sorted()
        .distinct()
        .toList()
        .toString();
  }

  private String nodeName(NodeId id) {
    return store.nodes().stream()
        .filter(node -> node.id().equals(id))
        .findFirst()
        .map(node -> node.card().name())
        .orElse("node " + id + ", which is gone; the run is taken over soon,");
  }
}
