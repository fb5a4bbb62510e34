// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Memos of runs in memory, which the runs themselves keep, with their open waits. */
final class MemoryMemos {
  private static final Comparator<Memo> ORDER =
      Comparator.comparing(Memo::writtenAt).thenComparing(Memo::key);

  private final MemoryRuns runs;
  private final MemoryWaits waits;

  MemoryMemos(MemoryRuns runs, MemoryWaits waits) {
    this.runs = runs;
    this.waits = waits;
  }

  Map<RunId, List<Memo>> read(Collection<RunId> ids) {
    var found = new LinkedHashMap<RunId, List<Memo>>();
    for (var id : ids) {
      var run = runs.get(id);
      if (run != null && run.memos != null) {
        found.put(id, run.memos.values().stream().sorted(ORDER).toList());
      }
    }
    return found;
  }

  Verdict record(NodeId node, MemoWrite write, Commit commit) {
    var run = runs.get(write.run());
    if (run == null || !run.isHeldBy(node, write.fence())) {
      return Verdict.REFUSED;
    }
    return put(run, write.memo(), commit);
  }

  private Verdict put(MemoryRun run, NewMemo memo, Commit commit) {
    var before = run.memos == null ? null : run.memos.get(memo.key());
    if (before != null && memo.isSameAs(before)) {
      return Verdict.REPEATED;
    }
    boolean taken =
        memo.value() instanceof MemoValue.Received received && run.hasReceived(received.event());
    if (taken || (before != null && (before.value().isSettled() || before.kind() != memo.kind()))) {
      return Verdict.REFUSED;
    }
    var until = memo.until().map(due -> Commit.micros(due.from(commit.now())));
    if (run.memos == null) {
      run.memos = new HashMap<>(4); // most runs have few
    }
    run.memos.put(
        memo.key(),
        new Memo(
            memo.key(), memo.kind(), memo.type(), memo.value(), memo.tries(), until, commit.now()));
    waits.close(run, memo.key());
    memo.awaited().ifPresent(wait -> waits.open(run, memo.key(), wait));
    return Verdict.APPLIED;
  }

  /** Writes what a run is suspended on, and sets when it is due if anything is to come in time. */
  RunState suspend(
      MemoryRun run, RunState.Running running, Ending.Suspended ending, Commit commit) {
    var earliest = Optional.<Instant>empty();
    boolean waits = false;
    for (var memo : ending.on()) {
      put(run, memo, commit);
      var stored = run.memos == null ? null : run.memos.get(memo.key());
      if (stored == null || stored.value().isSettled() || stored.kind() != memo.kind()) {
        return running.snooze(commit.now());
      }
      waits |= memo.kind().waits();
      var until =
          memo.kind().waits() ? stored.until() : stored.until().or(() -> Optional.of(commit.now()));
      if (earliest.isEmpty() || (until.isPresent() && until.get().isBefore(earliest.get()))) {
        earliest = until;
      }
    }
    if (!waits) {
      return running.snooze(earliest.orElse(commit.now()));
    }
    run.timeLimit = earliest.orElse(null);
    return running.await(ending.detail());
  }

  /** Settles a part of a run that waits, unless something else was first. */
  boolean wake(MemoryRun run, Delivery.WakeRun wake, Commit commit) {
    var memo = run.memos == null ? null : run.memos.get(wake.key());
    if (memo == null || memo.value().isSettled() || !memo.kind().waits()) {
      return false;
    }
    boolean fits =
        !(wake.value() instanceof MemoValue.Received received)
            || waits.isFor(run.id, wake.key(), received.event());
    var settled =
        NewMemo.settled(memo.key(), memo.kind(), memo.type(), wake.value()).withTries(memo.tries());
    return fits && put(run, settled, commit) == Verdict.APPLIED;
  }

  /** Has a run found by the events that end it. */
  void inserted(MemoryRun run) {
    for (var each : run.cancelOn) {
      waits.open(run, each.place(), each.toWait(run.trigger, run.createdAt));
    }
  }

  /** Closes the waits of a run that has ended. */
  void ended(MemoryRun run) {
    run.cancelOn.forEach(each -> waits.close(run, each.place()));
    if (run.memos != null) {
      run.memos.keySet().forEach(key -> waits.close(run, key));
    }
  }
}
