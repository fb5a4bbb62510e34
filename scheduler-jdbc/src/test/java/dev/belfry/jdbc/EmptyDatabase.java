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
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;

/**
 * A database, empty at first, with a pool of connections, which are given out as they were left.
 * Closing it drops it.
 */
public final class EmptyDatabase implements AutoCloseable {
  private final JdbcConnectionPool pool;
  private final Runnable drop;

  private EmptyDatabase(JdbcConnectionPool pool, Runnable drop) {
    this.pool = pool;
    this.drop = drop;
  }

  static EmptyDatabase h2() {
    String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    JdbcConnectionPool pool = JdbcConnectionPool.create(url, "", "");
    return new EmptyDatabase(
        pool,
        () -> {
          execute(pool, "shutdown");
          pool.dispose();
        });
  }

  /** Returns a part of a server, which a statement drops after its own connections were closed. */
  static EmptyDatabase of(ConnectionPoolDataSource source, DataSource admin, String drop) {
    JdbcConnectionPool pool = JdbcConnectionPool.create(source);
    return new EmptyDatabase(
        pool,
        () -> {
          pool.dispose();
          execute(admin, drop);
        });
  }

  /** Returns connections to it. */
  public JdbcConnectionPool pool() {
    return pool;
  }

  /** Returns its address, as the driver names it. */
  public String url() {
    try (Connection connection = pool.getConnection()) {
      return connection.getMetaData().getURL();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Executes one statement, or several, each ended by a semicolon and a newline. */
  public void execute(String statements) {
    execute(pool, statements);
  }

  static void execute(DataSource source, String statements) {
    try (Connection connection = source.getConnection();
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
    try (Connection connection = pool.getConnection()) {
      return query(connection, sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the first column of what is selected, as text. */
  public static List<String> query(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      var found = new ArrayList<String>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }

  @Override
  public void close() {
    drop.run();
  }
}
