// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.EventId;
import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of a result, read from left to right: each call takes the next column. */
final class Row {
  private final Sql sql;
  private final ResultSet result;
  private int column;

  Row(Sql sql, ResultSet result) {
    this.sql = sql;
    this.result = result;
  }

  boolean next() throws SQLException {
    column = 0;
    return result.next();
  }

  /** Returns whether the next column has a value; does not take it. */
  boolean isPresent() throws SQLException {
    return result.getObject(column + 1) != null;
  }

  boolean flag() throws SQLException {
    return result.getBoolean(++column);
  }

  int number() throws SQLException {
    return result.getInt(++column);
  }

  long bigNumber() throws SQLException {
    return result.getLong(++column);
  }

  Duration duration() throws SQLException {
    return Duration.ofNanos(result.getLong(++column));
  }

  String text() throws SQLException {
    return Objects.requireNonNull(result.getString(++column));
  }

  @Nullable String textOrNull() throws SQLException {
    return result.getString(++column);
  }

  Optional<String> optionalText() throws SQLException {
    return Optional.ofNullable(result.getString(++column));
  }

  Optional<Integer> optionalNumber() throws SQLException {
    int number = result.getInt(++column);
    return result.wasNull() ? Optional.empty() : Optional.of(number);
  }

  Optional<Long> optionalBigNumber() throws SQLException {
    long number = result.getLong(++column);
    return result.wasNull() ? Optional.empty() : Optional.of(number);
  }

  byte[] bytes() throws SQLException {
    return Objects.requireNonNull(result.getBytes(++column));
  }

  byte @Nullable [] bytesOrNull() throws SQLException {
    return result.getBytes(++column);
  }

  Instant instant() throws SQLException {
    return Objects.requireNonNull(sql.instant(result, ++column));
  }

  @Nullable Instant instantOrNull() throws SQLException {
    return sql.instant(result, ++column);
  }

  Optional<Instant> optionalInstant() throws SQLException {
    return Optional.ofNullable(sql.instant(result, ++column));
  }

  RunId run() throws SQLException {
    return new RunId(uuid());
  }

  Optional<RunId> optionalRun() throws SQLException {
    return Optional.ofNullable(sql.uuid(result, ++column)).map(RunId::new);
  }

  Optional<NodeId> optionalNode() throws SQLException {
    return Optional.ofNullable(sql.uuid(result, ++column)).map(NodeId::new);
  }

  EventId event() throws SQLException {
    return new EventId(uuid());
  }

  Optional<EventId> optionalEvent() throws SQLException {
    return Optional.ofNullable(sql.uuid(result, ++column)).map(EventId::new);
  }

  /** Passes over columns. */
  void skip(int columns) {
    column += columns;
  }

  private UUID uuid() throws SQLException {
    return Objects.requireNonNull(sql.uuid(result, ++column));
  }

  /** Makes a value of a row. */
  @FunctionalInterface
  interface Reader<T> {
    T read(Row row) throws SQLException;
  }
}
