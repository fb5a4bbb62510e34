// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.sql.DataSource;

/**
 * Connections of a process that is killed before it executes a statement: the server sees their
 * end, and nothing that the process would still do comes to anything.
 */
final class DyingPool {
  private final Predicate<String> counted;
  private final AtomicInteger left;

  private DyingPool(Predicate<String> counted, int before) {
    this.counted = counted;
    this.left = new AtomicInteger(before);
  }

  /**
   * Returns connections that die.
   *
   * @param source makes real connections, not pooled ones
   * @param counted which statements count
   * @param before how many of these are still executed
   */
  static DataSource of(DataSource source, Predicate<String> counted, int before) {
    var pool = new DyingPool(counted, before);
    return Proxies.around(source, pool::dying);
  }

  private Connection dying(Connection real) {
    return Proxies.of(
        Connection.class,
        (method, arguments) -> {
          if (real.isClosed() && !method.getName().equals("close")) {
            throw dead();
          }
          Object answer = Proxies.pass(real, method, arguments);
          return method.getName().equals("createStatement") && answer instanceof Statement statement
              ? dying(real, statement)
              : answer;
        });
  }

  private Statement dying(Connection connection, Statement real) {
    return Proxies.of(
        Statement.class,
        (method, arguments) -> {
          if (method.getName().startsWith("execute") && arguments.length > 0) {
            beforeExecuting(connection, arguments[0].toString());
          }
          return Proxies.pass(real, method, arguments);
        });
  }

  private void beforeExecuting(Connection connection, String sql) throws SQLException {
    if (connection.isClosed()) {
      throw dead();
    }
    if (counted.test(sql) && left.getAndDecrement() == 0) {
      connection.rollback(); // as a server does; a driver may commit at a close
      connection.close();
      throw dead();
    }
  }

  private static SQLException dead() {
    return new SQLNonTransientConnectionException("killed", "08006");
  }
}
