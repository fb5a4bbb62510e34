// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All runs in memory, by id and in order of id. */
final class MemoryRuns {
  private final Map<RunId, MemoryRun> byId = new HashMap<>();
  private final MemoryOrder<MemoryRun> order =
      new MemoryOrder<>(Comparator.comparing(run -> run.id));

  @Nullable MemoryRun get(RunId id) {
    return byId.get(id);
  }

  boolean contains(RunId id) {
    return byId.containsKey(id);
  }

  void add(MemoryRun run) {
    byId.put(run.id, run);
    order.add(run);
  }

  void remove(MemoryRun run) {
    byId.remove(run.id);
    order.remove(run);
  }

  /** Returns up to {@code limit} runs that a query is for, the newest first. */
  List<MemoryRun> find(RunQuery query, int limit) {
    var after = query.after();
    return order
        .downFrom(run -> after.isEmpty() || run.id.compareTo(after.get()) < 0)
        .filter(filter(query))
        .limit(limit)
        .toList();
  }

  /** Counts the runs that have not ended, by job and state. */
  List<PendingCount> pending() {
    var counts = new TreeMap<String, Map<Status, PendingCount>>();
    for (MemoryRun run : byId.values()) {
      if (!(run.state instanceof RunState.Ended)) {
        Optional<Instant> due =
            run.state instanceof RunState.Scheduled && !run.held
                ? Optional.of(run.due)
                : Optional.empty();
        counts
            .computeIfAbsent(run.lane.job, job -> new EnumMap<>(Status.class))
            .merge(
                run.state.status(),
                new PendingCount(run.lane.job, run.state.status(), 1, due),
                MemoryRuns::sum);
      }
    }
    return counts.values().stream().flatMap(states -> states.values().stream()).toList();
  }

  private static PendingCount sum(PendingCount one, PendingCount more) {
    Optional<Instant> earliest =
        Stream.concat(one.dueAt().stream(), more.dueAt().stream()).min(Instant::compareTo);
    return new PendingCount(one.job(), one.status(), one.runs() + more.runs(), earliest);
  }

  private static Predicate<MemoryRun> filter(RunQuery query) {
    return run ->
        query.job().map(run.lane.job::equals).orElse(true)
            && (query.statuses().isEmpty() || query.statuses().contains(run.state.status()))
            && (query.schedule().isEmpty() || query.schedule().equals(run.trigger.schedule()))
            && query.tag().map(run.tags::contains).orElse(true)
            && (query.key().isEmpty() || query.key().get().equals(run.uniqueKey))
            && query.error().map(run::failedWith).orElse(true)
            && query.from().map(from -> !run.createdAt.isBefore(from)).orElse(true)
            && query.to().map(run.createdAt::isBefore).orElse(true);
  }
}
