// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The one table that says what an error of a database means. */
final class ErrorKinds {
  /*
   * By SQLSTATE, the whole or its class. H2 repeats its own codes as states from 90000 on; MySQL
   * and MariaDB hide several behind HY000 or a wrong state, so their numbers come first.
   */
  private static final Map<String, Kind> STATES =
      Map.ofEntries(
          Map.entry("40", Kind.RETRY), // serialization, deadlock, rolled back by the database
          Map.entry("HYT00", Kind.RETRY), // H2: lock timeout
          Map.entry("50200", Kind.RETRY), // H2: lock timeout
          Map.entry("90112", Kind.RETRY), // H2: row was deleted by another connection
          Map.entry("90131", Kind.RETRY), // H2: row updated by another connection
          Map.entry("90143", Kind.RETRY), // H2: row of an index is gone from the table
          Map.entry("57014", Kind.RETRY), // statement timeout
          Map.entry("55P03", Kind.RETRY), // PostgreSQL: lock not available
          Map.entry("08", Kind.UNAVAILABLE), // connection
          Map.entry("53", Kind.UNAVAILABLE), // PostgreSQL: disk, memory, connections
          Map.entry("57P01", Kind.UNAVAILABLE), // PostgreSQL: shutting down
          Map.entry("57P02", Kind.UNAVAILABLE),
          Map.entry("57P03", Kind.UNAVAILABLE),
          Map.entry("25P03", Kind.UNAVAILABLE), // PostgreSQL: idle in transaction too long
          Map.entry("25006", Kind.UNAVAILABLE), // read-only, for instance after a fail-over
          Map.entry("90007", Kind.UNAVAILABLE), // H2: object closed
          Map.entry("90028", Kind.UNAVAILABLE), // H2: input, output
          Map.entry("90031", Kind.UNAVAILABLE),
          Map.entry("90067", Kind.UNAVAILABLE), // H2: connection broken
          Map.entry("90097", Kind.UNAVAILABLE), // H2: read-only
          Map.entry("90098", Kind.UNAVAILABLE), // H2: database closed
          Map.entry("90100", Kind.UNAVAILABLE), // H2: no disk space
          Map.entry("90121", Kind.UNAVAILABLE), // H2: shutting down
          Map.entry("90", Kind.PERMANENT), // H2: all its others, second process (90020) included
          Map.entry("0A", Kind.PERMANENT), // not supported
          Map.entry("21", Kind.PERMANENT), // cardinality
          Map.entry("22", Kind.PERMANENT), // data
          Map.entry("23", Kind.PERMANENT), // constraint
          Map.entry("28", Kind.PERMANENT), // credentials
          Map.entry("54", Kind.PERMANENT), // PostgreSQL: beyond a limit of its own
          Map.entry("42", Kind.PERMANENT)); // syntax, names, rights

  private static final Map<Integer, Kind> VENDOR_CODES =
      Map.ofEntries(
          Map.entry(1213, Kind.RETRY), // MySQL, MariaDB: deadlock
          Map.entry(1205, Kind.RETRY), // lock timeout
          Map.entry(1020, Kind.RETRY), // row changed since it was read
          Map.entry(1317, Kind.RETRY), // statement killed
          Map.entry(1969, Kind.RETRY), // MariaDB: statement timeout
          Map.entry(3024, Kind.RETRY), // MySQL: statement timeout
          Map.entry(3572, Kind.RETRY), // lock not available
          Map.entry(1203, Kind.UNAVAILABLE), // too many connections of a user
          Map.entry(1226, Kind.UNAVAILABLE), // a user's limit
          Map.entry(1290, Kind.UNAVAILABLE), // read-only
          Map.entry(1836, Kind.UNAVAILABLE),
          Map.entry(1927, Kind.UNAVAILABLE), // connection killed
          Map.entry(1153, Kind.PERMANENT), // larger than max_allowed_packet
          Map.entry(1366, Kind.PERMANENT)); // text that the column can't hold

  private ErrorKinds() {}

  /** Returns what an error means; one that nobody knows may pass, so it is worth a later try. */
  static Kind of(SQLException error) {
    String state = Objects.requireNonNullElse(error.getSQLState(), "");
    Kind kind = VENDOR_CODES.get(error.getErrorCode());
    if (kind != null) {
      return kind;
    }
    return byState(state).orElseGet(() -> isConnection(error) ? Kind.UNAVAILABLE : causeOf(error));
  }

  /** Returns what an error of {@code commit} means: most leave open whether it was done. */
  static Kind ofCommit(SQLException error) {
    String state = Objects.requireNonNullElse(error.getSQLState(), "");
    return state.startsWith("40") || state.startsWith("23") ? of(error) : Kind.UNKNOWN;
  }

  /** Returns whether a row with the same key is there already. */
  static boolean isDuplicate(SQLException error) {
    String state = error.getSQLState();
    return "23505".equals(state)
        || ("23000".equals(state) && error.getErrorCode() == 1062); // MySQL, MariaDB
  }

  /** Returns whether a table is missing. */
  static boolean isNoTable(SQLException error) {
    String state = Objects.requireNonNullElse(error.getSQLState(), "");
    return state.startsWith("42S0") || state.equals("42P01");
  }

  /** Returns whether a right is missing. */
  static boolean isNoRight(SQLException error) {
    String state = Objects.requireNonNullElse(error.getSQLState(), "");
    return state.equals("42501") // PostgreSQL
        || state.equals("90096") // H2
        || (state.equals("42000") && Set.of(1044, 1142).contains(error.getErrorCode()));
  }

  static StoreException exception(Kind kind, String what, SQLException error) {
    return new StoreException(
        kind,
        "cannot " + what + ": " + error.getMessage() + " (SQLState " + error.getSQLState() + ")",
        error);
  }

  private static Optional<Kind> byState(String state) {
    Kind whole = STATES.get(state);
    if (whole != null || state.length() < 2) {
      return Optional.ofNullable(whole);
    }
    return Optional.ofNullable(STATES.get(state.substring(0, 2)));
  }

  private static boolean isConnection(SQLException error) {
    return error instanceof SQLTransientConnectionException
        || error instanceof SQLNonTransientConnectionException
        || error instanceof SQLRecoverableException;
  }

  private static Kind causeOf(SQLException error) {
    @Nullable Throwable cause = error.getCause();
    return cause instanceof SQLException inner ? of(inner) : Kind.UNAVAILABLE;
  }
}
