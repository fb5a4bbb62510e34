// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * What an engine is given.
 *
 * @param pool connections, the same for all
 * @param workers how many handlers run at once, the same for all
 * @param watchful whether the death of a node shall be noticed as fast as is sensible, and not as
 *     by default
 */
record Setup(Place place, DataSource pool, int workers, boolean watchful) {
  Product product() {
    return place.product();
  }

  /** Executes statements, each ended by a semicolon and a newline. */
  void execute(String statements) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements.split(";\\s*(\n|$)", 0)) {
        if (!sql.isBlank()) {
          statement.execute(sql);
        }
      }
    }
  }

  /** Returns the number that a query gives. */
  long number(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
