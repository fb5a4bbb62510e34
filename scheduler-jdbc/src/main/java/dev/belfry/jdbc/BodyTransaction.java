// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.NodeId;
import dev.belfry.store.MemoWrite;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import dev.belfry.store.TransactionCall;
import dev.belfry.store.Verdict;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Commits what the body of a transaction does together with its memo. Thread-safe. */
final class BodyTransaction {
  /*
   * The memo comes last: after a statement that failed, and whose exception the body has swallowed,
   * a driver's commit() returns normally on PostgreSQL though everything was rolled back; the
   * memo's statements do not. Until then no row of ours is locked. Nothing is done again here, as
   * that would call the body again.
   */
  private static final String WHAT = "commit a transaction with its memo";
  private static final String GIVEN_UP = "25P02";

  private final Access access;

  BodyTransaction(Access access) {
    this.access = access;
  }

  <X extends Exception> Verdict run(
      NodeId node, TransactionCall<? super Connection, MemoWrite, X> body) throws X {
    Connection connection = ours("begin a transaction", () -> access.pool().lend(false));
    var tx = access.begin(connection);
    boolean usable = false;
    Verdict verdict;
    try (tx) {
      verdict = inSettings(connection, tx, node, body);
      usable = true;
    } finally {
      access.pool().takeBack(connection, false, usable);
    }
    if (verdict == Verdict.APPLIED) {
      access.afterCommit().accept(tx);
    }
    return verdict;
  }

  private <X extends Exception> Verdict inSettings(
      Connection connection,
      Tx tx,
      NodeId node,
      TransactionCall<? super Connection, MemoWrite, X> body)
      throws X {
    var settings = new Transactions.Settings(connection);
    var handed = new BodyConnection(connection);
    try {
      ours("begin a transaction", () -> settings.isolate(access.sql()));
      tx.write(); // what the body does is a write, too
      MemoWrite memo = call(handed, body);
      return ours(WHAT, () -> finish(connection, tx, node, memo, handed.readyLanes()));
    } catch (Throwable e) {
      Transactions.rollBack(connection, e); // whose connection was at fault, only the body knows
      throw e;
    } finally {
      settings.restore();
    }
  }

  private static <X extends Exception> MemoWrite call(
      BodyConnection handed, TransactionCall<? super Connection, MemoWrite, X> body) throws X {
    try {
      return body.call(handed.proxy());
    } finally {
      handed.end();
    }
  }

  private Verdict finish(
      Connection connection, Tx tx, NodeId node, MemoWrite memo, Map<Integer, Instant> ready)
      throws SQLException {
    Sql.Undo limit = access.sql().limit(connection);
    try {
      tx.ready(ready);
      Verdict verdict = new Memos(tx).record(node, List.of(memo)).get(0);
      if (verdict == Verdict.APPLIED) {
        access.tell(tx);
        commit(connection);
      } else {
        connection.rollback();
      }
      return verdict;
    } finally {
      undo(limit);
    }
  }

  /** Undoes a setting; if that fails, the connection is of no use, and all is decided already. */
  private static void undo(Sql.Undo setting) {
    try {
      setting.run();
    } catch (SQLException broken) {
      // the next user of the connection will see
    }
  }

  private static void commit(Connection connection) throws SQLException {
    try {
      connection.commit();
    } catch (SQLException e) {
      throw ErrorKinds.exception(ErrorKinds.ofCommit(e), WHAT, e);
    }
  }

  /** Makes a call of ours, whose errors are not the body's. */
  private static <T> T ours(String what, Call<T> call) {
    try {
      return call.run();
    } catch (SQLException e) {
      if (GIVEN_UP.equals(e.getSQLState())) {
        throw new StoreException(
            Kind.PERMANENT,
            "cannot commit a transaction with its memo: a statement in it has failed, and so the"
                + " database has given up all of it; let the exception of that statement out of the"
                + " body, or go back to a savepoint from before it",
            e);
      }
      throw ErrorKinds.exception(ErrorKinds.of(e), what, e);
    }
  }

  @FunctionalInterface
  private interface Call<T> {
    T run() throws SQLException;
  }
}
