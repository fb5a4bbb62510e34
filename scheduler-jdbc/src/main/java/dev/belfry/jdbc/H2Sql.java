// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
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

  /** Returns the path of the database; null if it is in memory. */
  private static @Nullable String file(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select database_path()")) {
      row.next();
      return row.getString(1);
    }
  }

  @Override
  List<String> ddl() {
    return statements(H2Schema.TEXT);
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
  Undo begin(Connection connection) throws SQLException {
    int isolation = connection.getTransactionIsolation();
    int limit;
    try (Statement statement = connection.createStatement()) {
      limit = statement.getQueryTimeout();
      if (limit == 0) {
        statement.setQueryTimeout(TIMEOUT_SECONDS);
      }
    }
    if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    }
    return () -> {
      if (limit == 0) {
        try (Statement statement = connection.createStatement()) {
          statement.setQueryTimeout(0);
        }
      }
      if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
        connection.setTransactionIsolation(isolation);
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

  @Override
  void bindInstant(PreparedStatement statement, int index, Instant instant) throws SQLException {
    statement.setObject(index, LocalDateTime.ofInstant(Tx.cut(instant), ZoneOffset.UTC));
  }

  @Override
  void bindUuid(PreparedStatement statement, int index, UUID uuid) throws SQLException {
    statement.setObject(index, uuid);
  }

  @Override
  @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    LocalDateTime reading = row.getObject(column, LocalDateTime.class);
    return reading == null ? null : reading.toInstant(ZoneOffset.UTC);
  }

  @Override
  @Nullable UUID uuid(ResultSet row, int column) throws SQLException {
    return row.getObject(column, UUID.class);
  }
}
