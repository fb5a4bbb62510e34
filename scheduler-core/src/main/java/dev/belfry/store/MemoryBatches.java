// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.RunState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Batches in memory: which runs are gathered, and which of them start together. */
final class MemoryBatches {
  /*
   * A run that is gathered stands in its lane like any other, due when it has waited for long
   * enough. So the first of a key that falls due is found as all that is due, and has the others
   * come with it.
   */
  static final int SCANNED = 1_000;

  /** Where runs meet. */
  private record Place(MemoryLane lane, LimitKey key) {}

  /**
   * A run that may start now.
   *
   * @param deadline when it may not wait any longer
   * @param met whether the claim took it out of its lane
   */
  private record Candidate(MemoryRun run, Instant deadline, boolean met) {
    static final Comparator<Candidate> ORDER =
        Comparator.comparing(Candidate::deadline).thenComparing(each -> each.run.id);
  }

  private final MemoryLimits limits;
  private final Map<Place, Set<MemoryRun>> gathered = new HashMap<>();

  MemoryBatches(MemoryLimits limits) {
    this.limits = limits;
  }

  /** Returns whether a run starts in a batch; one that is asked to end does not start. */
  boolean takes(MemoryRun run) {
    return run.cancelRequested == null && limitOf(run).isPresent();
  }

  private Optional<Limit.Batch> limitOf(MemoryRun run) {
    boolean batched = run.limits.size() == 1 && run.limits.get(0).kind() == Limit.Kind.BATCH;
    return batched && limits.declared(run.limits.get(0).limit()) instanceof Limit.Batch limit
        ? Optional.of(limit)
        : Optional.empty();
  }

  private static Place place(MemoryRun run) {
    return new Place(run.lane, run.limits.get(0)); // it has no other limit
  }

  /**
   * Decides of runs that were due and are out of their lane. Returns batches to claim, oldest runs
   * first; the other runs are in their lane again.
   *
   * @param most the most batches
   */
  List<List<MemoryRun>> form(List<MemoryRun> due, int most, Instant now) {
    var places = new LinkedHashMap<Place, List<MemoryRun>>();
    due.forEach(run -> places.computeIfAbsent(place(run), p -> new ArrayList<>()).add(run));
    var batches = new ArrayList<List<MemoryRun>>();
    for (var met : places.entrySet()) {
      var limit = limitOf(met.getValue().get(0)).orElseThrow();
      var left = candidates(met.getKey(), met.getValue(), limit);
      while (batches.size() < most && isDue(left, limit, now)) {
        var batch = left.subList(0, Math.min(limit.maxSize(), left.size()));
        batches.add(batch.stream().map(each -> start(each, now)).toList());
        batch.clear();
      }
      boolean gathers = !isDue(left, limit, now);
      left.stream().filter(Candidate::met).forEach(each -> goBack(each, gathers));
    }
    return batches;
  }

  private List<Candidate> candidates(Place place, List<MemoryRun> met, Limit.Batch limit) {
    var candidates = new ArrayList<Candidate>();
    for (var run : met) {
      boolean waited = run.gathered || run.firstClaimedAt != null;
      var deadline = waited ? run.due : Commit.micros(run.due.plus(limit.maxWait()));
      candidates.add(new Candidate(run, deadline, true));
    }
    var known = Set.copyOf(met);
    for (var run : gathered.getOrDefault(place, Set.of())) {
      if (!known.contains(run)) {
        candidates.add(new Candidate(run, run.due, false));
      }
    }
    candidates.sort(Candidate.ORDER);
    return candidates;
  }

  private static boolean isDue(List<Candidate> oldestFirst, Limit.Batch limit, Instant now) {
    return oldestFirst.size() >= limit.maxSize()
        || (!oldestFirst.isEmpty() && !oldestFirst.get(0).deadline().isAfter(now));
  }

  /** One that starts before its time is due now, so that it is so too if it is handed back. */
  private MemoryRun start(Candidate candidate, Instant now) {
    var run = candidate.run();
    if (!candidate.met()) {
      run.lane.remove(run);
    }
    forget(run);
    run.due = run.due.isAfter(now) ? now : run.due;
    return run;
  }

  private void goBack(Candidate candidate, boolean gathers) {
    var run = candidate.run();
    if (gathers && run.state instanceof RunState.Scheduled scheduled) {
      run.due = candidate.deadline();
      run.state = scheduled.moveTo(run.due);
      run.gathered = true;
      gathered.computeIfAbsent(place(run), p -> new LinkedHashSet<>()).add(run);
    }
    run.lane.add(run);
  }

  /** Returns what a run is gathered with, if it is. */
  Optional<Gathered> gathered(MemoryRun run) {
    if (!run.gathered) {
      return Optional.empty();
    }
    var place = place(run);
    var runs = gathered.getOrDefault(place, Set.of());
    var until = runs.stream().map(each -> each.due).min(Comparator.naturalOrder()).orElseThrow();
    return limitOf(run).map(limit -> new Gathered(place.key, runs.size(), limit.maxSize(), until));
  }

  /** Takes a run out of those that are gathered, if it is one of them; it stays in its lane. */
  void forget(MemoryRun run) {
    if (run.gathered) {
      run.gathered = false;
      var place = place(run);
      var runs = gathered.get(place);
      if (runs != null && runs.remove(run) && runs.isEmpty()) {
        gathered.remove(place);
      }
    }
  }
}
