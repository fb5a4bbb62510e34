// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Makes the schema, brings it up to date, or sees that it is one that this code can use. */
final class SchemaSetup {
  /*
   * An empty database gets version 1 and then each step, like an old one. Who holds the schema lock
   * reads the version again, so of many nodes one does each thing. A step's statement waits a
   * second for its table, then lets go, and comes again: whoever wants the table waits behind it.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final Sql sql;
  private final Connection connection;
  private final Migrations migrations;

  SchemaSetup(Sql sql, Connection connection, Migrations migrations) {
    this.sql = sql;
    this.connection = connection;
    this.migrations = migrations;
  }

  /** Returns the version of the schema, once there is one that fits. */
  int run(boolean create) throws SQLException {
    Versions found = versions();
    if (!create && found.schema < migrations.version()) {
      throw behind(found);
    }
    if (!found.isMade()) {
      make();
    }
    for (Migration step : migrations.after(versions().schema)) {
      migrate(step);
    }
    found = versions();
    if (found.oldestReader > migrations.version()) {
      throw ahead(found);
    }
    return Math.toIntExact(found.schema);
  }

  /** Returns the statements that this database lacks, as a text to run elsewhere. */
  String missing() throws SQLException {
    Versions found = versions();
    var all = new ArrayList<String>(found.isMade() ? List.of() : sql.ddl());
    migrations.after(found.schema).forEach(step -> all.addAll(sql.migration(step)));
    return all.stream().map(statement -> statement + ";\n").collect(Collectors.joining());
  }

  private StoreException behind(Versions found) {
    return refusal(
        found.isMade()
            ? "the schema of \""
                + sql.prefix()
                + "\" is version "
                + found.schema
                + ", this Belfry needs version "
                + migrations.version()
                + "; run the statements that JdbcJobStore.ddl() returns"
            : "table \""
                + sql.prefix()
                + "meta\" is missing or not filled; create the schema with the statements that"
                + " JdbcJobStore.ddl() returns");
  }

  private StoreException ahead(Versions found) {
    return refusal(
        "the schema of \""
            + sql.prefix()
            + "\" is version "
            + found.schema
            + " and needs a Belfry for version "
            + found.oldestReader
            + " or later, this one is for version "
            + migrations.version()
            + "; update Belfry on this node");
  }

  private static StoreException refusal(String sentence) {
    return new StoreException(Kind.PERMANENT, sentence, null);
  }

  private Versions versions() throws SQLException {
    var found = new HashMap<String, Long>();
    Savepoint before = connection.setSavepoint(); // not the whole: a lock may hang on it
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(sql.text("select name, number from {meta} order by name"))) {
      while (rows.next()) {
        found.put(rows.getString(1), rows.getLong(2));
      }
    } catch (SQLException e) {
      connection.rollback(before);
      if (!ErrorKinds.isNoTable(e)) {
        throw e;
      }
    }
    return Versions.of(found);
  }

  private void make() throws SQLException {
    locked(
        "make the tables",
        () -> {
          if (!versions().isMade()) {
            for (String ddl : sql.ddl()) {
              execute(ddl);
            }
          }
        });
  }

  private void migrate(Migration step) throws SQLException {
    for (String statement : sql.migration(step)) {
      locked(
          "change the tables to version " + step.version(),
          () -> {
            if (versions().schema < step.version()) {
              Sql.Undo undo = sql.beginMigration(connection);
              try {
                execute(statement);
              } finally {
                undo.run();
              }
            }
          });
    }
  }

  private void execute(String ddl) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(ddl);
    } catch (SQLException e) {
      if (!sql.isDoneBefore(e)) {
        throw e;
      }
    }
  }

  /** Does something in a transaction, alone, and again for a while if somebody is in the way. */
  private void locked(String what, Sql.SchemaWork work) throws SQLException {
    Stopwatch tried = Stopwatch.start();
    while (true) {
      try {
        connection.rollback(); // what was read before; the settings come first in a transaction
        sql.begin(connection);
        sql.withSchemaLock(
            connection,
            () -> {
              work.run();
              connection.commit(); // or the next one would not see what was done
            });
        return;
      } catch (SQLException e) {
        connection.rollback();
        if (ErrorKinds.isNoRight(e)) {
          throw withoutRight(what, e);
        }
        if (ErrorKinds.of(e) != Kind.RETRY) {
          throw e;
        }
        if (tried.isPast(PATIENCE)) {
          throw inTheWay(what, e);
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private StoreException withoutRight(String what, SQLException e) throws SQLException {
    return new StoreException(
        Kind.PERMANENT,
        "cannot "
            + what
            + ": "
            + e.getMessage()
            + " (SQLState "
            + e.getSQLState()
            + "); have somebody who may make tables run these statements, then open the store"
            + " again:\n"
            + missing(),
        e);
  }

  private static StoreException inTheWay(String what, SQLException e) {
    return new StoreException(
        Kind.UNAVAILABLE,
        "cannot "
            + what
            + ": "
            + e.getMessage()
            + " (SQLState "
            + e.getSQLState()
            + "), tried for "
            + PATIENCE
            + "; end the transaction that holds the table, or wait for the node that is at it",
        e);
  }

  /**
   * What the database says of its schema.
   *
   * @param schema 0 if there is none yet, or one that is half made
   */
  private record Versions(long schema, long oldestReader) {
    static Versions of(Map<String, Long> rows) {
      long schema = rows.getOrDefault("schema", 0L);
      return new Versions(schema, rows.getOrDefault("oldest_reader", schema));
    }

    boolean isMade() {
      return schema > 0;
    }
  }
}
