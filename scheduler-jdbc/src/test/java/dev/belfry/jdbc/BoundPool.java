// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

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

/**
 * A pool that tells each query with its parameters written into it, so that it can be explained.
 */
final class BoundPool {
  private BoundPool() {}

  static DataSource of(DataSource pool, Consumer<String> listener) {
    return Proxies.around(pool, connection -> of(connection, listener));
  }

  private static Connection of(Connection real, Consumer<String> listener) {
    return Proxies.of(
        Connection.class,
        (method, arguments) -> {
          Object answer = Proxies.pass(real, method, arguments);
          return answer instanceof PreparedStatement statement
              ? of(statement, arguments[0].toString(), listener)
              : answer;
        });
  }

  private static PreparedStatement of(
      PreparedStatement real, String sql, Consumer<String> listener) {
    var values = new TreeMap<Integer, Object>();
    return Proxies.of(
        PreparedStatement.class,
        (method, arguments) -> {
          if (method.getName().startsWith("set") && arguments.length == 2) {
            values.put((Integer) arguments[0], arguments[1]);
          } else if (method.getName().equals("executeQuery")) {
            listener.accept(bound(sql, values));
          }
          return Proxies.pass(real, method, arguments);
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
}
