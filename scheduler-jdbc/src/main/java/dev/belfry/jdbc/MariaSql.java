// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static java.util.Objects.requireNonNull;

import dev.belfry.run.NodeId;
import dev.belfry.store.Lease;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The SQL of MariaDB, from version 10.6 on, and of MySQL, from version 8.0.17 on. */
final class MariaSql extends Sql {
  /*
   * Isolation is set for the next transaction alone, so there is nothing to undo; at READ COMMITTED
   * there are no locks on gaps. A claim names its index: by any other it would lock all that is due.
   * Ids are 16 bytes, in their order; instants are readings of a clock in UTC.
   */
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+).*");
  private static final int[] OLDEST_MARIADB = {10, 6, 0};
  private static final int[] OLDEST_MYSQL = {8, 0, 17}; // its first collation that compares bytes

  private static final Pattern ONLY_MARIA =
      Pattern.compile("\\b(column|index) if (?:not )?exists ", Pattern.CASE_INSENSITIVE);

  /** What MySQL answers to a statement of a step that was run before: it knows no "if exists". */
  private static final Set<Integer> DONE_BEFORE =
      Set.of(1060, 1061, 1091); // there is such a column, or index, or there is none to drop

  private final boolean maria;

  private MariaSql(String prefix, boolean maria) {
    super(prefix);
    this.maria = maria;
  }

  /** Asks the server what it is, for a driver may tell the name of its own product. */
  static MariaSql of(Connection connection, String prefix) throws SQLException {
    return of(requireNonNull(first(connection, "select version()")), prefix);
  }

  static MariaSql of(String version, String prefix) {
    boolean maria = version.toLowerCase(Locale.ROOT).contains("mariadb");
    int[] oldest = maria ? OLDEST_MARIADB : OLDEST_MYSQL;
    if (isOlder(version, oldest)) {
      throw new StoreException(
          Kind.PERMANENT,
          (maria ? "MariaDB " : "MySQL ")
              + version
              + " is not supported; needed is "
              + (maria ? "10.6" : "8.0.17")
              + " or later",
          null);
    }
    return new MariaSql(prefix, maria);
  }

  private static boolean isOlder(String version, int[] oldest) {
    Matcher matcher = VERSION.matcher(version);
    for (int i = 0; matcher.matches() && i < oldest.length; i++) {
      int number = Integer.parseInt(matcher.group(i + 1));
      if (number != oldest[i]) {
        return number < oldest[i];
      }
    }
    return false;
  }

  @Override
  List<String> ddl() {
    return statements(withCollation(MariaSchema.TEXT));
  }

  @Override
  String own(Migration step) {
    String text = withCollation(step.maria());
    return maria ? text : ONLY_MARIA.matcher(text).replaceAll("$1 ");
  }

  private String withCollation(String text) {
    return text.replace("$collation", maria ? "utf8mb4_nopad_bin" : "utf8mb4_0900_bin");
  }

  @Override
  String utcClock() {
    return "utc_timestamp()";
  }

  @Override
  Undo beginMigration(Connection connection) throws SQLException {
    String limit = first(connection, "select @@session.lock_wait_timeout");
    try (Statement statement = connection.createStatement()) {
      statement.execute("set session lock_wait_timeout = 1");
    }
    return () -> {
      try (Statement statement = connection.createStatement()) {
        statement.execute("set session lock_wait_timeout = " + limit);
      }
    };
  }

  @Override
  boolean isDoneBefore(SQLException error) {
    return DONE_BEFORE.contains(error.getErrorCode());
  }

  @Override
  Begun begin(Connection connection) throws SQLException {
    return new Begun(Optional.empty(), isolate(connection));
  }

  @Override
  Undo isolate(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("set transaction isolation level read committed");
    }
    return () -> {};
  }

  @Override
  void beginAlone(Connection connection) throws SQLException {
    begin(connection);
  }

  /** Each statement has its own. */
  @Override
  Undo limit(Connection connection) {
    return () -> {};
  }

  @Override
  void checkJoinable(Connection connection) throws SQLException {
    if (connection.getTransactionIsolation() == Connection.TRANSACTION_SERIALIZABLE) {
      throw new StoreException(
          Kind.PERMANENT,
          "a SERIALIZABLE transaction of MariaDB or MySQL locks what it reads, and nodes would wait"
              + " for its end; enqueue at REPEATABLE READ or READ COMMITTED",
          null);
    }
  }

  /** Sets a limit of the statement's own, unless the connection brings one. */
  @Override
  void prepared(PreparedStatement statement) throws SQLException {
    if (statement.getQueryTimeout() == 0) {
      statement.setQueryTimeout(TIMEOUT_SECONDS);
    }
  }

  /** MariaDB's driver sends batches of inserts by a protocol that knows no INSERT … SELECT. */
  @Override
  boolean isBatchable(String text) {
    return !text.startsWith("insert ") || text.contains(" values (");
  }

  @Override
  Instant now(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("select utc_timestamp(6)");
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getObject(1, LocalDateTime.class).toInstant(ZoneOffset.UTC);
    }
  }

  @Override
  String clock() {
    return "utc_timestamp(6)";
  }

  @Override
  String partOfTime(String column, long seconds) {
    return "timestampdiff(second, '1970-01-01', " + column + ") div " + seconds;
  }

  /** There is no UPDATE … RETURNING; but what an update says to last_insert_id comes back, too. */
  @Override
  Optional<Lease.Held> renew(Tx tx, NodeId node, Duration lease) throws SQLException {
    Dated renewal =
        tx.dated(
            """
            update {node} set
              valid_since = if(lease_until > $now, least(valid_since, $now), $now),
              lease_until = date_add($now, interval ? microsecond),
              dead_at = if(last_insert_id(
                4 * timestampdiff(microsecond, '1970-01-01', lease_until)
                  + 2 * (valid_since <= date_sub($now, interval ? microsecond))
                  + (select count(*) from (
                      select 1 from {node} where dead_at is null and lease_until <= $now and id <> ?
                      limit 1) as expired)) is null, $now, null)
            where id = ? and dead_at is null""",
            Texts.micros(lease),
            Texts.micros(lease),
            node,
            node);
    return tx.updateForNumber(renewal.text(), renewal.all()).map(MariaSql::held);
  }

  private static Lease.Held held(long number) {
    Instant until = Instant.EPOCH.plus(number >> 2, ChronoUnit.MICROS);
    return new Lease.Held(until, (number & 2) > 0, (number & 1) > 0);
  }

  @Override
  boolean exclusive(Connection connection) {
    return false;
  }

  /** Each statement of a schema is committed by itself, so the lock is the connection's. */
  @Override
  void withSchemaLock(Connection connection, SchemaWork work) throws SQLException {
    String name =
        "concat('belfry ', md5(concat(database(), '."
            + prefix().toLowerCase(Locale.ROOT)
            + "')))"; // at most 64 characters
    if (!"1".equals(first(connection, "select get_lock(" + name + ", " + TIMEOUT_SECONDS + ")"))) {
      throw new SQLTimeoutException("somebody else makes the tables or died at it", "HYT00");
    }
    try {
      work.run();
    } finally {
      first(connection, "select release_lock(" + name + ")");
    }
  }

  private static @Nullable String first(Connection connection, String select) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(select)) {
      row.next();
      return row.getString(1);
    }
  }

  @Override
  String claimable(String columns) {
    return ready(columns).replace(" where ", " force index ({run_ready}) where ")
        + " for update skip locked";
  }

  @Override
  String unlocked(String select) {
    return select + " for update skip locked";
  }

  @Override
  boolean isClaimableLocked() {
    return true;
  }

  @Override
  String latest() {
    return " lock in share mode"; // a caller's transaction is REPEATABLE READ by default
  }

  @Override
  void bindUuid(PreparedStatement statement, int index, UUID uuid) throws SQLException {
    ByteBuffer bytes = ByteBuffer.allocate(16);
    bytes.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
    statement.setBytes(index, bytes.array());
  }

  @Override
  @Nullable UUID uuid(ResultSet row, int column) throws SQLException {
    byte[] bytes = row.getBytes(column);
    if (bytes == null) {
      return null;
    }
    ByteBuffer halves = ByteBuffer.wrap(bytes);
    return new UUID(halves.getLong(), halves.getLong());
  }
}
