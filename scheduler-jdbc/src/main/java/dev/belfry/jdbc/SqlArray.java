// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.RunId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
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
  static <T> SqlArray runs(Collection<T> rows, Function<? super T, @Nullable RunId> column) {
    return of("uuid", UUID[]::new, rows, column.andThen(run -> run == null ? null : run.value()));
  }

  static <T> SqlArray numbers(Collection<T> rows, Function<? super T, @Nullable Integer> column) {
    return of("int4", Integer[]::new, rows, column);
  }

  static <T> SqlArray bigNumbers(Collection<T> rows, Function<? super T, @Nullable Long> column) {
    return of("int8", Long[]::new, rows, column);
  }

  static <T> SqlArray flags(Collection<T> rows, Function<? super T, Boolean> column) {
    return of("bool", Boolean[]::new, rows, column);
  }

  static <T> SqlArray texts(Collection<T> rows, Function<? super T, @Nullable String> column) {
    return of(
        "text",
        String[]::new,
        rows,
        column.andThen(text -> text == null ? null : Texts.clean(text)));
  }

  static <T> SqlArray instants(Collection<T> rows, Function<? super T, @Nullable Instant> column) {
    return of("timestamptz", String[]::new, rows, column.andThen(SqlArray::written));
  }

  static <T> SqlArray bytes(Collection<T> rows, Function<? super T, byte @Nullable []> column) {
    return of("bytea", byte[][]::new, rows, column);
  }

  private static <T, V> SqlArray of(
      String type,
      IntFunction<@Nullable V[]> array,
      Collection<T> rows,
      Function<? super T, ? extends @Nullable V> column) {
    @Nullable V[] values = array.apply(rows.size());
    boolean any = false;
    int i = 0;
    for (T row : rows) {
      @Nullable V value = column.apply(row);
      any |= value != null;
      values[i++] = value;
    }
    return new SqlArray(type, any ? values : array.apply(0));
  }

  /** Writes an instant as PostgreSQL reads it: a year of five digits bears no sign there. */
  private static @Nullable String written(@Nullable Instant instant) {
    String text = Objects.toString(instant, null);
    return text != null && text.startsWith("+") ? text.substring(1) : text;
  }

  Array toJdbc(Connection connection) throws SQLException {
    return connection.createArrayOf(type, values);
  }
}
