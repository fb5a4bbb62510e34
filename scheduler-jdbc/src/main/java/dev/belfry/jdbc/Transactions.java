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
    return repeat(what, () -> once(what, work));
  }

  /** As {@link #call}, on a connection that stays the caller's. */
  <T> T callOn(Connection connection, String what, Work<T> work) {
    return repeat(
        what,
        () -> {
          var tx = new Tx(sql, connection, clock);
          T done;
          try (tx) {
            done = committed(connection, tx, what, work);
          }
          afterCommit.accept(tx);
          return done;
        });
  }

  private static <T> T repeat(String what, Attempt<T> once) {
    for (int attempt = 1; ; attempt++) {
      try {
        return once.run();
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
    var settings = Settings.apply(connection, sql::begin);
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
  static void giveBack(Connection connection) {
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

  static void rollBack(Connection connection, Throwable reason) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  /** Undoes a setting; if that fails, the connection is of no use, and all is decided already. */
  static void undo(Sql.Undo setting) {
    try {
      setting.run();
    } catch (SQLException broken) {
      // the next user of the connection will see
    }
  }

  /** What a connection had before; a pool's next user shall find it so. */
  record Settings(boolean autoCommit, Sql.Undo others) {
    static Settings apply(Connection connection, Setting setting) throws SQLException {
      boolean autoCommit = connection.getAutoCommit();
      if (autoCommit) {
        connection.setAutoCommit(false);
      }
      try {
        return new Settings(autoCommit, setting.set(connection));
      } catch (SQLException e) {
        new Settings(autoCommit, () -> {}).restore(connection);
        throw e;
      }
    }

    void restore(Connection connection) {
      undo(others);
      if (autoCommit) {
        undo(() -> connection.setAutoCommit(true));
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
