// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.EventId;
import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.store.Lease;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
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

  /** Sets what holds for one transaction of ours, the first thing in it. */
  abstract Begun begin(Connection connection) throws SQLException;

  /**
   * As {@link #begin}, for a transaction that does not wait between its statements. A session that
   * does is one that was left: it ends soon, and frees what it has locked.
   */
  Begun beginShort(Connection connection) throws SQLException {
    return begin(connection);
  }

  /** As {@link #begin}, for people's questions, of which the database knows best how to answer. */
  Begun beginSearch(Connection connection) throws SQLException {
    return begin(connection);
  }

  /** Sets what holds for a statement that is a transaction by itself, and writes. */
  void beginAlone(Connection connection) throws SQLException {}

  /** Sets the isolation of one transaction and nothing else, as statements of others come first. */
  abstract Undo isolate(Connection connection) throws SQLException;

  /**
   * Sets what holds for statements of ours that follow others' in a transaction: a time limit,
   * unless there is one, and how they are planned.
   */
  abstract Undo limit(Connection connection) throws SQLException;

  /** Refuses a transaction of a caller in which our statements would lock what others need. */
  void checkJoinable(Connection connection) throws SQLException {}

  /** Returns whether a caller's transaction can go on after an error only if that is undone. */
  boolean needsSavepoint(Connection connection) throws SQLException {
    return true; // else an error in a group would leave half of it behind
  }

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

  /** Returns the expression that reads that clock in a statement, the same all over it. */
  abstract String clock();

  /**
   * Returns an expression for which part of time an instant is in: a whole number.
   *
   * @param seconds the length of the parts, which begin in 1970
   */
  abstract String partOfTime(String column, long seconds);

  /** Renews the lease of a node that is not dead, in one statement. */
  abstract Optional<Lease.Held> renew(Tx tx, NodeId node, Duration lease) throws SQLException;

  /** Returns whether only this process can open the database. */
  abstract boolean exclusive(Connection connection) throws SQLException;

  /** Returns whether processes can send each other notices through the database. */
  boolean hasNotices() {
    return false;
  }

  /** Returns what a transaction holds from its first write to its end, where only one may write. */
  Optional<Lock> writers() {
    return Optional.empty();
  }

  /** Makes the schema while nobody else does. */
  abstract void withSchemaLock(Connection connection, SchemaWork work) throws SQLException;

  /**
   * Returns the select of ready runs of one lane: (lane, mark, due, limit), in order of due and id.
   */
  final String ready(String columns) {
    return "select "
        + columns
        + " from {run} where state = 0 and held = 0 and lane = ? and due_at >= ?"
        + " and due_at <= ?"
        + " order by state, held, lane, due_at, id limit ?";
  }

  /**
   * Returns the same for a claim, which may have the rows locked and pass over what others lock.
   */
  String claimable(String columns) {
    return ready(columns);
  }

  /**
   * Returns the statement that claims runs of several lanes, if one is enough: (lanes, quotas,
   * marks, now, limit, node, now, now). Its rows, in no order, have first how many runs it met that
   * need slots, then {@link HotRun#COLUMNS} of one that was claimed; if none was, nulls.
   */
  Optional<String> claimAtOnce() {
    return Optional.empty();
  }

  /**
   * Returns the statement that inserts runs, if one is enough for those without a key of their own
   * or a large input; it passes over what is there already. See {@link Inserts}.
   */
  Optional<String> insertAtOnce() {
    return Optional.empty();
  }

  /**
   * Returns the same as a transaction of its own in one message, which gives the clock first; it
   * fails if it meets what is in the hot table.
   */
  Optional<String> insertAlone() {
    return Optional.empty();
  }

  /** Returns the same for a single run. */
  Optional<String> insertOne() {
    return Optional.empty();
  }

  /**
   * Returns the statement that writes new memos of runs that a node holds, as a transaction of its
   * own in one message, if one is enough. It gives the clock, then where it has put memos; what is
   * there already it leaves as it is. See {@link MemoCalls}.
   */
  Optional<String> recordAlone() {
    return Optional.empty();
  }

  /** Returns the same for a single memo. */
  Optional<String> recordOne() {
    return Optional.empty();
  }

  /**
   * Returns the statement that moves ended runs from the hot table to history with all that goes
   * with it, if one is enough; see {@link Move}.
   */
  Optional<String> move() {
    return Optional.empty();
  }

  /** Returns a select of runs that passes over those which others have locked, if it can. */
  String unlocked(String select) {
    return select;
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

  /**
   * Returns whether an insert can be tried first, as one that finds its key there locks nothing.
   */
  final boolean insertsFirst() {
    return !unlessThere().isEmpty();
  }

  /** Returns what a select ends with to read what is committed by now, whatever the isolation. */
  String latest() {
    return "";
  }

  /** Sets an instant as a reading of a clock in UTC, where a column knows no zone. */
  void bindInstant(PreparedStatement statement, int index, Instant instant) throws SQLException {
    statement.setObject(index, LocalDateTime.ofInstant(Tx.cut(instant), ZoneOffset.UTC));
  }

  void bindUuid(PreparedStatement statement, int index, UUID uuid) throws SQLException {
    statement.setObject(index, uuid);
  }

  @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    LocalDateTime reading = row.getObject(column, LocalDateTime.class);
    return reading == null ? null : reading.toInstant(ZoneOffset.UTC);
  }

  @Nullable UUID uuid(ResultSet row, int column) throws SQLException {
    return row.getObject(column, UUID.class);
  }

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
    } else if (value instanceof SqlArray array) {
      statement.setArray(index, array.toJdbc(statement.getConnection()));
    } else {
      statement.setObject(index, value);
    }
  }

  /**
   * A transaction of ours.
   *
   * @param now the database's clock, where that came with it
   * @param undo makes the connection as it was before
   */
  record Begun(Optional<Instant> now, Undo undo) {}

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
