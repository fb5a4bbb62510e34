// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The SQL of H2, version 2. Instants are kept as readings of a clock in UTC. */
final class H2Sql extends Sql {
  /*
   * No FOR UPDATE SKIP LOCKED: with ORDER BY, H2 locks and sorts every due row. A plain select,
   * ordered as its index is (columns with one value included, or H2 sorts), then a guarded update
   * by primary key. CURRENT_TIMESTAMP stands still within a transaction; ours are short.
   */
  private static final Object SCHEMA_LOCK = new Object();

  H2Sql(String prefix) {
    super(prefix);
  }

  @Override
  List<String> ddl() {
    return Arrays.stream(H2Schema.TEXT.split(";\n", 0)).map(s -> text(s.strip())).toList();
  }

  /**
   * A process that is killed at an unlucky moment leaves entries in H2's indexes, the one of the
   * primary key included, that no longer fit the rows. Made from the rows, they fit again.
   */
  @Override
  List<String> mendIndexes() {
    var statements = new ArrayList<String>();
    statements.add("alter table {run} drop primary key");
    statements.add("alter table {run} add primary key (id)");
    statements.add("drop index if exists {run_ready}");
    statements.add("drop index if exists {run_of_node}");
    Arrays.stream(H2Schema.TEXT.split(";\n", 0))
        .map(String::strip)
        .filter(statement -> statement.contains(" on {run} ("))
        .forEach(statements::add);
    return statements.stream().map(this::text).toList();
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
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select database_path()")) {
      row.next();
      String path = row.getString(1); // with AUTO_SERVER, other processes find the file beside it
      return path == null || !Files.exists(Path.of(path + ".lock.db"));
    }
  }

  /** H2 commits at each statement of a schema; those are written so that they may be repeated. */
  @Override
  void withSchemaLock(Connection connection, SchemaWork work) throws SQLException {
    synchronized (SCHEMA_LOCK) {
      work.run();
    }
  }

  @Override
  String ready(String columns) {
    return "select "
        + columns
        + " from {run} where state = 0 and held = 0 and lane = ? and due_at <= ?"
        + " order by state, held, lane, due_at, id limit ?";
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
