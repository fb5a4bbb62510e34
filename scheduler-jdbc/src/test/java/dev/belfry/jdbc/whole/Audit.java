// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import dev.belfry.run.LedgerPage;
import dev.belfry.run.LedgerQuery;
import dev.belfry.run.LedgerRow;
import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.JobStore;
import dev.belfry.store.RunRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks the history of a store against what its users were told and what the calendar owes them.
 * It reads only what any user can read.
 */
final class Audit {
  private static final int BATCH = 500;

  /** What can be wrong. */
  enum Kind {
    /** Acknowledged, and unknown or not ended. */
    LOST,
    /** Ended more than once. */
    DOUBLE_END,
    /** Went on after its end. */
    RERUN_AFTER_END,
    /** Two passes with one fence, or a later one with a lower fence. */
    FENCE_NOT_INCREASING,
    /** A lost attempt that was not counted. */
    ATTEMPT_NOT_COUNTED,
    /** A handler was started under a fence of which history knows nothing. */
    PHANTOM_START,
    /** A tick without a run. */
    TICK_MISSING,
    /** A tick with two runs. */
    TICK_DOUBLE
  }

  /** Something that is wrong. */
  record Violation(Kind kind, String what) {}

  private final List<Violation> violations = new ArrayList<>();
  private final Map<Pass.Event, Integer> events = new EnumMap<>(Pass.Event.class);
  private final Map<NodeId, Integer> endsByNode = new HashMap<>();
  private final Optional<Map<RunId, List<Pass>>> ledger;
  private int runs;
  private int ticks;

  /** Asks the store for the passes of each run. */
  Audit() {
    this(Optional.empty());
  }

  private Audit(Optional<Map<RunId, List<Pass>>> ledger) {
    this.ledger = ledger;
  }

  /** Reads the whole ledger at once, as an export does, which is quicker for many runs. */
  static Audit ofLedger(JobStore store) {
    var passes = new HashMap<RunId, List<Pass>>();
    LedgerQuery query = LedgerQuery.all().withLatest();
    LedgerPage page = store.ledger(query);
    while (true) {
      for (LedgerRow row : page.rows()) {
        passes.computeIfAbsent(row.pass().run(), run -> new ArrayList<>()).add(row.pass());
      }
      if (!page.more()) {
        passes.values().forEach(list -> list.sort(Comparator.comparingLong(Pass::fence)));
        return new Audit(Optional.of(passes));
      }
      page = store.ledger(query.after(page.last().orElseThrow()));
    }
  }

  /** Returns the ended passes of a run, in the order of their fences. */
  private List<Pass> passes(JobStore store, RunId id) {
    return ledger.isPresent() ? ledger.get().getOrDefault(id, List.of()) : store.passes(id);
  }

  /** Checks that runs whose enqueue returned have ended, once, in order. */
  Audit acknowledged(JobStore store, Collection<RunId> ids) {
    List<RunId> all = List.copyOf(ids);
    for (int from = 0; from < all.size(); from += BATCH) {
      List<RunId> batch = all.subList(from, Math.min(all.size(), from + BATCH));
      var found = new HashMap<RunId, Run>();
      for (RunRecord record : store.runs(batch)) {
        found.put(record.run().id(), record.run());
      }
      for (RunId id : batch) {
        run(id, Optional.ofNullable(found.get(id)).map(Run::status), passes(store, id));
      }
    }
    return this;
  }

  /** Checks one run. */
  Audit run(RunId id, Optional<Status> status, List<Pass> passes) {
    runs++;
    passes.forEach(pass -> events.merge(pass.event(), 1, Integer::sum));
    List<Pass> ends = passes.stream().filter(pass -> pass.event().isFinal()).toList();
    if (ends.isEmpty() || status.filter(Status::isFinal).isEmpty()) {
      violate(Kind.LOST, id + " is " + status + ", passes " + words(passes));
      return this;
    }
    if (ends.size() > 1) {
      violate(Kind.DOUBLE_END, id + " " + words(passes));
    }
    if (!passes.get(passes.size() - 1).event().isFinal()) {
      violate(Kind.RERUN_AFTER_END, id + " " + words(passes));
    }
    long before = 0;
    for (Pass pass : passes) {
      if (pass.fence() <= before) {
        violate(Kind.FENCE_NOT_INCREASING, id + " " + words(passes));
      }
      before = pass.fence();
    }
    Pass end = ends.get(0);
    long lost = passes.stream().filter(pass -> pass.event() == Pass.Event.LOST).count();
    if (end.event() == Pass.Event.COMPLETED && end.attempt() < lost + 1) {
      violate(Kind.ATTEMPT_NOT_COUNTED, id + " " + words(passes));
    }
    end.node().ifPresent(node -> endsByNode.merge(node, 1, Integer::sum));
    return this;
  }

  /** Checks that each start of a handler, by run and fence, is one that history knows. */
  Audit starts(JobStore store, Map<RunId, List<Long>> fencesByRun) {
    fencesByRun.forEach(
        (id, fences) -> {
          Set<Long> known = new HashSet<>(passes(store, id).stream().map(Pass::fence).toList());
          if (new HashSet<>(fences).size() < fences.size()) {
            violate(Kind.PHANTOM_START, id + " was started twice under one fence: " + fences);
          } else if (!known.containsAll(fences)) {
            violate(Kind.PHANTOM_START, id + " was started under " + fences + ", known " + known);
          }
        });
    return this;
  }

  /** Checks that each tick of a schedule has one run: those after one instant, up to another. */
  Audit ticks(JobStore store, String id, Schedule schedule, Instant after, Instant upTo) {
    var owed = new ArrayList<Instant>();
    for (Optional<Instant> tick = schedule.next(after);
        tick.isPresent() && !tick.get().isAfter(upTo);
        tick = schedule.next(tick.get())) {
      owed.add(tick.get());
    }
    var started = new ArrayList<Instant>();
    RunQuery query = RunQuery.all().ofSchedule(id).limit(1_000);
    for (List<RunRecord> page = store.runs(query).items();
        !page.isEmpty();
        page = store.runs(query.olderThan(page.get(page.size() - 1).run().id())).items()) {
      for (RunRecord record : page) {
        if (record.run().status() != Status.SKIPPED) { // a record of ticks that have no run
          record.run().trigger().nominal().ifPresent(started::add);
        }
      }
    }
    return ticks(owed, started);
  }

  /** Checks the ticks that are owed against those that were started. */
  Audit ticks(List<Instant> owed, List<Instant> started) {
    ticks += owed.size();
    var seen = new HashSet<Instant>();
    for (Instant tick : started) {
      if (!seen.add(tick)) {
        violate(Kind.TICK_DOUBLE, tick.toString());
      }
    }
    for (Instant tick : owed) {
      if (!seen.contains(tick)) {
        violate(Kind.TICK_MISSING, tick.toString());
      }
    }
    return this;
  }

  private void violate(Kind kind, String what) {
    violations.add(new Violation(kind, what));
  }

  private static String words(List<Pass> passes) {
    return passes.stream()
        .map(pass -> pass.event() + " (fence " + pass.fence() + ", " + pass.attempt() + ")")
        .toList()
        .toString();
  }

  List<Violation> violations() {
    return List.copyOf(violations);
  }

  /** Returns how many passes ended so. */
  int count(Pass.Event event) {
    return events.getOrDefault(event, 0);
  }

  /** Returns how many runs ended on each node. */
  Map<NodeId, Integer> endsByNode() {
    return Map.copyOf(endsByNode);
  }

  /** Returns what was checked, in a line. */
  @Override
  public String toString() {
    return runs + " runs, " + ticks + " ticks, passes " + events + ", violations " + violations;
  }
}
