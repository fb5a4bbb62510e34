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
import java.util.ArrayList;
import java.util.Arrays;
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
  /** How long a statement may take in a transaction of ours. */
  static final int TIMEOUT_SECONDS = 30;

  private static final Pattern TABLE = Pattern.compile("\\{(\\w+)}");

  private final String prefix;
  private final Map<String, String> texts = new ConcurrentHashMap<>();

  Sql(String prefix) {
    this.prefix = prefix;
  }

  /** Finds the SQL for whatever is at the other end of a connection. */
  static Sql of(Connection connection, String prefix) throws SQLException {
    String product = connection.getMetaData().getDatabaseProductName();
    return switch (product.toLowerCase(Locale.ROOT)) {
      case "h2" -> H2Sql.of(connection, prefix);
      case "postgresql" -> PostgresSql.of(connection, prefix);
      case "mariadb", "mysql" -> MariaSql.of(connection, prefix);
      default ->
          throw new StoreException(
              Kind.PERMANENT,
              "database \""
                  + product
                  + "\" is not supported; supported are: H2, PostgreSQL, MariaDB, MySQL",
              null);
    };
  }

  /** Returns the statements that make version 1 of the schema, the rows of its version last. */
  abstract List<String> ddl();

  /** Returns the statements of a step that are for this database. */
  abstract String own(Migration step);

  /** Returns the statements of a step: first what keeps old code away, the new version last. */
  final List<String> migration(Migration step) {
    var all = new ArrayList<String>();
    all.add(raise("oldest_reader", step.oldestReader()));
    all.addAll(statements(own(step)));
    String name = "migration_" + step.version();
    all.add(
        text(
            "insert into {meta} (name, number, text) select '%s', %d, concat('made at ', %s, ' UTC')"
                    .formatted(name, step.version(), utcClock())
                + " from {meta} where name = 'schema'"
                + " and not exists (select 1 from {meta} where name = '%s')".formatted(name)));
    all.add(raise("schema", step.version()));
    return all;
  }

  private String raise(String name, int number) {
    return text(
        "update {meta} set number = %d where name = '%s' and number < %d"
            .formatted(number, name, number));
  }

  /** Splits a schema into its statements. */
  final List<String> statements(String schema) {
    return Arrays.stream(schema.split(";\n", 0)).map(s -> text(s.strip())).toList();
  }

  /** Returns an expression for the time in UTC, for people. */
  abstract String utcClock();

  /**
   * Sets what holds for one statement of a step, under the schema lock: no limit of its own time,
   * but a short one of its wait for a table, behind which all others would wait. Tells how to undo
   * that.
   */
  abstract Undo beginMigration(Connection connection) throws SQLException;

  /** Returns whether a statement of a schema failed because it was done before. */
  boolean isDoneBefore(SQLException error) {
    return false;
  }

  /** Sets what holds for one transaction of ours, the first thing in it; tells how to undo that. */
  abstract Undo begin(Connection connection) throws SQLException;

  /** Sets what holds for one statement. */
  void prepared(PreparedStatement statement) throws SQLException {}

  /**
   * Returns whether a driver can send a statement for many rows at once, and says what came of it.
   */
  boolean isBatchable(String text) {
    return true;
  }

  /** Reads the database's clock, cut to microseconds. */
  abstract Instant now(Connection connection) throws SQLException;

  /** Returns whether only this process can open the database. */
  abstract boolean exclusive(Connection connection) throws SQLException;

  /** Returns what a transaction holds from its first write to its end, where only one may write. */
  Optional<Lock> writers() {
    return Optional.empty();
  }

  /** Makes the schema while nobody else does. */
  abstract void withSchemaLock(Connection connection, SchemaWork work) throws SQLException;

  /** Returns the select of ready runs of one lane: (lane, due, limit), in order of due and id. */
  final String ready(String columns) {
    return "select "
        + columns
        + " from {run} where state = 0 and held = 0 and lane = ? and due_at <= ?"
        + " order by state, held, lane, due_at, id limit ?";
  }

  /**
   * Returns the same for a claim, which may have the rows locked and pass over what others lock.
   */
  String claimable(String columns) {
    return ready(columns);
  }

  /** Returns whether a claim holds the rows that it has found, so that it surely gets them. */
  boolean isClaimableLocked() {
    return false;
  }

  /** Returns whether the number at a statement's end is to be seen by whoever plans it. */
  boolean hasLiteralLimits() {
    return false;
  }

  /**
   * Returns a column in a condition that most rows meet, so written that nobody takes its index and
   * sorts them all, where the order that is asked for could be walked.
   */
  String unsorted(String column) {
    return column + " + 0";
  }

  /** Returns what an insert ends with, that is to do nothing where a key is there already. */
  String unlessThere() {
    return "";
  }

  /** Returns what a select ends with to read what is committed by now, whatever the isolation. */
  String latest() {
    return "";
  }

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

  /** Makes a connection as it was before. */
  @FunctionalInterface
  interface Undo {
    void run() throws SQLException;
  }

  /** Makes the schema; may be called again after it failed half-way. */
  @FunctionalInterface
  interface SchemaWork {
    void run() throws SQLException;
  }
}
