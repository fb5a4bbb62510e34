// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.GroupEnd;
import dev.belfry.run.RunId;
import dev.belfry.store.Accepted;
import dev.belfry.store.Delivery;
import dev.belfry.store.NewGroup;
import dev.belfry.store.NewRun;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Groups whose end has not been delivered: a row each, with the runs that are open. */
final class Groups {
  /** The columns of a group, as {@link #end} takes them. */
  static final String COLUMNS =
      "{run_group}.name, completed, failed, timed_out, cancelled, skipped";

  private static final String INSERT =
      "insert into {run_group} (id, name, open_runs, completed, failed, timed_out, cancelled,"
          + " skipped, job) values (?, ?, ?, 0, 0, 0, 0, 0, ?)";
  private static final String ENTER_IF_OVER =
      "insert into {inbox} (kind, run, job, entered_at)"
          + " select 2, id, job, ? from {run_group} where id = ? and open_runs = 0";

  private Groups() {}

  /** Inserts runs. */
  @FunctionalInterface
  interface Members {
    List<Accepted> insert(List<NewRun> runs) throws SQLException;
  }

  static List<Accepted> insert(Tx tx, NewGroup group, Members members) throws SQLException {
    if (isOver(tx, group) || !add(tx, group)) {
      return group.members().stream().<Accepted>map(r -> new Accepted.Created(r.id())).toList();
    }
    List<Accepted> accepted = members.insert(group.members());
    if (group.members().isEmpty()) {
      tx.update(ENTER_IF_OVER, tx.now(), group.id());
    }
    return accepted;
  }

  /** Returns whether a group is not there any more as all has happened. */
  private static boolean isOver(Tx tx, NewGroup group) throws SQLException {
    return !group.members().isEmpty()
        && !Inserts.ended(tx, List.of(group.members().get(0).id())).isEmpty();
  }

  /** Looks first where an insert that fails would lock the row that it met. */
  private static boolean add(Tx tx, NewGroup group) throws SQLException {
    boolean there =
        !tx.sql().insertsFirst() && tx.exists("select 1 from {run_group} where id = ?", group.id());
    return !there
        && tx.insertUnlessThere(
            INSERT,
            group.id(),
            Texts.name("name of a group", group.name()),
            group.members().size(),
            group.then());
  }

  static void count(Tx tx, Delivery.EndMember end) throws SQLException {
    String column = end.status().name().toLowerCase(Locale.ROOT);
    int found =
        tx.update(
            "update {run_group} set open_runs = open_runs - 1, %1$s = %1$s + 1 where id = ?"
                .formatted(column),
            end.group());
    if (found == 1) {
      tx.update(ENTER_IF_OVER, tx.now(), end.group());
    }
  }

  static void forget(Tx tx, RunId group) throws SQLException {
    tx.update("delete from {run_group} where id = ?", group);
  }

  static GroupEnd end(Row row, RunId group, Instant at) throws SQLException {
    return new GroupEnd(
        group,
        row.text(),
        row.number(),
        row.number(),
        row.number(),
        row.number(),
        row.number(),
        at);
  }
}
