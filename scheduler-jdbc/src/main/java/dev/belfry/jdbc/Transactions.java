// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.StoreException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Runs work in transactions of its own, each on a borrowed connection. Thread-safe. */
final class Transactions {
  /*
   * A duplicate key is a lost race here: every insert looks before it writes, so whoever does it
   * again sees the other's row. A lock timeout does not abort a transaction on H2 and MySQL, hence
   * the rollback after any error.
   *
   * What failed because of its connection is not repeated here, for the next one may be no better:
   * the connection is ended, so that its pool makes another, and the caller waits a little.
   */
  private static final int TRIES = 8;
  private static final long FIRST_PAUSE_NANOS = 500_000;
  private static final Duration LONGEST_AT_IT = Duration.ofSeconds(10);

  /** A server that is there has answered by then, as its own limit is shorter. */
  private static final Duration SILENCE = Duration.ofSeconds(Sql.TIMEOUT_SECONDS + 15);

  private static final Duration LEAST_SILENCE = Duration.ofSeconds(1); // a pause of a JVM, say

  private final Access access;

  Transactions(Access access) {
    this.access = access;
  }

  /** Returns these with something else done after each commit. */
  Transactions with(Consumer<Tx> newAfterCommit) {
    return new Transactions(access.with(newAfterCommit));
  }

  /**
   * Returns what the work returned, once that is committed.
   *
   * @param what what is done, as in "cannot … : reason"
   */
  <T> T call(String what, Work<T> work) {
    return call(new Call<>(what, work, Manner.TRANSACTION, SILENCE));
  }

  /** As {@link #call(String, Work)}, for a search, which may read much. */
  <T> T search(String what, Work<T> work) {
    return call(new Call<>(what, work, Manner.SEARCH, SILENCE));
  }

  /** As {@link #call(String, Work)}, for work that is one statement, which only reads. */
  <T> T read(String what, Work<T> work) {
    return call(new Call<>(what, work, Manner.READ, SILENCE));
  }

  /**
   * As {@link #call(String, Work)}, for work that is one statement, which renews a lease: on a
   * connection for which it waits less than others.
   *
   * @param lease of which an answer may take a third: by then another has been asked for
   */
  <T> T renew(String what, Duration lease, Work<T> work) {
    Duration share = lease.dividedBy(3); // so that a connection which is dead is back in time
    Duration patience = share.compareTo(LEAST_SILENCE) < 0 ? LEAST_SILENCE : share;
    return call(
        new Call<>(
            what, work, Manner.RENEWAL, patience.compareTo(SILENCE) < 0 ? patience : SILENCE));
  }

  /**
   * As {@link #call(String, Work)}, for an insert that is one statement, with all that is to be set
   * for it; empty if it met a key that is there.
   */
  <T> Optional<T> insert(String what, Work<T> work) {
    var call = new Call<>(what, work, Manner.ALONE, SILENCE);
    return repeat(
        call,
        () -> {
          try {
            return Optional.of(once(call));
          } catch (SQLException e) {
            if (ErrorKinds.isDuplicate(e)) {
              return Optional.empty();
            }
            throw e;
          }
        });
  }

  /** As {@link #call(String, Work)}, for work that is one statement, with all its settings. */
  <T> T alone(String what, Work<T> work) {
    return call(new Call<>(what, work, Manner.ALONE, SILENCE));
  }

  private <T> T call(Call<T> call) {
    return repeat(call, () -> once(call));
  }

  /** As {@link #call(String, Work)}, on a connection that stays the caller's. */
  <T> T callOn(Connection connection, String what, Work<T> work) {
    var call = new Call<>(what, work, Manner.TRANSACTION, SILENCE);
    return repeat(
        call,
        () -> {
          var tx = access.begin(connection);
          T done;
          try (tx) {
            done = committed(connection, tx, call);
          }
          access.afterCommit().accept(tx);
          return done;
        });
  }

  private static <T> T repeat(Call<?> call, Attempt<T> once) {
    Stopwatch tried = Stopwatch.start();
    for (int attempt = 1; ; attempt++) {
      try {
        return once.run();
      } catch (SQLException e) {
        boolean again = ErrorKinds.of(e) == Kind.RETRY || ErrorKinds.isDuplicate(e);
        if (!again || attempt == TRIES || tried.isPast(LONGEST_AT_IT)) {
          throw ErrorKinds.exception(call.kindOf(e), call.what, e);
        }
        LockSupport.parkNanos(
            FIRST_PAUSE_NANOS << attempt); // whoever is in the way may be done then
      }
    }
  }

  private <T> T once(Call<T> call) throws SQLException {
    boolean renewal = call.manner == Manner.RENEWAL;
    Connection connection = borrow(call.what, renewal);
    var tx = access.begin(connection);
    boolean usable = false;
    T done;
    try (tx) {
      done = committed(connection, tx, call);
      usable = true;
    } finally {
      access.pool().takeBack(connection, renewal, usable);
    }
    access
        .afterCommit()
        .accept(tx); // a listener may use the store, so the connection is back by now
    return done;
  }

  private Connection borrow(String what, boolean renewal) {
    try {
      return access.pool().lend(renewal);
    } catch (SQLException e) {
      throw ErrorKinds.exception(ErrorKinds.ofBorrowing(e), what, e);
    }
  }

  private <T> T committed(Connection connection, Tx tx, Call<T> call) throws SQLException {
    var settings = new Settings(connection);
    try {
      settings.apply(call, access.sql(), tx);
      T done = call.work.run(tx);
      access.tell(tx);
      commit(connection, call);
      return done;
    } catch (SQLException | RuntimeException | Error e) {
      abandon(connection, e);
      throw e;
    } finally {
      settings.restore();
    }
  }

  private static void commit(Connection connection, Call<?> call) throws SQLException {
    if (!call.isTransaction() && connection.getAutoCommit()) {
      return; // done by its only statement
    }
    try {
      connection.commit();
    } catch (SQLException e) {
      Kind kind = ErrorKinds.ofCommit(e);
      if (kind == Kind.RETRY) {
        throw e;
      }
      throw ErrorKinds.exception(kind, call.what, e);
    }
  }

  /**
   * Rolls back. A connection at fault is ended before; then it is the failure that tells its pool.
   */
  private static void abandon(Connection connection, Throwable reason) {
    SQLException error =
        reason instanceof SQLException sql
            ? sql
            : reason.getCause() instanceof SQLException cause ? cause : null;
    try {
      if (error != null && ErrorKinds.cure(error).needsOtherConnection()) {
        connection.abort(Runnable::run);
      }
    } catch (SQLException unsupported) {
      reason.addSuppressed(unsupported);
    }
    rollBack(connection, reason);
  }

  static void rollBack(Connection connection, Throwable reason) {
    try {
      if (!connection.getAutoCommit()) {
        connection.rollback();
      }
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  /** How something is done. */
  private enum Manner {
    TRANSACTION,
    SEARCH,
    READ,
    RENEWAL,
    ALONE
  }

  /**
   * Something to do.
   *
   * @param silence how long a server may be silent before its connection counts as lost
   */
  private record Call<T>(String what, Work<T> work, Manner manner, Duration silence) {
    boolean isTransaction() {
      return manner == Manner.TRANSACTION || manner == Manner.SEARCH;
    }

    Kind kindOf(SQLException error) {
      boolean writesAlone = manner == Manner.RENEWAL || manner == Manner.ALONE;
      return writesAlone ? ErrorKinds.ofAlone(error) : ErrorKinds.of(error);
    }
  }

  /** What a connection had before; a pool's next user shall find it so. */
  static final class Settings {
    private final Connection connection;
    private boolean autoCommit;
    private Sql.Undo others = () -> {};
    private Sql.Undo silence = () -> {};

    Settings(Connection connection) {
      this.connection = connection;
    }

    private void apply(Call<?> call, Sql sql, Tx tx) throws SQLException {
      limitSilence(Math.toIntExact(call.silence.toMillis()));
      if (call.manner == Manner.RENEWAL) {
        sql.beginAlone(connection);
      }
      if (!call.isTransaction()) {
        return;
      }
      leaveAutoCommit();
      Sql.Begun begun =
          call.manner == Manner.SEARCH ? sql.beginSearch(connection) : sql.beginShort(connection);
      others = begun.undo();
      begun.now().ifPresent(tx::date);
    }

    /** Begins a transaction in which others' statements come first. */
    Settings isolate(Sql sql) throws SQLException {
      leaveAutoCommit();
      others = sql.isolate(connection);
      return this;
    }

    private void leaveAutoCommit() throws SQLException {
      if (connection.getAutoCommit()) {
        autoCommit = true;
        connection.setAutoCommit(false);
      }
    }

    /** Bounds the wait for an answer that never comes, unless there is a tighter bound. */
    private void limitSilence(int millis) throws SQLException {
      try {
        int before = connection.getNetworkTimeout();
        if (before == 0 || before > millis) {
          connection.setNetworkTimeout(Runnable::run, millis);
          silence = () -> connection.setNetworkTimeout(Runnable::run, before);
        }
      } catch (SQLFeatureNotSupportedException none) {
        // then the engine's own patience bounds it
      }
    }

    void restore() {
      try {
        others.run();
        if (autoCommit) {
          connection.setAutoCommit(true);
        }
        silence.run();
      } catch (SQLException broken) {
        // the connection is of no further use; what was done on it is decided already
      }
    }
  }

  /** Sets something for one transaction, the first thing in it. */
  @FunctionalInterface
  interface Setting {
    Sql.Undo set(Connection connection) throws SQLException;
  }

  /** One try. */
  @FunctionalInterface
  private interface Attempt<T> {
    T run() throws SQLException;
  }

  /** Something to do in a transaction; done again from the start if a rival came first. */
  @FunctionalInterface
  interface Work<T> {
    T run(Tx tx) throws SQLException;
  }
}
