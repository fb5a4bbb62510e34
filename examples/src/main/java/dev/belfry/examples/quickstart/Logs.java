// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.quickstart;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import javax.sql.DataSource;

/** The tables of the application: what its users did, and what it did itself. */
final class Logs {
  /** The tables that the clean-up keeps short. */
  enum Table {
    AUDIT("audit_logs"),
    SYSTEM("system_logs");

    private final String sqlName;

    Table(String sqlName) {
      this.sqlName = sqlName;
    }

    @Override
    public String toString() {
      return sqlName;
    }
  }

  private static final Duration HISTORY = Duration.ofDays(120);

  private final DataSource database;

  Logs(DataSource database) {
    this.database = database;
  }

  /** Opens the one database of the application, in which Belfry's tables are too. */
  static HikariDataSource open(Path folder) {
    var config = new HikariConfig();
    // WRITE_DELAY=0: else H2 loses the last commits when the JVM is killed. DB_CLOSE_ON_EXIT=FALSE:
    // else H2 closes on Ctrl-C before the scheduler has. retry: else a handler that is interrupted
    // closes the file for all. The last one: no file for H2's own errors.
    config.setJdbcUrl(
        "jdbc:h2:file:retry:"
            + folder.resolve("quickstart").toAbsolutePath()
            + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0");
    config.setUsername("sa");
    config.setMaximumPoolSize(8);
    return new HikariDataSource(config);
  }

  /**
   * Creates the tables.
   *
   * @return whether they were not there
   */
  boolean create() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      for (Table table : Table.values()) {
        if (exists(connection, table)) {
          return false;
        }
        statement.execute(
            "create table "
                + table
                + " (id bigint generated always as identity primary key,"
                + " at timestamp with time zone not null, entry varchar(1000) not null)");
        statement.execute("create index " + table + "_at on " + table + " (at)");
      }
      return true;
    }
  }

  private static boolean exists(Connection connection, Table table) throws SQLException {
    String name = table.toString().toUpperCase(Locale.ROOT);
    try (ResultSet found = connection.getMetaData().getTables(null, "PUBLIC", name, null)) {
      return found.next();
    }
  }

  /** Adds rows, spread evenly over the 120 days before an instant. */
  void fill(Table table, Instant until, int rows) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement insert = insertInto(connection, table)) {
      connection.setAutoCommit(false);
      for (int row = 0; row < rows; row++) {
        set(insert, until.minus(HISTORY.multipliedBy(row).dividedBy(rows)), "something happened");
        insert.addBatch();
      }
      insert.executeBatch();
      connection.commit();
    }
  }

  /** Adds what the system did. */
  void add(Instant at, String entry) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement insert = insertInto(connection, Table.SYSTEM)) {
      set(insert, at, entry);
      insert.executeUpdate();
    }
  }

  private static PreparedStatement insertInto(Connection connection, Table table)
      throws SQLException {
    return connection.prepareStatement("insert into " + table + " (at, entry) values (?, ?)");
  }

  private static void set(PreparedStatement insert, Instant at, String entry) throws SQLException {
    insert.setObject(1, utc(at));
    insert.setString(2, entry);
  }

  /**
   * Deletes rows, in a transaction of its own.
   *
   * @return how many; fewer than {@code limit} means that none is left
   */
  int deleteBatch(Table table, Instant olderThan, int limit) throws SQLException {
    String sql = "delete from " + table + " where at < ? fetch first ? rows only";
    try (Connection connection = database.getConnection();
        PreparedStatement delete = connection.prepareStatement(sql)) {
      delete.setObject(1, utc(olderThan));
      delete.setInt(2, limit);
      return delete.executeUpdate();
    }
  }

  /** Returns how many rows are older than an instant. */
  long count(Table table, Instant olderThan) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement("select count(*) from " + table + " where at < ?")) {
      select.setObject(1, utc(olderThan));
      try (ResultSet rows = select.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
