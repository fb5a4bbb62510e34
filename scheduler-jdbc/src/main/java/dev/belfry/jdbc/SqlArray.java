// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.RunId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Values as a single parameter.
 *
 * @param type the name of their type in the database
 */
record SqlArray(String type, @Nullable Object[] values) {
  static <T> SqlArray numbers(List<T> rows, Function<T, Integer> number) {
    return new SqlArray("int4", rows.stream().map(number).toArray(Integer[]::new));
  }

  static SqlArray runs(List<RunId> runs) {
    return new SqlArray("uuid", runs.stream().map(RunId::value).toArray(UUID[]::new));
  }

  static <T> SqlArray instants(List<T> rows, Function<T, Instant> instant) {
    return new SqlArray(
        "timestamptz", rows.stream().map(instant).map(SqlArray::written).toArray(String[]::new));
  }

  /** Writes an instant as PostgreSQL reads it: a year of five digits bears no sign there. */
  static String written(Instant instant) {
    String text = instant.toString();
    return text.startsWith("+") ? text.substring(1) : text;
  }

  Array toJdbc(Connection connection) throws SQLException {
    return connection.createArrayOf(type, values);
  }
}
