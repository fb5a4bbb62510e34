// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.RunId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Many rows as the parameters of one statement, column by column, in the order in which {@link
 * PostgresSql#rows} names them. One thread.
 */
final class SqlRows<T> {
  /*
   * A column goes as an array for `unnest`, which fills up shorter ones with nulls. Most columns
   * have one value in all rows; that goes alone, with an empty array beside it. The first column,
   * which is never such a one, says how many rows there are.
   */
  private final List<T> rows;
  private final List<@Nullable Object> values = new ArrayList<>();
  private final List<SqlArray> arrays = new ArrayList<>();

  private SqlRows(List<T> rows) {
    this.rows = rows;
  }

  static <T> SqlRows<T> of(List<T> rows) {
    return new SqlRows<>(rows);
  }

  SqlRows<T> runs(Column<T, RunId> column) {
    return add(
        "uuid",
        UUID[]::new,
        row -> {
          RunId run = column.of(row);
          return run == null ? null : run.value();
        });
  }

  SqlRows<T> numbers(Column<T, Integer> column) {
    return add("int4", Integer[]::new, column);
  }

  SqlRows<T> bigNumbers(Column<T, Long> column) {
    return add("int8", Long[]::new, column);
  }

  SqlRows<T> flags(Column<T, Boolean> column) {
    return add("bool", Boolean[]::new, column);
  }

  SqlRows<T> texts(Column<T, String> column) {
    return add(
        "text",
        String[]::new,
        row -> {
          String text = column.of(row);
          return text == null ? null : Texts.clean(text);
        });
  }

  SqlRows<T> instants(Column<T, Instant> column) {
    return add(
        "timestamptz",
        String[]::new,
        row -> {
          Instant instant = column.of(row);
          return instant == null ? null : SqlArray.written(instant);
        });
  }

  SqlRows<T> bytes(Column<T, byte[]> column) {
    return add("bytea", byte[][]::new, column);
  }

  private <V> SqlRows<T> add(String type, IntFunction<@Nullable V[]> array, Column<T, V> column) {
    @Nullable V[] all = array.apply(rows.size());
    boolean same = !arrays.isEmpty();
    for (int i = 0; i < all.length; i++) {
      all[i] = column.of(rows.get(i));
      same = same && Objects.deepEquals(all[i], all[0]);
    }
    values.add(same ? all[0] : null);
    arrays.add(new SqlArray(type, same ? array.apply(0) : all));
    return this;
  }

  /** Returns all parameters of the rows, and others behind them. */
  @Nullable Object[] and(@Nullable Object... others) {
    var parameters = new ArrayList<@Nullable Object>(values);
    parameters.addAll(arrays);
    parameters.addAll(Arrays.asList(others));
    return parameters.toArray();
  }

  /** What a row has in a column. */
  @FunctionalInterface
  interface Column<T, V> {
    @Nullable V of(T row);
  }
}
