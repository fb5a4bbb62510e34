// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A pool that tells each query with its parameters written into it, so that it can be explained.
 */
final class BoundPool {
  private BoundPool() {}

  static DataSource of(DataSource pool, Consumer<String> listener) {
    return proxy(
        DataSource.class,
        (method, arguments) -> {
          Object answer = invoke(pool, method, arguments);
          return answer instanceof Connection connection ? of(connection, listener) : answer;
        });
  }

  private static Connection of(Connection real, Consumer<String> listener) {
    return proxy(
        Connection.class,
        (method, arguments) -> {
          Object answer = invoke(real, method, arguments);
          return answer instanceof PreparedStatement statement && arguments != null
              ? of(statement, arguments[0].toString(), listener)
              : answer;
        });
  }

  private static PreparedStatement of(
      PreparedStatement real, String sql, Consumer<String> listener) {
    var values = new TreeMap<Integer, Object>();
    return proxy(
        PreparedStatement.class,
        (method, arguments) -> {
          if (method.getName().startsWith("set") && arguments != null && arguments.length == 2) {
            values.put((Integer) arguments[0], arguments[1]);
          } else if (method.getName().equals("executeQuery")) {
            listener.accept(bound(sql, values));
          }
          return invoke(real, method, arguments);
        });
  }

  private static String bound(String sql, Map<Integer, Object> values) {
    String text = sql;
    for (Object value : values.values()) {
      text = text.replaceFirst("\\?", literal(value));
    }
    return text;
  }

  private static String literal(Object value) {
    if (value instanceof Number) {
      return value.toString();
    } else if (value instanceof byte[] bytes) {
      return "x'" + HexFormat.of().formatHex(bytes) + "'";
    } else if (value instanceof OffsetDateTime time) {
      return "timestamptz '" + time + "'";
    } else if (value instanceof LocalDateTime time) {
      return "timestamp '" + time.toString().replace('T', ' ') + "'";
    } else if (value instanceof UUID) {
      return "cast('" + value + "' as uuid)";
    }
    return "'" + value.toString().replace("'", "''") + "'";
  }

  private interface Call {
    @Nullable Object on(Method method, Object @Nullable [] arguments) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            BoundPool.class.getClassLoader(),
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
