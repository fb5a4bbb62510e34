// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Connections of a process that is killed before it executes a statement: the server sees their
 * end, and nothing that the process would still do comes to anything.
 */
final class DyingPool {
  private final DataSource source;
  private final Predicate<String> counted;
  private final AtomicInteger left;

  private DyingPool(DataSource source, Predicate<String> counted, int before) {
    this.source = source;
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
    var pool = new DyingPool(source, counted, before);
    return proxy(
        DataSource.class,
        (method, arguments) ->
            method.getName().equals("getConnection")
                ? pool.connection()
                : invoke(source, method, arguments));
  }

  private Connection connection() throws SQLException {
    Connection real = source.getConnection();
    return proxy(
        Connection.class,
        (method, arguments) -> {
          if (real.isClosed() && !method.getName().equals("close")) {
            throw dead();
          }
          Object answer = invoke(real, method, arguments);
          return method.getName().equals("createStatement")
              ? statement(real, (Statement) answer)
              : answer;
        });
  }

  private Statement statement(Connection connection, @Nullable Statement real) {
    return proxy(
        Statement.class,
        (method, arguments) -> {
          if (method.getName().startsWith("execute") && arguments != null) {
            beforeExecuting(connection, arguments[0].toString());
          }
          return invoke(real, method, arguments);
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

  private interface Call {
    @Nullable Object on(Method method, Object @Nullable [] arguments) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            DyingPool.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> call.on(method, arguments)));
  }

  private static @Nullable Object invoke(
      @Nullable Object real, Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
