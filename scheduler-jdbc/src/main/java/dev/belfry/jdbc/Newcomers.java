// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.RunId;
import dev.belfry.store.Limit;
import dev.belfry.store.LimitKey;
import dev.belfry.store.NewRun;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The runs of debounced keys that no claim has decided of, in the order in which they fall due. */
final class Newcomers {
  /*
   * Whoever inserts such a run inserts a row here and looks at nothing, as a caller's transaction
   * must. A run that starts takes those before it along, so that one of these which is claimed late
   * finds that it is no newcomer any more.
   */
  private static final String DELETE =
      "delete from {newcomer} where name = ? and slot_key = ? and run = ?";

  private Newcomers() {}

  static boolean has(NewRun run) {
    return run.limits().stream().anyMatch(Newcomers::isDebounced);
  }

  static boolean isDebounced(LimitKey key) {
    return key.kind() == Limit.Kind.DEBOUNCE;
  }

  /** Adds runs that are being inserted. */
  static void add(Tx tx, Collection<NewRun> runs) throws SQLException {
    var rows = new ArrayList<@Nullable Object[]>();
    for (NewRun run : runs) {
      for (LimitKey key : run.limits().stream().filter(Newcomers::isDebounced).toList()) {
        Instant due = Tx.cut(run.due().from(tx.now()));
        rows.add(new @Nullable Object[] {key.limit(), key.key(), due, run.id()});
      }
    }
    tx.batch(
        "insert into {newcomer} (name, slot_key, due_at, run) values (?, ?, ?, ?)"
            + tx.sql().unlessThere(),
        rows);
  }

  static boolean contains(Tx tx, LimitKey key, RunId run) throws SQLException {
    return tx.exists(
        "select 1 from {newcomer} where name = ? and slot_key = ? and run = ?",
        key.limit(),
        key.key(),
        run);
  }

  static Optional<RunId> last(Tx tx, LimitKey key) throws SQLException {
    return tx.first(
        "select run from {newcomer} where name = ? and slot_key = ?"
            + " order by name desc, slot_key desc, due_at desc, run desc limit 1",
        Row::run,
        key.limit(),
        key.key());
  }

  /** Takes a run out. */
  static void remove(Tx tx, HotRun run) throws SQLException {
    for (LimitKey key : run.limits().stream().filter(Newcomers::isDebounced).toList()) {
      tx.update(DELETE, key.limit(), key.key(), run.id());
    }
  }

  /** Takes a run out that is let through, and those that fell due before it. */
  static void removeUpTo(Tx tx, HotRun run) throws SQLException {
    for (LimitKey key : run.limits().stream().filter(Newcomers::isDebounced).toList()) {
      List<RunId> passed =
          tx
              .list(
                  "select due_at, run from {newcomer}"
                      + " where name = ? and slot_key = ? and due_at <= ?",
                  row -> new Newcomer(row.instant(), row.run()),
                  key.limit(),
                  key.key(),
                  run.firstDue())
              .stream()
              .filter(newcomer -> !newcomer.isAfter(run))
              .map(Newcomer::run)
              .toList();
      var rows = new ArrayList<@Nullable Object[]>();
      passed.forEach(id -> rows.add(new @Nullable Object[] {key.limit(), key.key(), id}));
      tx.batch(DELETE, rows);
    }
  }

  private record Newcomer(Instant due, RunId run) {
    boolean isAfter(HotRun other) {
      return due.equals(other.firstDue()) && run.compareTo(other.id()) > 0;
    }
  }
}
