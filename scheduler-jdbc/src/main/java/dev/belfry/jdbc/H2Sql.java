// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.NodeId;
import dev.belfry.store.Lease;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The SQL of H2, version 2. Instants are kept as readings of a clock in UTC. */
final class H2Sql extends Sql {
  /*
   * No FOR UPDATE SKIP LOCKED: with ORDER BY, H2 locks and sorts every due row. A plain select,
   * ordered as its index is (columns with one value included, or H2 sorts), then a guarded update
   * by primary key. CURRENT_TIMESTAMP stands still within a transaction; ours are short.
   */
  private static final String RETRY = "retry:";

  private static final Object SCHEMA_LOCK = new Object();

  private static final Set<String> LOSING_COMMITS = Set.of("2.5.250", "2.5.252");

  /*
   * H2 writes a commit out table by table while other connections go on changing them. What is then
   * in the file may hold half of a transaction and no note of how to undo it, until the next commit
   * writes the rest; a process killed in between loses rows. So there is one writer at a time for
   * each file, whichever store it writes through. Fair, or a busy queue would starve a renewal.
   */
  private static final Map<String, Lock> WRITERS = new ConcurrentHashMap<>();

  private final Optional<Lock> writers;

  H2Sql(String prefix, Optional<Lock> writers) {
    super(prefix);
    this.writers = writers;
  }

  static H2Sql of(Connection connection, String prefix) throws SQLException {
    String file = file(connection);
    if (file == null) {
      return new H2Sql(prefix, Optional.empty());
    }
    requireDurable(connection.getMetaData().getDatabaseProductVersion());
    return new H2Sql(
        prefix, Optional.of(WRITERS.computeIfAbsent(file, path -> new ReentrantLock(true))));
  }

  /** Refuses an H2 that can't find its last commits again after it was killed. */
  static void requireDurable(String version) {
    String number = version.split(" ", 2)[0];
    if (LOSING_COMMITS.contains(number)) {
      throw new StoreException(
          Kind.PERMANENT,
          "H2 "
              + number
              + " loses its last commits to a file when its process is killed; use"
              + " com.h2database:h2:2.4.240",
          null);
    }
  }

  /** Returns the path of the database, however its file is accessed; null if it is in memory. */
  private static @Nullable String file(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select database_path()")) {
      row.next();
      String path = row.getString(1);
      return path != null && path.startsWith(RETRY) ? path.substring(RETRY.length()) : path;
    }
  }

  @Override
  List<String> ddl() {
    return statements(H2Schema.TEXT);
  }

  @Override
  Begun begin(Connection connection) throws SQLException {
    Undo limit = limit(connection);
    Undo isolation = isolate(connection);
    return new Begun(
        Optional.empty(),
        () -> {
          limit.run();
          isolation.run();
        });
  }

  @Override
  Undo isolate(Connection connection) throws SQLException {
    int before = connection.getTransactionIsolation();
    if (before == Connection.TRANSACTION_READ_COMMITTED) {
      return () -> {};
    }
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    return () -> connection.setTransactionIsolation(before);
  }

  @Override
  String own(Migration step) {
    return step.h2();
  }

  @Override
  String utcClock() {
    return "cast(current_timestamp(0) at time zone 'UTC' as timestamp(0))";
  }

  /** H2's own limit for locks, a second or two, is short enough. */
  @Override
  Undo beginMigration(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      int limit = statement.getQueryTimeout();
      statement.setQueryTimeout(0);
      return () -> {
        try (Statement another = connection.createStatement()) {
          another.setQueryTimeout(limit);
        }
      };
    }
  }

  /** Sets the time limit by a statement, but H2 keeps it for the whole connection. */
  @Override
  Undo limit(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (statement.getQueryTimeout() != 0) {
        return () -> {};
      }
      statement.setQueryTimeout(TIMEOUT_SECONDS);
    }
    return () -> {
      try (Statement statement = connection.createStatement()) {
        statement.setQueryTimeout(0);
      }
    };
  }

  @Override
  Optional<Lock> writers() {
    return writers;
  }

  @Override
  Instant now(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select current_timestamp(9)")) {
      row.next();
      return Tx.cut(row.getObject(1, OffsetDateTime.class).toInstant());
    }
  }

  @Override
  String clock() {
    return "cast(current_timestamp at time zone 'UTC' as timestamp(6))";
  }

  @Override
  String partOfTime(String column, long seconds) {
    return "cast(floor(extract(epoch from " + column + ") / " + seconds + ") as bigint)";
  }

  @Override
  Optional<Lease.Held> renew(Tx tx, NodeId node, Duration lease) throws SQLException {
    Dated renewal =
        tx.dated(
            """
            select lease_until, valid_since <= dateadd(microsecond, -?, cast($now as timestamp(6))),
              exists (
                select 1 from {node} where dead_at is null and lease_until <= $now and id <> ?)
            from final table (
              update {node} set
                valid_since =
                  case when lease_until > $now and valid_since < $now then valid_since else $now end,
                lease_until = dateadd(microsecond, ?, cast($now as timestamp(6)))
              where id = ? and dead_at is null)""",
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
  boolean exclusive(Connection connection) throws SQLException {
    String url = Objects.requireNonNullElse(connection.getMetaData().getURL(), "");
    if (url.startsWith("jdbc:h2:tcp:") || url.startsWith("jdbc:h2:ssl:")) {
      return false;
    }
    String path = file(connection); // with AUTO_SERVER, other processes find the file beside it
    return path == null || !Files.exists(Path.of(path + ".lock.db"));
  }

  /** H2 commits at each statement of a schema; those are written so that they may be repeated. */
  @Override
  void withSchemaLock(Connection connection, SchemaWork work) throws SQLException {
    synchronized (SCHEMA_LOCK) {
      writers.ifPresent(Lock::lock);
      try {
        work.run();
      } finally {
        writers.ifPresent(Lock::unlock);
      }
    }
  }
}
