// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.RunId;
import dev.belfry.store.Claimed;
import dev.belfry.store.Limit;
import dev.belfry.store.LimitKey;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which of the runs that a claim meets start together. One object for one claim. */
final class Batches {
  private static final String HEAD = "id, due_at, cancelled, first_claimed_at, limits";

  private final Tx tx;
  private final Limits limits;
  private final Marks marks;
  private final Map<RunId, RunId> firsts = new HashMap<>();
  private int gathered;

  Batches(Tx tx, Limits limits, Marks marks) {
    this.tx = tx;
    this.limits = limits;
    this.marks = marks;
  }

  /**
   * Forms batches, at most one for each run of the same lane that the claim met, and gathers what
   * is left over. Returns the runs that the claim takes.
   *
   * @param met runs of batches that are due; those whose keys are not locked are left alone
   */
  List<HotRun> form(List<HotRun> met) throws SQLException {
    gathered = 0;
    var byLane = new LinkedHashMap<Integer, List<HotRun>>();
    met.forEach(run -> byLane.computeIfAbsent(run.lane(), lane -> new ArrayList<>()).add(run));
    var taken = new ArrayList<HotRun>();
    for (List<HotRun> ofLane : byLane.values()) {
      taken.addAll(formOfLane(ofLane));
    }
    return taken;
  }

  private List<HotRun> formOfLane(List<HotRun> met) throws SQLException {
    var byKey = new LinkedHashMap<LimitKey, List<HotRun>>();
    for (HotRun run : met) {
      byKey.computeIfAbsent(run.batchKey().orElseThrow(), key -> new ArrayList<>()).add(run);
    }
    int lane = met.get(0).lane();
    List<Head> head = head(lane);
    int room = met.size();
    var taken = new ArrayList<HotRun>();
    for (Map.Entry<LimitKey, List<HotRun>> each : byKey.entrySet()) {
      LimitKey key = each.getKey();
      Optional<Limit> limit = limits.limit(key.limit());
      if (limit.isEmpty()) { // nobody says how large a batch is
        taken.addAll(each.getValue());
        room -= each.getValue().size();
      } else if (room > 0 && limits.covers(List.of(key))) {
        var gathering = new Gathering(tx, key, lane, (Limit.Batch) limit.get());
        head.stream()
            .filter(run -> run.key.equals(key))
            .forEach(run -> gathering.add(run.id, run.due, run.first));
        gathering.addGathered();
        List<List<HotRun>> batches = gathering.form(room);
        batches.forEach(batch -> taken.addAll(together(batch)));
        room -= batches.size();
        gathered += gathering.gathered();
      }
    }
    return taken;
  }

  private List<HotRun> together(List<HotRun> batch) {
    batch.forEach(run -> firsts.put(run.id(), batch.get(0).id()));
    return batch;
  }

  /** Reads what is due in a lane, without locks. */
  private List<Head> head(int lane) throws SQLException {
    return tx
        .list(
            tx.sql().ready(HEAD),
            Head::of,
            lane,
            marks.of(lane, tx.now()),
            tx.now(),
            Gathering.SCANNED)
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /** Returns how many runs were gathered when batches were formed last. */
  int gathered() {
    return gathered;
  }

  /** Returns whether a worker is needed for a run that was taken, and not one with others. */
  boolean needsWorker(HotRun run) {
    return firsts.getOrDefault(run.id(), run.id()).equals(run.id());
  }

  /** Says of a run which batch it is in, if it is. */
  Claimed marked(Claimed run) {
    RunId first = firsts.get(run.id());
    return first == null ? run : run.inBatchOf(first);
  }

  /**
   * A run at the head of a lane.
   *
   * @param first whether it was never claimed
   */
  private record Head(RunId id, Instant due, boolean first, LimitKey key) {
    static Optional<Head> of(Row row) throws SQLException {
      RunId id = row.run();
      Instant due = row.instant();
      boolean cancelled = row.flag();
      boolean first = row.optionalInstant().isEmpty();
      List<LimitKey> limits = Limits.keys(row.textOrNull());
      return HotRun.batchKey(limits)
          .filter(key -> !cancelled)
          .map(key -> new Head(id, due, first, key));
    }
  }
}
