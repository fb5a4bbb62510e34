// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Does work in a transaction that the caller began and will end. For the caller's thread. */
final class CallersTransaction {
  private final Connection connection;
  private final Access access;

  CallersTransaction(Connection connection, Access access) {
    this.connection = connection;
    this.access = access;
  }

  /** Returns whether a connection is in autocommit mode, so that there is none to join. */
  static boolean isMissing(Connection connection) {
    try {
      return connection.getAutoCommit();
    } catch (SQLException e) {
      throw ErrorKinds.exception(ErrorKinds.of(e), "use the caller's connection", e);
    }
  }

  /**
   * Returns what the work returned. Of work that failed nothing is left, and the caller may go on
   * with the transaction, unless the database itself has given it up.
   */
  <T> T call(String what, Transactions.Work<T> work) {
    Sql sql = access.sql();
    try (var tx = access.begin(connection)) {
      Optional<BodyConnection> body = BodyConnection.behind(connection);
      if (body.isEmpty()) { // else it is a transaction of ours
        sql.checkJoinable(connection);
      }
      Savepoint before = sql.needsSavepoint(connection) ? connection.setSavepoint() : null;
      T done = undone(tx, work, before);
      if (before != null) {
        connection.releaseSavepoint(before);
      }
      if (body.isPresent()) {
        body.get().ready(tx.readyLanes());
      } else {
        access.tellAll(tx);
      }
      return done;
    } catch (SQLException e) {
      throw exception(what, e);
    }
  }

  private <T> T undone(Tx tx, Transactions.Work<T> work, @Nullable Savepoint before)
      throws SQLException {
    try {
      return work.run(tx);
    } catch (SQLException | RuntimeException | Error e) {
      if (before != null) {
        undo(before, e);
      }
      throw e;
    }
  }

  private void undo(Savepoint before, Throwable reason) {
    try {
      connection.rollback(before);
    } catch (SQLException gone) { // a deadlock has rolled back all of it, savepoints included
      reason.addSuppressed(gone);
    }
  }

  private static StoreException exception(String what, SQLException e) {
    boolean passing = ErrorKinds.of(e) == Kind.RETRY || ErrorKinds.isDuplicate(e);
    StoreException exception = ErrorKinds.exception(ErrorKinds.of(e), what, e);
    return passing
        ? new StoreException(
            Kind.RETRY, exception.getMessage() + "; roll back and do your transaction again", e)
        : exception;
  }
}
