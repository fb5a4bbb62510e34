// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** Makes the schema, or sees that it is one that this code reads. */
final class SchemaSetup {
  /** The version of the schema that this code makes. */
  static final int VERSION = 1;

  private final Sql sql;
  private final Connection connection;

  SchemaSetup(Sql sql, Connection connection) {
    this.sql = sql;
    this.connection = connection;
  }

  /** Returns the version of the schema, once there is one that fits. */
  int run(boolean create) throws SQLException {
    Map<String, Long> versions = versions();
    if (!versions.containsKey("schema")) {
      if (!create) {
        throw new StoreException(
            Kind.PERMANENT,
            "table \""
                + sql.prefix()
                + "meta\" is missing or not filled; create the schema with the statements that"
                + " JdbcJobStore.ddl() returns",
            null);
      }
      sql.withSchemaLock(connection, this::create);
      versions = versions();
    }
    long schema = versions.getOrDefault("schema", 0L);
    if (versions.getOrDefault("oldest_reader", schema) > VERSION) {
      throw new StoreException(
          Kind.PERMANENT,
          "the schema of \""
              + sql.prefix()
              + "\" is version "
              + schema
              + ", this Belfry reads 1 to "
              + VERSION
              + "; update Belfry on this node",
          null);
    }
    return Math.toIntExact(schema);
  }

  private Map<String, Long> versions() throws SQLException {
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
    return found;
  }

  private void create() throws SQLException {
    if (!versions().containsKey("schema")) {
      try (Statement statement = connection.createStatement()) {
        for (String ddl : sql.ddl()) {
          statement.execute(ddl);
        }
      } catch (SQLException e) {
        if (ErrorKinds.isNoRight(e)) {
          throw withoutRight(e);
        }
        throw e;
      }
      connection.commit();
    }
  }

  private StoreException withoutRight(SQLException e) {
    return new StoreException(
        Kind.PERMANENT,
        "cannot make the tables: "
            + e.getMessage()
            + " (SQLState "
            + e.getSQLState()
            + "); have somebody who may make tables run these statements, then open the store"
            + " again:\n"
            + sql.printed(),
        e);
  }
}
