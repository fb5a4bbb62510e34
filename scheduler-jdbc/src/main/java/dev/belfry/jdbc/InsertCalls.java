// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.Accepted;
import dev.belfry.store.NewGroup;
import dev.belfry.store.NewRun;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The calls that insert runs: with those of others, in one message, in a transaction of their own,
 * or in the caller's. Thread-safe.
 */
final class InsertCalls {
  private static final String INSERT = "insert runs";
  private static final String GROUP = "insert a group of runs";

  private final Database database;
  private final InsertGroups groups = new InsertGroups(this::insertNow);

  InsertCalls(Database database) {
    this.database = database;
  }

  List<Accepted> insert(List<NewRun> runs) {
    if (runs.isEmpty()) {
      return List.of();
    }
    database.makeLanes(Inserts.lanesOf(runs));
    return InsertGroups.takes(runs) ? groups.insert(runs) : insertNow(runs);
  }

  /** Inserts in the caller's transaction, or, in autocommit mode, in one on its connection. */
  List<Accepted> insert(List<NewRun> runs, Connection connection) {
    database.makeLanes(Inserts.lanesOf(runs));
    return database.within(
        connection,
        INSERT,
        tx -> new JoinedInserts(tx, database.lanes(), database.transactions()).insert(runs),
        tx -> new Inserts(tx, database.lanes()).insert(runs));
  }

  List<Accepted> insert(NewGroup group) {
    database.makeLanes(Inserts.lanesOf(group.members()));
    return database.transactions().call(GROUP, tx -> inOne(tx, group));
  }

  /** As for runs. */
  List<Accepted> insert(NewGroup group, Connection connection) {
    database.makeLanes(Inserts.lanesOf(group.members()));
    return database.within(
        connection,
        GROUP,
        tx ->
            Groups.insert(
                tx,
                group,
                new JoinedInserts(tx, database.lanes(), database.transactions())::insert),
        tx -> inOne(tx, group));
  }

  private List<Accepted> inOne(Tx tx, NewGroup group) throws SQLException {
    return Groups.insert(tx, group, new Inserts(tx, database.lanes())::insert);
  }

  private List<Accepted> insertNow(List<NewRun> runs) {
    return insertAlone(runs)
        .orElseGet(
            () ->
                database
                    .transactions()
                    .call(INSERT, tx -> new Inserts(tx, database.lanes()).insert(runs)));
  }

  /** Empty if that is not possible: for the database, for the runs, or as one is there already. */
  private Optional<List<Accepted>> insertAlone(List<NewRun> runs) {
    return database
        .insertAlone(runs.size())
        .filter(statement -> runs.stream().allMatch(Inserts::isPlain))
        .flatMap(
            statement ->
                database
                    .transactions()
                    .insert(
                        INSERT,
                        tx -> new Inserts(tx, database.lanes()).insertAlone(runs, statement)));
  }
}
