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

/** The one table that says what an error of a database means, and what helps against it. */
final class ErrorKinds {
  /** What helps. */
  enum Cure {
    /** The same transaction once more, at once: a rival was in the way. */
    AGAIN(Kind.RETRY),
    /** Another connection: this one is broken, or leads to a server that is going. */
    RECONNECT(Kind.UNAVAILABLE),
    /** Another connection, and a while: this one leads to a server that takes no writes. */
    MOVE(Kind.UNAVAILABLE),
    /** A while: the server has no room, or nobody knows. */
    WAIT(Kind.UNAVAILABLE),
    /** Nothing; the call is wrong. */
    NONE(Kind.PERMANENT);

    private final Kind kind;

    Cure(Kind kind) {
      this.kind = kind;
    }

    Kind kind() {
      return kind;
    }

    /** Returns whether the connection is not to be used again. */
    boolean needsOtherConnection() {
      return this == RECONNECT || this == MOVE;
    }
  }

  /*
   * By SQLSTATE, the whole or its class. H2 repeats its own codes as states from 90000 on; MySQL
   * and MariaDB hide several behind HY000 or a wrong state, so their numbers come first.
   */
  private static final Map<String, Cure> STATES =
      Map.ofEntries(
          Map.entry("40", Cure.AGAIN), // serialization, deadlock, rolled back by the database
          Map.entry("HYT00", Cure.AGAIN), // H2: lock timeout
          Map.entry("50200", Cure.AGAIN), // H2: lock timeout
          Map.entry("90112", Cure.AGAIN), // H2: row was deleted by another connection
          Map.entry("90131", Cure.AGAIN), // H2: row updated by another connection
          Map.entry("90143", Cure.AGAIN), // H2: row of an index is gone from the table
          Map.entry("57014", Cure.AGAIN), // cancelled by somebody, or by its time limit
          Map.entry("55P03", Cure.AGAIN), // PostgreSQL: lock not available
          Map.entry("08", Cure.RECONNECT), // connection
          Map.entry("57P01", Cure.RECONNECT), // PostgreSQL: ended by an administrator
          Map.entry("57P02", Cure.RECONNECT), // PostgreSQL: another process crashed
          Map.entry("57P03", Cure.RECONNECT), // PostgreSQL: starting up or shutting down
          Map.entry("57P05", Cure.RECONNECT), // PostgreSQL: idle for too long
          Map.entry("25P03", Cure.RECONNECT), // PostgreSQL: idle in transaction for too long
          Map.entry("25P04", Cure.RECONNECT), // PostgreSQL: transaction took too long
          Map.entry("90007", Cure.RECONNECT), // H2: object closed
          Map.entry("90067", Cure.RECONNECT), // H2: connection broken
          Map.entry("90098", Cure.RECONNECT), // H2: database closed
          Map.entry("90121", Cure.RECONNECT), // H2: shutting down
          Map.entry("25006", Cure.MOVE), // read-only, for instance after a fail-over
          Map.entry("90097", Cure.MOVE), // H2: read-only
          Map.entry("53", Cure.WAIT), // PostgreSQL: disk, memory, connections
          Map.entry("58", Cure.WAIT), // PostgreSQL: its files can't be read or written
          Map.entry("90028", Cure.WAIT), // H2: input, output
          Map.entry("90031", Cure.WAIT),
          Map.entry("90100", Cure.WAIT), // H2: no disk space
          Map.entry("90", Cure.NONE), // H2: all its others, second process (90020) included
          Map.entry("0A", Cure.NONE), // not supported
          Map.entry("21", Cure.NONE), // cardinality
          Map.entry("22", Cure.NONE), // data, NUL in a text included
          Map.entry("23", Cure.NONE), // constraint
          Map.entry("28", Cure.NONE), // credentials
          Map.entry("54", Cure.NONE), // PostgreSQL: beyond a limit of its own
          Map.entry("42", Cure.NONE)); // syntax, names, rights

  private static final Map<Integer, Cure> VENDOR_CODES =
      Map.ofEntries(
          Map.entry(1213, Cure.AGAIN), // MySQL, MariaDB: deadlock
          Map.entry(1205, Cure.AGAIN), // lock timeout
          Map.entry(1020, Cure.AGAIN), // row changed since it was read
          Map.entry(1317, Cure.AGAIN), // statement killed
          Map.entry(1969, Cure.AGAIN), // MariaDB: statement timeout
          Map.entry(3024, Cure.AGAIN), // MySQL: statement timeout
          Map.entry(3572, Cure.AGAIN), // lock not available
          Map.entry(1053, Cure.RECONNECT), // shutting down
          Map.entry(1927, Cure.RECONNECT), // connection killed
          Map.entry(4031, Cure.RECONNECT), // MySQL: idle for too long
          Map.entry(1290, Cure.MOVE), // read-only
          Map.entry(1792, Cure.MOVE), // read-only transaction, by a default of the server
          Map.entry(1836, Cure.MOVE), // read-only mode
          Map.entry(1021, Cure.WAIT), // disk full
          Map.entry(1114, Cure.WAIT), // table full
          Map.entry(1040, Cure.WAIT), // too many connections
          Map.entry(1203, Cure.WAIT), // too many connections of a user
          Map.entry(1226, Cure.WAIT), // a user's limit
          Map.entry(1153, Cure.NONE), // larger than max_allowed_packet
          Map.entry(1366, Cure.NONE)); // text that the column can't hold

  private ErrorKinds() {}

  /** Returns what an error means for whoever made the call. */
  static Kind of(SQLException error) {
    return cure(error).kind();
  }

  /** Returns what helps; what nobody knows may pass, so it is worth a later try. */
  static Cure cure(SQLException error) {
    String state = Objects.requireNonNullElse(error.getSQLState(), "");
    Cure cure = VENDOR_CODES.get(error.getErrorCode());
    if (cure != null) {
      return cure;
    }
    return byState(state).orElseGet(() -> isConnection(error) ? Cure.RECONNECT : causeOf(error));
  }

  /**
   * Returns what it means that no connection was to be had: whatever the reason, it is nobody's
   * fault who wanted one, so nothing is given up for it.
   */
  static Kind ofBorrowing(SQLException error) {
    Kind kind = of(error);
    return kind == Kind.PERMANENT ? Kind.UNAVAILABLE : kind;
  }

  /** Returns what an error of {@code commit} means: most leave open whether it was done. */
  static Kind ofCommit(SQLException error) {
    String state = Objects.requireNonNullElse(error.getSQLState(), "");
    return state.startsWith("40") || state.startsWith("23") ? of(error) : Kind.UNKNOWN;
  }

  /**
   * Returns what an error of a statement that commits itself means: it may have done so before its
   * connection broke.
   */
  static Kind ofAlone(SQLException error) {
    Cure cure = cure(error);
    return cure.kind() == Kind.UNAVAILABLE && cure != Cure.MOVE ? Kind.UNKNOWN : cure.kind();
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

  private static Optional<Cure> byState(String state) {
    Cure whole = STATES.get(state);
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

  private static Cure causeOf(SQLException error) {
    @Nullable Throwable cause = error.getCause();
    return cause instanceof SQLException inner ? cure(inner) : Cure.WAIT;
  }
}
