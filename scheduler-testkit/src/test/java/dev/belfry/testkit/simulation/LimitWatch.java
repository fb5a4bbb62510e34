// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import dev.belfry.store.Claimed;
import dev.belfry.store.JobStore;
import dev.belfry.store.Limit;
import dev.belfry.store.LimitKey;
import dev.belfry.store.NewRun;
import dev.belfry.store.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks that runs with a key come in order, and no more of them at once than they may (I6). */
final class LimitWatch {
  private final World world;
  private final JobStore memory;
  private final Map<RunId, LimitKey> keys = new HashMap<>();
  private final Map<LimitKey, List<RunId>> open = new HashMap<>();
  private final Map<LimitKey, Set<RunId>> running = new HashMap<>();
  private final Set<RunId> begun = new LinkedHashSet<>();

  LimitWatch(World world, JobStore memory) {
    this.world = world;
    this.memory = memory;
  }

  void inserted(NewRun run) {
    if (run.limits().isEmpty() || keys.containsKey(run.id())) {
      return;
    }
    LimitKey key = run.limits().get(0); // no job here has two
    keys.put(run.id(), key);
    open.computeIfAbsent(key, k -> new ArrayList<>()).add(run.id());
  }

  void claimed(Claimed claim, Instant now) {
    LimitKey key = keys.get(claim.id());
    if (key == null || claim.cancelRequested().isPresent()) {
      return; // what is asked to end needs no room
    }
    if (key.kind() == Limit.Kind.ORDER) {
      checkOrder(key, claim, now);
    } else if (key.kind() == Limit.Kind.SLOTS) {
      Set<RunId> at = running.computeIfAbsent(key, k -> new LinkedHashSet<>());
      at.add(claim.id());
      world
          .findings()
          .check(
              at.size() <= SimulatedJobs.AT_ONCE,
              Invariant.WITHIN_THE_LIMIT,
              "runs at once of " + key + ": " + at);
    }
    begun.add(claim.id());
  }

  private void checkOrder(LimitKey key, Claimed claim, Instant now) {
    if (begun.contains(claim.id())) {
      return; // it keeps its place from its first claim on, also if that was handed back
    }
    for (RunId other : open.getOrDefault(key, List.of())) {
      if (other.equals(claim.id())) {
        continue;
      }
      Run rival = memory.runs(List.of(other)).get(0).run();
      if (rival.status().isFinal() || rival.cancelRequested()) {
        continue;
      }
      boolean earlier =
          rival.dueAt().isBefore(claim.firstDueAt())
              || (rival.dueAt().equals(claim.firstDueAt()) && other.compareTo(claim.id()) < 0);
      boolean mustGoFirst = begun.contains(other) || (earlier && !rival.dueAt().isAfter(now));
      world
          .findings()
          .check(
              !mustGoFirst,
              Invariant.ORDER_OF_A_KEY,
              claim.id() + " began before the end of " + other + " of " + key);
    }
  }

  private boolean isWaitedFor() {
    return memory.runs(RunQuery.ofJob(SimulatedJobs.LIMITED).in(Status.SCHEDULED)).items().stream()
        .anyMatch(record -> !record.heldFor().isEmpty());
  }

  void released(RunId run) {
    LimitKey key = keys.get(run);
    if (key != null && running.containsKey(key)) {
      running.get(key).remove(run);
    }
  }

  void written(Outcome outcome) {
    LimitKey key = keys.get(outcome.run());
    if (key != null && key.kind() == Limit.Kind.SLOTS && isWaitedFor()) {
      world.tally().count(Sign.HELD_FOR_A_LIMIT);
    }
    released(outcome.run());
  }
}
