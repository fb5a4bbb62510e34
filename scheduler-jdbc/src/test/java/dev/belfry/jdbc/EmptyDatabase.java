// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.ConnectionPoolDataSource;
import org.h2.jdbcx.JdbcConnectionPool;

/**
 * A database, empty at first, with a pool of connections, which are given out as they were left.
 * Closing it drops it.
 */
public final class EmptyDatabase implements AutoCloseable {
  private final JdbcConnectionPool pool;
  private final List<String> clear;
  private final String drop;

  private EmptyDatabase(JdbcConnectionPool pool, List<String> clear, String drop) {
    this.pool = pool;
    this.clear = clear;
    this.drop = drop;
  }

  static EmptyDatabase h2() {
    String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    return new EmptyDatabase(
        JdbcConnectionPool.create(url, "", ""), List.of("drop all objects"), "shutdown");
  }

  /**
   * Returns a schema of a server, made by the first of some statements and dropped by the other.
   */
  static EmptyDatabase of(ConnectionPoolDataSource source, String create, String drop) {
    var made = new EmptyDatabase(JdbcConnectionPool.create(source), List.of(drop, create), drop);
    made.execute(create);
    return made;
  }

  /** Returns connections to it. */
  public JdbcConnectionPool pool() {
    return pool;
  }

  String url() {
    try (Connection connection = pool.getConnection()) {
      return connection.getMetaData().getURL();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Drops all that is in it. */
  void clear() {
    clear.forEach(this::execute);
  }

  /** Executes statements, each ended by a semicolon and a newline, or one. */
  public void execute(String statements) {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements.split(";\n", 0)) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the first column of what is selected, as text. */
  public List<String> query(String sql) {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      var found = new ArrayList<String>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    execute(drop);
    pool.dispose();
  }
}
