// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.schedules;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The least that firing can cost in H2: for each tick a row of a tick, a row of a run and a change
 * of a schedule, with the indexes that these need, in batches of 200 that are each committed.
 */
final class PlainRows {
  private static final int BATCH = 200;
  private static final List<String> TABLES =
      List.of(
          "drop all objects",
          "create table schedule (id varchar(200) primary key, next_at timestamp(6),"
              + " last_at timestamp(6), last_run uuid)",
          "create index schedule_by_tick on schedule (next_at, id)",
          "create table tick (schedule varchar(200), nominal timestamp(6), run uuid,"
              + " fired_at timestamp(6), primary key (schedule, nominal))",
          "create index tick_by_age on tick (fired_at)",
          "create table run (id uuid primary key, lane int, due_at timestamp(6), state smallint,"
              + " created_at timestamp(6), kind varchar(10), schedule varchar(200),"
              + " nominal timestamp(6), codec varchar(40), input varbinary(2048))",
          "create index run_ready on run (state, lane, due_at, id)");
  private static final List<String> WRITES =
      List.of(
          "update schedule set next_at = ?2, last_at = ?2, last_run = ?3 where id = ?1",
          "insert into tick (schedule, nominal, run, fired_at) values (?1, ?2, ?3, ?2)",
          "insert into run (id, lane, due_at, state, created_at, kind, schedule, nominal, codec,"
              + " input) values (?3, 1, ?2, 0, ?2, 'SCHEDULE', ?1, ?2, 'json', ?4)");

  private PlainRows() {}

  /** Returns the microseconds for each tick, the schedules' own rows not counted. */
  static double write(Path folder, int ticks) throws SQLException {
    try (Connection connection =
        DriverManager.getConnection("jdbc:h2:file:" + folder.resolve("plain") + ";WRITE_DELAY=0")) {
      prepare(connection, ticks);
      long from = System.nanoTime();
      var statements = new ArrayList<PreparedStatement>();
      for (String write : WRITES) {
        statements.add(connection.prepareStatement(write));
      }
      for (int first = 0; first < ticks; first += BATCH) {
        write(statements, first, Math.min(first + BATCH, ticks));
        connection.commit();
      }
      return (System.nanoTime() - from) / 1e3 / ticks;
    }
  }

  private static void prepare(Connection connection, int schedules) throws SQLException {
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      for (String table : TABLES) {
        statement.execute(table);
      }
    }
    try (var insert = connection.prepareStatement("insert into schedule (id) values (?)")) {
      for (int i = 0; i < schedules; i++) {
        insert.setString(1, id(i));
        insert.addBatch();
      }
      insert.executeBatch();
    }
    connection.commit();
  }

  private static void write(List<PreparedStatement> statements, int from, int to)
      throws SQLException {
    var now = new Timestamp(System.currentTimeMillis());
    for (int i = from; i < to; i++) {
      var run = new UUID(now.getTime() << 16, i);
      for (int table = 0; table < statements.size(); table++) {
        PreparedStatement statement = statements.get(table);
        statement.setString(1, id(i));
        statement.setTimestamp(2, now);
        statement.setObject(3, run);
        if (table == 2) {
          statement.setBytes(4, new byte[4]);
        }
        statement.addBatch();
      }
    }
    for (PreparedStatement statement : statements) {
      statement.executeBatch();
    }
  }

  private static String id(int i) {
    return "site-%07d".formatted(i);
  }
}
