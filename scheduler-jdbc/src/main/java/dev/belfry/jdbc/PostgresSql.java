// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.NodeId;
import dev.belfry.store.Lease;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The SQL of PostgreSQL, from version 13 on. */
final class PostgresSql extends Sql {
  /*
   * A claim locks what it reads and passes over what others have locked, so that nodes share the
   * head of a lane and never wait there. Limits are literal: a plan for any limit may sort all that
   * is due. An error ends the transaction; the few inserts that may meet a rival's row in somebody
   * else's transaction therefore say what to do then.
   */
  private static final int OLDEST = 13;
  private static final int SCHEMA_LOCK = 0x42656c66; // "Belf", as anybody may take advisory locks

  /** READ COMMITTED comes first, as it must; a limit of the connection's own that is less stays. */
  private static final String BEGIN =
      "set transaction isolation level read committed; select "
          + limit("statement_timeout", TIMEOUT_SECONDS);

  private static final int IDLE_SECONDS = 5;
  private static final String BEGIN_SHORT =
      BEGIN + ", " + limit("idle_in_transaction_session_timeout", IDLE_SECONDS);

  PostgresSql(String prefix) {
    super(prefix);
  }

  static PostgresSql of(Connection connection, String prefix) throws SQLException {
    DatabaseMetaData about = connection.getMetaData();
    if (about.getDatabaseMajorVersion() < OLDEST) {
      throw new StoreException(
          Kind.PERMANENT,
          "PostgreSQL "
              + about.getDatabaseProductVersion()
              + " is not supported; needed is "
              + OLDEST
              + " or later",
          null);
    }
    return new PostgresSql(prefix);
  }

  /** Returns what limits a duration until the transaction ends. */
  private static String limit(String setting, int seconds) {
    return """
         case when current_setting('%1$s')::interval not between '1 ms' and '%2$d s'
         then set_config('%1$s', '%2$ds', true) end"""
        .formatted(setting, seconds);
  }

  @Override
  List<String> ddl() {
    return statements(PostgresSchema.TEXT);
  }

  /** All settings end with the transaction. */
  @Override
  Undo begin(Connection connection) throws SQLException {
    return begin(connection, BEGIN);
  }

  @Override
  Undo beginShort(Connection connection) throws SQLException {
    return begin(connection, BEGIN_SHORT);
  }

  private static Undo begin(Connection connection, String text) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
    return () -> {};
  }

  @Override
  Instant now(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("select clock_timestamp()");
        ResultSet row = statement.executeQuery()) {
      row.next();
      return Tx.cut(row.getObject(1, OffsetDateTime.class).toInstant());
    }
  }

  @Override
  String clock() {
    return "statement_timestamp()";
  }

  /** The outer select sees all leases as they were before the update, hence not this one. */
  @Override
  Optional<Lease.Held> renew(Tx tx, NodeId node, Duration lease) throws SQLException {
    Dated renewal =
        tx.dated(
            """
            with mine as (
              update {node} set
                valid_since = case when lease_until > $now then valid_since else $now end,
                lease_until = $now + cast(? as bigint) * interval '1 microsecond'
              where id = ? and dead_at is null returning lease_until, valid_since)
            select lease_until, valid_since <= $now - cast(? as bigint) * interval '1 microsecond',
              exists (
                select 1 from {node} where dead_at is null and lease_until <= $now and id <> ?)
            from mine""",
            Texts.micros(lease),
            node,
            Texts.micros(lease),
            node);
    return tx.changed(
        renewal.text(),
        row -> new Lease.Held(row.instant(), row.flag(), row.flag()),
        renewal.all());
  }

  @Override
  boolean exclusive(Connection connection) {
    return false;
  }

  /** The whole schema is one transaction, at whose end the lock goes. */
  @Override
  void withSchemaLock(Connection connection, SchemaWork work) throws SQLException {
    int name = prefix().toLowerCase(Locale.ROOT).hashCode();
    try (Statement statement = connection.createStatement()) {
      statement.execute("select pg_advisory_xact_lock(" + SCHEMA_LOCK + ", " + name + ")");
    }
    work.run();
  }

  @Override
  String claimable(String columns) {
    return ready(columns).replace(" limit ?", " for update skip locked limit ?");
  }

  @Override
  String unlocked(String select) {
    return select.replace(" limit ?", " for update of {run} skip locked limit ?");
  }

  @Override
  boolean isClaimableLocked() {
    return true;
  }

  @Override
  boolean hasLiteralLimits() {
    return true;
  }

  @Override
  String unlessThere() {
    return " on conflict do nothing";
  }

  @Override
  void bindInstant(PreparedStatement statement, int index, Instant instant) throws SQLException {
    statement.setObject(index, Tx.cut(instant).atOffset(ZoneOffset.UTC));
  }

  @Override
  void bindUuid(PreparedStatement statement, int index, UUID uuid) throws SQLException {
    statement.setObject(index, uuid);
  }

  @Override
  @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  @Override
  @Nullable UUID uuid(ResultSet row, int column) throws SQLException {
    return row.getObject(column, UUID.class);
  }
}
