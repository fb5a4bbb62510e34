// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.RunId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One column of many rows, as a single parameter for {@code unnest}. A column that has no value in
 * any row is sent empty, which {@code unnest} fills up with nulls beside longer ones.
 *
 * @param type the name of the element type in the database
 * @param values in the order of the rows
 */
record SqlArray(String type, @Nullable Object[] values) {
  static <T> SqlArray runs(Collection<T> rows, Column<T, RunId> column) {
    return of(
        "uuid",
        UUID[]::new,
        rows,
        row -> {
          RunId run = column.of(row);
          return run == null ? null : run.value();
        });
  }

  static <T> SqlArray numbers(Collection<T> rows, Column<T, Integer> column) {
    return of("int4", Integer[]::new, rows, column);
  }

  static <T> SqlArray bigNumbers(Collection<T> rows, Column<T, Long> column) {
    return of("int8", Long[]::new, rows, column);
  }

  static <T> SqlArray flags(Collection<T> rows, Column<T, Boolean> column) {
    return of("bool", Boolean[]::new, rows, column);
  }

  static <T> SqlArray texts(Collection<T> rows, Column<T, String> column) {
    return of(
        "text",
        String[]::new,
        rows,
        row -> {
          String text = column.of(row);
          return text == null ? null : Texts.clean(text);
        });
  }

  static <T> SqlArray instants(Collection<T> rows, Column<T, Instant> column) {
    return of(
        "timestamptz",
        String[]::new,
        rows,
        row -> {
          Instant instant = column.of(row);
          return instant == null ? null : written(instant);
        });
  }

  static <T> SqlArray bytes(Collection<T> rows, Column<T, byte[]> column) {
    return of("bytea", byte[][]::new, rows, column);
  }

  private static <T, V> SqlArray of(
      String type, IntFunction<@Nullable V[]> array, Collection<T> rows, Column<T, V> column) {
    @Nullable V[] values = array.apply(rows.size());
    boolean any = false;
    int i = 0;
    for (T row : rows) {
      V value = column.of(row);
      any |= value != null;
      values[i++] = value;
    }
    return new SqlArray(type, any ? values : array.apply(0));
  }

  /** Writes an instant as PostgreSQL reads it: a year of five digits bears no sign there. */
  private static String written(Instant instant) {
    String text = instant.toString();
    return text.startsWith("+") ? text.substring(1) : text;
  }

  Array toJdbc(Connection connection) throws SQLException {
    return connection.createArrayOf(type, values);
  }

  /** What a row has in a column. */
  @FunctionalInterface
  interface Column<T, V> {
    @Nullable V of(T row);
  }
}
