// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.StoreException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Runs work in transactions of its own, each on a borrowed connection. Thread-safe. */
final class Transactions {
  /*
   * A duplicate key is a lost race here: every insert looks before it writes, so whoever does it
   * again sees the other's row. A lock timeout does not abort a transaction on H2 and MySQL, hence
   * the rollback after any error.
   */
  private static final int TRIES = 8;
  private static final long FIRST_PAUSE_NANOS = 500_000;

  private final Pool pool;
  private final Sql sql;
  private final Optional<InstantSource> clock;
  private final Consumer<Tx> afterCommit;

  Transactions(Pool pool, Sql sql, Optional<InstantSource> clock, Consumer<Tx> afterCommit) {
    this.pool = pool;
    this.sql = sql;
    this.clock = clock;
    this.afterCommit = afterCommit;
  }

  /** Returns these with something else done after each commit. */
  Transactions with(Consumer<Tx> newAfterCommit) {
    return new Transactions(pool, sql, clock, newAfterCommit);
  }

  /**
   * Returns what the work returned, once that is committed.
   *
   * @param what what is done, as in "cannot … : reason"
   */
  <T> T call(String what, Work<T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return once(what, work);
      } catch (SQLException e) {
        boolean again = ErrorKinds.of(e) == Kind.RETRY || ErrorKinds.isDuplicate(e);
        if (!again || attempt == TRIES) {
          throw ErrorKinds.exception(ErrorKinds.of(e), what, e);
        }
        LockSupport.parkNanos(
            FIRST_PAUSE_NANOS << attempt); // whoever is in the way may be done then
      }
    }
  }

  /** Does the work in a transaction that the caller began and will end. */
  <T> T callWithin(Connection connection, String what, Work<T> work) {
    try (var tx = new Tx(sql, connection, clock)) {
      if (connection.getAutoCommit()) {
        throw new IllegalArgumentException(
            "the connection must not be in autocommit mode: there is no transaction to join;"
                + " call setAutoCommit(false) before");
      }
      return work.run(tx);
    } catch (SQLException e) {
      throw ErrorKinds.exception(ErrorKinds.of(e), what, e);
    }
  }

  private <T> T once(String what, Work<T> work) throws SQLException {
    Connection connection = pool.source().getConnection();
    var tx = new Tx(sql, connection, clock);
    T done;
    try (tx) {
      done = committed(connection, tx, what, work);
    } finally {
      giveBack(connection);
    }
    afterCommit.accept(tx); // a listener may use the store, so the connection is back by now
    return done;
  }

  private <T> T committed(Connection connection, Tx tx, String what, Work<T> work)
      throws SQLException {
    var settings = Settings.apply(connection, sql);
    settings.begun.now().ifPresent(tx::date);
    try {
      T done = work.run(tx);
      commit(connection, what);
      return done;
    } catch (SQLException | RuntimeException | Error e) {
      rollBack(connection, e);
      throw e;
    } finally {
      settings.restore(connection);
    }
  }

  /** Closes a connection; by then it is decided what was done, so a failure changes nothing. */
  private static void giveBack(Connection connection) {
    try {
      connection.close();
    } catch (SQLException broken) {
      // the pool's affair
    }
  }

  private static void commit(Connection connection, String what) throws SQLException {
    try {
      connection.commit();
    } catch (SQLException e) {
      Kind kind = ErrorKinds.ofCommit(e);
      if (kind == Kind.RETRY) {
        throw e;
      }
      throw ErrorKinds.exception(kind, what, e);
    }
  }

  private static void rollBack(Connection connection, Throwable reason) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  /** What a connection had before; a pool's next user shall find it so. */
  private record Settings(boolean autoCommit, Sql.Begun begun) {
    static Settings apply(Connection connection, Sql sql) throws SQLException {
      boolean autoCommit = connection.getAutoCommit();
      if (autoCommit) {
        connection.setAutoCommit(false);
      }
      return new Settings(autoCommit, sql.begin(connection));
    }

    void restore(Connection connection) {
      try {
        begun.undo().run();
        if (autoCommit) {
          connection.setAutoCommit(true);
        }
      } catch (SQLException broken) {
        // the connection is of no further use; what was done on it is decided already
      }
    }
  }

  /** Something to do in a transaction; done again from the start if a rival came first. */
  @FunctionalInterface
  interface Work<T> {
    T run(Tx tx) throws SQLException;
  }
}
