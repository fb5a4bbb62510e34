// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.EventId;
import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What differs from one database to the next: schema, types, clock, lock, and the select that finds
 * what is ready. All other statements are plain SQL, written where they are used, with the names of
 * tables in braces. Thread-safe.
 */
abstract class Sql {
  private static final Pattern TABLE = Pattern.compile("\\{(\\w+)}");

  private final String prefix;
  private final Map<String, String> texts = new ConcurrentHashMap<>();

  Sql(String prefix) {
    this.prefix = prefix;
  }

  /** Finds the SQL for whatever is at the other end of a connection. */
  static Sql of(Connection connection, String prefix) throws SQLException {
    String product = connection.getMetaData().getDatabaseProductName();
    if (product.toLowerCase(Locale.ROOT).equals("h2")) {
      return H2Sql.of(connection, prefix);
    }
    throw new StoreException(
        Kind.PERMANENT, "database \"" + product + "\" is not supported; supported are: H2", null);
  }

  /** Returns the statements that make the schema, the rows of its version last. */
  abstract List<String> ddl();

  /** Reads the database's clock, cut to microseconds. */
  abstract Instant now(Connection connection) throws SQLException;

  /** Returns whether only this process can open the database. */
  abstract boolean exclusive(Connection connection) throws SQLException;

  /** Returns what a transaction holds from its first write to its end, where only one may write. */
  abstract Optional<Lock> writers();

  /** Makes the schema while nobody else does. */
  abstract void withSchemaLock(Connection connection, SchemaWork work) throws SQLException;

  /** Returns the select of ready runs of one lane: (lane, due, limit), in order of due and id. */
  abstract String ready(String columns);

  abstract void bindInstant(PreparedStatement statement, int index, Instant instant)
      throws SQLException;

  abstract void bindUuid(PreparedStatement statement, int index, UUID uuid) throws SQLException;

  abstract @Nullable Instant instant(ResultSet row, int column) throws SQLException;

  abstract @Nullable UUID uuid(ResultSet row, int column) throws SQLException;

  final String prefix() {
    return prefix;
  }

  /** Puts the prefix before the names of tables. The same text gives the same object. */
  final String text(String template) {
    return texts.computeIfAbsent(template, t -> TABLE.matcher(t).replaceAll(prefix + "$1"));
  }

  final void bindAll(PreparedStatement statement, @Nullable Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      bind(statement, i + 1, values[i]);
    }
  }

  private void bind(PreparedStatement statement, int index, @Nullable Object value)
      throws SQLException {
    if (value instanceof Optional<?> optional) {
      bind(statement, index, optional.orElse(null));
    } else if (value instanceof String text) {
      statement.setString(index, Texts.clean(text));
    } else if (value instanceof Instant instant) {
      bindInstant(statement, index, instant);
    } else if (value instanceof UUID uuid) {
      bindUuid(statement, index, uuid);
    } else if (value instanceof RunId run) {
      bindUuid(statement, index, run.value());
    } else if (value instanceof EventId event) {
      bindUuid(statement, index, event.value());
    } else if (value instanceof NodeId node) {
      bindUuid(statement, index, node.value());
    } else if (value instanceof Duration duration) {
      statement.setLong(index, Texts.nanos(duration));
    } else if (value instanceof Enum<?> constant) {
      statement.setString(index, constant.name());
    } else if (value instanceof byte[] bytes) {
      statement.setBytes(index, bytes);
    } else {
      statement.setObject(index, value);
    }
  }

  /** Makes the schema; may be called again after it failed half-way. */
  @FunctionalInterface
  interface SchemaWork {
    void run() throws SQLException;
  }
}
