// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Memos of runs in memory, which the runs themselves keep. */
final class MemoryMemos {
  private static final Comparator<Memo> ORDER =
      Comparator.comparing(Memo::writtenAt).thenComparing(Memo::key);

  private final MemoryRuns runs;

  MemoryMemos(MemoryRuns runs) {
    this.runs = runs;
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

  private static Verdict put(MemoryRun run, NewMemo memo, Commit commit) {
    var before = run.memos == null ? null : run.memos.get(memo.key());
    if (before != null && memo.isSameAs(before)) {
      return Verdict.REPEATED;
    }
    if (before != null && (before.value().isSettled() || before.kind() != memo.kind())) {
      return Verdict.REFUSED;
    }
    var until = memo.until().map(due -> Commit.micros(due.from(commit.now())));
    if (run.memos == null) {
      run.memos = new HashMap<>();
    }
    run.memos.put(
        memo.key(),
        new Memo(
            memo.key(), memo.kind(), memo.type(), memo.value(), memo.tries(), until, commit.now()));
    return Verdict.APPLIED;
  }
}
