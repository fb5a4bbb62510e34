// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A pool that tells each statement before it is prepared, so that a rival may come in between. */
final class ToldPool {
  private ToldPool() {}

  static DataSource of(DataSource pool, Consumer<String> listener) {
    return proxy(
        DataSource.class,
        (method, arguments) -> {
          Object answer = invoke(pool, method, arguments);
          return answer instanceof Connection connection ? of(connection, listener) : answer;
        });
  }

  static Connection of(Connection connection, Consumer<String> listener) {
    return proxy(
        Connection.class,
        (method, arguments) -> {
          if (method.getName().equals("prepareStatement") && arguments != null) {
            listener.accept(arguments[0].toString());
          }
          return invoke(connection, method, arguments);
        });
  }

  /** Returns a connection that tells of each call of one method. */
  static Connection watched(Connection connection, String method, Consumer<String> listener) {
    return proxy(
        Connection.class,
        (called, arguments) -> {
          if (called.getName().equals(method)) {
            listener.accept(method);
          }
          return invoke(connection, called, arguments);
        });
  }

  /** A pool, and the right to lose the answer of the next call of a method of its connections. */
  record Losing(DataSource source, AtomicBoolean next) {
    void lose() {
      next.set(true);
    }
  }

  /** Returns a pool on which a call may be done and yet fail. */
  static Losing losing(DataSource pool, String lost) {
    var next = new AtomicBoolean();
    DataSource source =
        proxy(
            DataSource.class,
            (method, arguments) -> {
              Object answer = invoke(pool, method, arguments);
              return answer instanceof Connection real ? losing(real, lost, next) : answer;
            });
    return new Losing(source, next);
  }

  private static Connection losing(Connection real, String lost, AtomicBoolean next) {
    return proxy(
        Connection.class,
        (method, arguments) -> {
          Object answer = invoke(real, method, arguments);
          if (method.getName().equals(lost) && next.getAndSet(false)) {
            throw new SQLException("the answer is lost", "08006");
          }
          return answer;
        });
  }

  private interface Call {
    @Nullable Object on(Method method, Object @Nullable [] arguments) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            ToldPool.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> call.on(method, arguments)));
  }

  private static @Nullable Object invoke(Object real, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
