// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.RunId;
import dev.belfry.store.Gathered;
import dev.belfry.store.Limit;
import dev.belfry.store.LimitKey;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The runs of one key, in one lane, that may start together: those that are gathered and those that
 * are due. For a claim that has locked the key.
 */
final class Gathering {
  /*
   * A run that is gathered stands in its lane like any other, due when it has waited for long
   * enough, and has a row by which those of its key are found. So a burst costs no write beside its
   * claims, and the first of a key that falls due is met as all that is due, and has the others come
   * with it.
   *
   * Whoever waits for the lock of the key may hold rows of runs. So a row is locked here only if
   * nobody holds it. Who holds it may have no use for it: PostgreSQL keeps the lock of a row that it
   * finds changed when it has it. So where that row would make a batch full, what is due stays due,
   * and the next claim tries again; else all of them would be gathered, and nobody would look.
   */
  static final int SCANNED = 1_000;

  private static final String READ =
      "select run, due_at from {gathered} where name = ? and slot_key = ? and lane = ?"
          + " order by due_at, run limit ?";
  private static final String ADD =
      "insert into {gathered} (name, slot_key, lane, due_at, run) values (?, ?, ?, ?, ?)";
  private static final String DROP =
      "delete from {gathered} where name = ? and slot_key = ? and lane = ? and due_at = ?"
          + " and run = ?";
  private static final String MOVE =
      "update {run} set due_at = ? where id = ? and fence = ? and state = 0 and held = 0";

  private final Tx tx;
  private final LimitKey key;
  private final int lane;
  private final Limit.Batch limit;
  private final Map<RunId, Candidate> candidates = new HashMap<>();
  private int gathered;

  Gathering(Tx tx, LimitKey key, int lane, Limit.Batch limit) {
    this.tx = tx;
    this.key = key;
    this.lane = lane;
    this.limit = limit;
  }

  /** Adds a run that is due. */
  void add(RunId run, Instant due, boolean first) {
    Instant deadline = first ? due.plus(limit.maxWait()) : due;
    candidates.put(run, new Candidate(run, due, deadline, false));
  }

  /** Adds the runs that are gathered; some of them may be due as well. */
  void addGathered() throws SQLException {
    for (Candidate run : tx.list(READ, Candidate::of, key.limit(), key.key(), lane, SCANNED)) {
      candidates.put(run.id, run);
    }
  }

  /**
   * Forms batches, each with its oldest runs first, and gathers what is left over.
   *
   * @param most the most batches; runs for which that is too few are left to the next claim
   */
  List<List<HotRun>> form(int most) throws SQLException {
    List<Candidate> all = candidates.values().stream().sorted(Candidate.ORDER).toList();
    List<Candidate> oldest = all.subList(0, Math.min(all.size(), most * limit.maxSize()));
    var left = new ArrayList<>(lock(oldest));
    int withOthers = oldest.size() - left.size();
    var batches = new ArrayList<List<HotRun>>();
    while (batches.size() < most && isDue(left)) {
      List<Mine> next = left.subList(0, Math.min(limit.maxSize(), left.size()));
      batches.add(start(next));
      next.clear();
    }
    boolean isWhole = oldest.size() == all.size();
    if (isWhole && !isDue(left) && left.size() + withOthers < limit.maxSize()) {
      gather(left.stream().filter(each -> !each.candidate.gathered).toList());
    }
    return batches;
  }

  /** Returns how many runs were gathered. */
  int gathered() {
    return gathered;
  }

  private boolean isDue(List<Mine> oldestFirst) throws SQLException {
    return oldestFirst.size() >= limit.maxSize()
        || (!oldestFirst.isEmpty() && !oldestFirst.get(0).candidate.deadline.isAfter(tx.now()));
  }

  private List<Mine> lock(List<Candidate> oldestFirst) throws SQLException {
    var rows = new HashMap<RunId, HotRun>();
    String select = "select " + HotRun.COLUMNS + " from {run} where {run}.id in (*)";
    String lock = tx.sql().isClaimableLocked() ? " for update skip locked" : "";
    for (HotRun run :
        tx.listIn(select + lock, HotRun::of, oldestFirst.stream().map(Candidate::id).toList())) {
      rows.put(run.id(), run);
    }
    var mine = new ArrayList<Mine>();
    for (Candidate candidate : oldestFirst) {
      HotRun run = rows.get(candidate.id);
      if (run != null && candidate.isStill(run)) {
        mine.add(new Mine(candidate, run));
      }
    }
    return mine;
  }

  /** What starts before its time is due now, so that it is so too if it is handed back. */
  private List<HotRun> start(List<Mine> batch) throws SQLException {
    Instant now = tx.now();
    List<HotRun> runs = batch.stream().map(Mine::run).toList();
    tx.batch(
        DROP,
        batch.stream()
            .filter(each -> each.candidate.gathered)
            .map(each -> row(each.run.id(), each.run.dueAt()))
            .toList());
    List<HotRun> early = runs.stream().filter(run -> run.dueAt().isAfter(now)).toList();
    Map<RunId, Instant> dues = new HashMap<>();
    early.forEach(run -> dues.put(run.id(), now));
    Set<RunId> lost = move(early, dues);
    return runs.stream().filter(run -> !lost.contains(run.id())).toList();
  }

  private void gather(List<Mine> left) throws SQLException {
    var deadlines = new HashMap<RunId, Instant>();
    left.forEach(each -> deadlines.put(each.run.id(), each.candidate.deadline));
    Set<RunId> lost = move(left.stream().map(Mine::run).toList(), deadlines);
    deadlines.keySet().removeAll(lost);
    tx.batch(
        ADD,
        deadlines.entrySet().stream().map(each -> row(each.getKey(), each.getValue())).toList());
    gathered += deadlines.size();
  }

  /** Gives runs other due times, in order of id; returns those that somebody else took. */
  private Set<RunId> move(List<HotRun> runs, Map<RunId, Instant> dues) throws SQLException {
    List<HotRun> byId = runs.stream().sorted(Comparator.comparing(HotRun::id)).toList();
    int[] counts =
        tx.batch(
            MOVE,
            byId.stream()
                .map(run -> new @Nullable Object[] {dues.get(run.id()), run.id(), run.fence()})
                .toList());
    Set<RunId> lost = new HashSet<>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] == 0) {
        lost.add(byId.get(i).id());
      }
    }
    return lost;
  }

  private @Nullable Object[] row(RunId run, Instant due) {
    return new @Nullable Object[] {key.limit(), key.key(), lane, due, run};
  }

  /** Returns what a run is gathered with, if it is. */
  static Optional<Gathered> of(Tx tx, RunId run) throws SQLException {
    Optional<HotRun> found = HotRun.read(tx, List.of(run)).stream().findFirst();
    Optional<LimitKey> key = found.flatMap(HotRun::batchKey);
    if (key.isEmpty()) {
      return Optional.empty();
    }
    String name = key.get().limit();
    int lane = found.get().lane();
    List<Candidate> runs = tx.list(READ, Candidate::of, name, key.get().key(), lane, SCANNED);
    return LimitTable.find(tx, name)
        .filter(limit -> runs.stream().anyMatch(each -> each.id.equals(run)))
        .map(
            limit ->
                new Gathered(
                    key.get(), runs.size(), ((Limit.Batch) limit).maxSize(), runs.get(0).deadline));
  }

  /** Takes a run out of those that are gathered, if it is one of them. */
  static void drop(Tx tx, HotRun run) throws SQLException {
    if (run.batchKey().isPresent() && run.state() == HotRun.SCHEDULED) {
      LimitKey key = run.batchKey().get();
      tx.update(DROP, key.limit(), key.key(), run.lane(), run.dueAt(), run.id());
    }
  }

  /**
   * A run that may start.
   *
   * @param deadline when it may not wait any longer
   */
  private record Candidate(RunId id, Instant due, Instant deadline, boolean gathered) {
    static final Comparator<Candidate> ORDER =
        Comparator.comparing(Candidate::deadline).thenComparing(Candidate::id);

    static Candidate of(Row row) throws SQLException {
      RunId id = row.run();
      Instant due = row.instant();
      return new Candidate(id, due, due, true);
    }

    /** Returns whether its row is as it was; somebody may have moved it before it was locked. */
    boolean isStill(HotRun run) {
      return run.state() == HotRun.SCHEDULED
          && run.held() == Limits.FREE
          && run.isBatched()
          && run.dueAt().equals(due);
    }
  }

  /** A candidate whose row is locked, where rows are. */
  private record Mine(Candidate candidate, HotRun run) {}
}
