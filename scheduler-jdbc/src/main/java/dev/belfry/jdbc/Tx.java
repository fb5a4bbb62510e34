// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** One short transaction: its connection, its statements, its instant, its news. One thread. */
final class Tx implements AutoCloseable {
  private static final String FOR_UPDATE = " for update";
  private static final String PLAIN_INSERT = " values (";
  private static final String LIMIT = " limit ?";
  private static final int[] SIZES = {1, 4, 16, 64, 256};

  private final Sql sql;
  private final Connection connection;
  private final Optional<InstantSource> clock;
  private final Map<String, PreparedStatement> statements = new HashMap<>();
  private final Map<Integer, Instant> lanes = new HashMap<>();
  private boolean catalog;
  private boolean writes;
  private @Nullable Instant now;

  Tx(Sql sql, Connection connection, Optional<InstantSource> clock) {
    this.sql = sql;
    this.connection = connection;
    this.clock = clock;
  }

  Sql sql() {
    return sql;
  }

  /**
   * Takes the clock over that was read with the beginning, unless this store has one of its own.
   */
  void date(Instant read) {
    if (clock.isEmpty()) {
      now = read;
    }
  }

  /** Returns the database's clock, read once: everything that a transaction dates has one time. */
  Instant now() throws SQLException {
    Instant read = now;
    if (read == null) {
      read = clock.isPresent() ? ownNow().orElseThrow() : sql.now(connection);
      now = read;
    }
    return read;
  }

  /** Returns the database's clock as it is, for what others have ended since this one began. */
  Instant present() throws SQLException {
    Optional<Instant> own = ownNow();
    return own.isPresent() ? own.get() : sql.now(connection);
  }

  /** Returns the reading of this store's own clock, if it has one. */
  Optional<Instant> ownNow() {
    return clock.map(own -> cut(own.instant()));
  }

  /** Returns a statement that reads the clock itself, at each {@code $now} of its text. */
  Dated dated(String template, @Nullable Object... args) {
    return Dated.of(template, ownNow(), sql.clock(), args);
  }

  /** Returns what {@link #now()} has returned, if it was called. */
  Optional<Instant> dated() {
    return Optional.ofNullable(now);
  }

  /** Cuts to what every database can keep; never rounds up, so that nothing comes early. */
  static Instant cut(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MICROS);
  }

  <T> List<T> list(String text, Row.Reader<T> reader, @Nullable Object... args)
      throws SQLException {
    if (sql.hasLiteralLimits() && text.endsWith(LIMIT)) {
      int last = args.length - 1;
      return rows(
          text.substring(0, text.length() - 1) + args[last], reader, Arrays.copyOf(args, last));
    }
    return rows(text, reader, args);
  }

  private <T> List<T> rows(String text, Row.Reader<T> reader, @Nullable Object[] args)
      throws SQLException {
    if (text.endsWith(FOR_UPDATE)) {
      write();
    }
    var found = new ArrayList<T>();
    PreparedStatement statement = prepare(text);
    sql.bindAll(statement, args);
    try (ResultSet result = statement.executeQuery()) {
      var row = new Row(sql, result);
      while (row.next()) {
        found.add(reader.read(row));
      }
    }
    return found;
  }

  <T> Optional<T> first(String text, Row.Reader<T> reader, @Nullable Object... args)
      throws SQLException {
    return list(text, reader, args).stream().findFirst();
  }

  /** As {@link #first}, of a statement that changes what it selects. */
  <T> Optional<T> changed(String text, Row.Reader<T> reader, @Nullable Object... args)
      throws SQLException {
    write();
    return rows(text, reader, args).stream().findFirst();
  }

  /** Runs an update that sets {@code last_insert_id}; empty if it met no row. */
  Optional<Long> updateForNumber(String text, @Nullable Object... args) throws SQLException {
    write();
    try (PreparedStatement statement =
        connection.prepareStatement(sql.text(text), Statement.RETURN_GENERATED_KEYS)) {
      sql.prepared(statement);
      sql.bindAll(statement, args);
      if (statement.executeUpdate() == 0) {
        return Optional.empty();
      }
      try (ResultSet keys = statement.getGeneratedKeys()) {
        keys.next();
        return Optional.of(keys.getLong(1));
      }
    }
  }

  boolean exists(String text, @Nullable Object... args) throws SQLException {
    return !list(text, Row::number, args).isEmpty();
  }

  /**
   * Runs a select whose text holds {@code in (*)} and no other parameter before it. Lists are
   * padded to a few sizes, so that a database sees few texts.
   */
  <T> List<T> listIn(
      String text, Row.Reader<T> reader, Collection<?> keys, @Nullable Object... args)
      throws SQLException {
    var found = new ArrayList<T>();
    for (List<Object> chunk : chunks(keys)) {
      var bound = new ArrayList<@Nullable Object>(chunk);
      bound.addAll(Arrays.asList(args));
      found.addAll(list(text.replace("(*)", marks(chunk.size())), reader, bound.toArray()));
    }
    return found;
  }

  /** Runs an update whose text ends with {@code in (*)}; each key must be that of one row. */
  void updateIn(String text, Collection<?> keys, @Nullable Object... args) throws SQLException {
    int changed = 0;
    for (List<Object> chunk : chunks(keys)) {
      var bound = new ArrayList<@Nullable Object>(Arrays.asList(args));
      bound.addAll(chunk);
      changed += update(text.replace("(*)", marks(chunk.size())), bound.toArray());
    }
    requireOne(changed == keys.size() ? 1 : 0);
  }

  /** Cuts keys into lists of a few sizes, the last one filled up with its last key. */
  private static List<List<Object>> chunks(Collection<?> keys) {
    var all = new ArrayList<Object>(keys);
    int most = SIZES[SIZES.length - 1];
    var chunks = new ArrayList<List<Object>>();
    for (int from = 0; from < all.size(); from += most) {
      var chunk = new ArrayList<>(all.subList(from, Math.min(all.size(), from + most)));
      int size = Arrays.stream(SIZES).filter(s -> s >= chunk.size()).findFirst().orElseThrow();
      while (chunk.size() < size) {
        chunk.add(chunk.get(chunk.size() - 1));
      }
      chunks.add(chunk);
    }
    return chunks;
  }

  private static String marks(int count) {
    return "(" + "?, ".repeat(count - 1) + "?)";
  }

  int update(String text, @Nullable Object... args) throws SQLException {
    write();
    PreparedStatement statement = prepare(text);
    sql.bindAll(statement, args);
    return statement.executeUpdate();
  }

  /** Runs an update that gives the clock before it. */
  void updateDated(String text, @Nullable Object... args) throws SQLException {
    executeDated(text, args);
  }

  /** Runs an update that gives the clock, and then rows. */
  <T> List<T> listDated(String text, Row.Reader<T> reader, @Nullable Object... args)
      throws SQLException {
    var found = new ArrayList<T>();
    try (ResultSet result = executeDated(text, args).getResultSet()) {
      var row = new Row(sql, result);
      while (row.next()) {
        found.add(reader.read(row));
      }
    }
    return found;
  }

  private PreparedStatement executeDated(String text, @Nullable Object... args)
      throws SQLException {
    write();
    PreparedStatement statement = prepare(text);
    sql.bindAll(statement, args);
    statement.execute();
    try (ResultSet clock = statement.getResultSet()) {
      clock.next();
      date(new Row(sql, clock).instant());
    }
    statement.getMoreResults(); // reports the error of what comes next, if it has one
    return statement;
  }

  /** Runs an insert; returns whether it did so, and leaves the transaction alive if it did not. */
  boolean insertUnlessThere(String text, @Nullable Object... args) throws SQLException {
    try {
      return update(text + sql.unlessThere(), args) == 1;
    } catch (SQLException e) {
      if (ErrorKinds.isDuplicate(e)) {
        return false;
      }
      throw e;
    }
  }

  /** Runs an insert whose text ends with the marks of its one row, for all rows at once. */
  void insertAll(String text, List<@Nullable Object[]> rows) throws SQLException {
    int values = text.lastIndexOf('(');
    int from = 0;
    for (int i = SIZES.length - 1; i >= 0; i--) {
      for (; rows.size() - from >= SIZES[i]; from += SIZES[i]) {
        var bound = new ArrayList<@Nullable Object>();
        rows.subList(from, from + SIZES[i]).forEach(row -> bound.addAll(Arrays.asList(row)));
        String more = (", " + text.substring(values)).repeat(SIZES[i] - 1);
        update(text + more, bound.toArray());
      }
    }
  }

  /** Runs one statement for many rows; returns the rows changed by each. */
  int[] batch(String text, List<@Nullable Object[]> rows) throws SQLException {
    if (rows.isEmpty()) {
      return new int[0];
    }
    if (!sql.isBatchable(text)) {
      return oneByOne(text, rows);
    }
    write();
    PreparedStatement statement = prepare(text);
    for (@Nullable Object[] row : rows) {
      sql.bindAll(statement, row);
      statement.addBatch();
    }
    try {
      int[] counts = statement.executeBatch();
      if (!text.contains(PLAIN_INSERT)) { // whose rows all go in, or none
        requireKnown(counts);
      }
      return counts;
    } catch (BatchUpdateException e) {
      throw e.getNextException() == null ? e : e.getNextException();
    }
  }

  private int[] oneByOne(String text, List<@Nullable Object[]> rows) throws SQLException {
    var counts = new int[rows.size()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = update(text, rows.get(i));
    }
    return counts;
  }

  /** Refuses a driver that keeps to itself what a fence or a guard has let through. */
  private static void requireKnown(int[] counts) {
    if (Arrays.stream(counts).anyMatch(count -> count == Statement.SUCCESS_NO_INFO)) {
      throw new StoreException(
          Kind.PERMANENT,
          "the driver does not tell how many rows each statement of a batch has changed; leave its"
              + " options for batches as they are by default (MariaDB: useBulkStmts=false)",
          null);
    }
  }

  /** As {@link #batch}, where each must change one row; else everything is done again. */
  void batchOfOnes(String text, List<@Nullable Object[]> rows) throws SQLException {
    for (int count : batch(text, rows)) {
      requireOne(count);
    }
  }

  /** Has the transaction done again if a row has changed since it was read. */
  void requireOne(int count) throws SQLException {
    if (count != 1) {
      throw new SQLTransactionRollbackException("a row changed since it was read", "40001");
    }
  }

  /** Waits for its turn, where only one transaction may write; a row lock is a write, too. */
  void write() {
    if (!writes) {
      sql.writers().ifPresent(Lock::lock);
      writes = true;
    }
  }

  private PreparedStatement prepare(String template) throws SQLException {
    PreparedStatement statement = statements.get(template);
    if (statement == null) {
      statement = connection.prepareStatement(sql.text(template));
      sql.prepared(statement);
      statements.put(template, statement);
    }
    return statement;
  }

  /** Notes that a run became ready, of which those who listen hear after the commit. */
  void ready(int lane, Instant due) throws SQLException {
    now(); // the hint tells it
    lanes.merge(lane, due, (one, other) -> one.isBefore(other) ? one : other);
  }

  /** Notes the same of runs that somebody else in this transaction has inserted. */
  void ready(Map<Integer, Instant> others) throws SQLException {
    for (Map.Entry<Integer, Instant> lane : others.entrySet()) {
      ready(lane.getKey(), lane.getValue());
    }
  }

  /** Lets the catalog's version grow; all nodes will look. */
  void catalogChanged() throws SQLException {
    if (!catalog) {
      requireOne(update("update {meta} set number = number + 1 where name = 'catalog'"));
      catalog = true;
    }
  }

  Map<Integer, Instant> readyLanes() {
    return lanes;
  }

  boolean isCatalogChanged() {
    return catalog;
  }

  @Override
  public void close() {
    for (PreparedStatement statement : statements.values()) {
      try {
        statement.close();
      } catch (SQLException broken) {
        // by then it is decided what was done
      }
    }
    if (writes) {
      sql.writers().ifPresent(Lock::unlock);
      writes = false;
    }
  }
}
