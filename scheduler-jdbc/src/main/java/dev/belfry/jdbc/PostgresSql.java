// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
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

  /** READ COMMITTED comes first, as it must; a limit of the connection's own stays. */
  private static final String BEGIN =
      "set transaction isolation level read committed;"
          + " select set_config('statement_timeout', '"
          + TIMEOUT_SECONDS
          + "s', true) where current_setting('statement_timeout') = '0'";

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

  @Override
  List<String> ddl() {
    return statements(PostgresSchema.TEXT);
  }

  @Override
  String own(Migration step) {
    return step.postgres();
  }

  @Override
  String utcClock() {
    return "date_trunc('second', current_timestamp at time zone 'UTC')";
  }

  /** Both settings end with the transaction. */
  @Override
  Undo beginMigration(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("set local statement_timeout = 0; set local lock_timeout = '1s'");
    }
    return () -> {};
  }

  /** Both settings end with the transaction. */
  @Override
  Undo begin(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(BEGIN);
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
  boolean exclusive(Connection connection) {
    return false;
  }

  /** The lock goes at the end of the transaction; all of version 1 is one. */
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
  boolean isClaimableLocked() {
    return true;
  }

  @Override
  boolean hasLiteralLimits() {
    return true;
  }

  /** Here the planner knows how many rows have which value, if it sees the column. */
  @Override
  String unsorted(String column) {
    return column;
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
