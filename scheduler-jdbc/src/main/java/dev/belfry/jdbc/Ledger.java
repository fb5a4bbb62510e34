// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.store.Declaration;
import dev.belfry.store.Payload;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All that is written beside the hot rows when passes end, gathered over a transaction. */
final class Ledger {
  private final History history = new History();
  private final Payloads payloads = new Payloads();
  private final Rollups rollups = new Rollups();
  private final List<End> ends = new ArrayList<>();
  private final List<Key> keys = new ArrayList<>();
  private final List<RunId> found = new ArrayList<>(); // by events that would have ended them

  /** Adds a pass after which the run goes on. */
  void goesOn(Pass pass) {
    history.add(pass);
  }

  /** Adds the pass that ended a run; its hot row is the caller's to delete. */
  void ended(HotRun run, int priority, Pass pass, Optional<Payload> result) {
    byte @Nullable [] inline =
        result.isEmpty() ? null : payloads.inline(run.id(), Payloads.RESULT, result.get());
    history.addLast(pass, History.Facts.of(run, priority, result.orElse(null), inline));
    rollups.add(pass);
    run.uniqueKey().ifPresent(key -> keys.add(new Key(pass.job(), key, run.id())));
    if (run.cancelOn()) {
      found.add(run.id());
    }
    ends.add(End.of(run.watched(), run.trigger().schedule(), pass));
  }

  /** Adds a run that never lay in the hot table. */
  void neverPending(Pass pass, History.Facts facts) {
    history.addLast(pass, facts);
    rollups.add(pass);
    ends.add(End.of(false, facts.trigger().schedule(), pass));
  }

  void write(Tx tx) throws SQLException {
    history.write(tx);
    payloads.write(tx);
    tx.batch(
        "insert into {inbox} (kind, run, job, schedule, status, entered_at)"
            + " values (0, ?, ?, ?, ?, ?)",
        ofInterest(tx));
    ends.clear();
    freeKeys(tx, keys);
    keys.clear();
    Waits.ended(tx, found);
    found.clear();
    rollups.write(tx);
  }

  private List<@Nullable Object[]> ofInterest(Tx tx) throws SQLException {
    Set<String> asked =
        ends.stream()
            .filter(end -> !end.watched)
            .map(end -> Declaration.endOf(end.job))
            .collect(Collectors.toSet());
    Set<String> followed = asked.isEmpty() ? Set.of() : Events.subscribers(tx, asked).keySet();
    return ends.stream()
        .filter(end -> end.watched || followed.contains(Declaration.endOf(end.job)))
        .map(End::entry)
        .toList();
  }

  /** Frees the keys that runs held as long as they were active. */
  static void freeKeys(Tx tx, List<Key> keys) throws SQLException {
    tx.batch(
        "delete from {unique_key} where job = ? and held_key = ? and run = ?"
            + " and expires_at is null",
        keys.stream()
            .sorted(Comparator.comparing(Key::job).thenComparing(Key::key))
            .map(k -> new @Nullable Object[] {k.job, k.key, k.run})
            .toList());
  }

  /** The end of a run, and what the inbox says of it if somebody is interested. */
  private record End(boolean watched, String job, @Nullable Object[] entry) {
    static End of(boolean watched, Optional<String> schedule, Pass pass) {
      return new End(
          watched,
          pass.job(),
          new Object[] {pass.run(), pass.job(), schedule, pass.event(), pass.endedAt()});
    }
  }

  /** A key with the run that holds it. */
  record Key(String job, String key, RunId run) {}
}
