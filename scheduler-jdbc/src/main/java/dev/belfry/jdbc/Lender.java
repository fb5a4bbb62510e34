// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Lends the connections of a pool to our own calls, so that the renewal of a lease waits for none
 * of them, and for nobody else where the pool has two. Thread-safe.
 */
final class Lender {
  /*
   * A DataSource does not tell its size, so it is found out: once two of our calls have had a
   * connection at the same time, there are two. From then on the connection of a renewal is kept
   * for the next one, whoever exhausts the pool meanwhile, and all others just ask the pool.
   *
   * Until then, perhaps for ever, one of our calls at a time waits for the pool and the others wait
   * here, renewals first. So a renewal comes after one of us at most, however many there are.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(30); // as pools have it

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition renewalsTurn = lock.newCondition();
  private final Condition othersTurn = lock.newCondition();
  private int renewals; // that wait for their turn
  private boolean asking;
  private int lent;
  private volatile boolean several;
  private boolean keeps;
  private @Nullable Connection kept;
  private boolean keptIsLent;

  /** Returns a connection, which {@link #takeBack} ends. */
  Connection lend(DataSource pool, boolean renewal) throws SQLException {
    Connection own = renewal ? lendKept() : null;
    if (own != null) {
      return own;
    }
    return several ? pool.getConnection() : lendInTurn(pool, renewal);
  }

  private @Nullable Connection lendKept() {
    lock.lock();
    try {
      if (keptIsLent) {
        return null; // a renewal that has no answer yet; this one shall not wait for it
      }
      keptIsLent = kept != null;
      return kept;
    } finally {
      lock.unlock();
    }
  }

  private Connection lendInTurn(DataSource pool, boolean renewal) throws SQLException {
    boolean mine = awaitTurn(renewal);
    try {
      Connection connection = pool.getConnection();
      lent();
      return connection;
    } finally {
      passTurn(mine);
    }
  }

  /** Returns whether it is the caller's turn; who waited for too long asks the pool anyhow. */
  private boolean awaitTurn(boolean renewal) {
    lock.lock();
    renewals += renewal ? 1 : 0;
    try {
      long left = PATIENCE.toNanos();
      while (!several && left > 0 && (asking || (!renewal && renewals > 0))) {
        left = (renewal ? renewalsTurn : othersTurn).awaitNanos(left);
      }
      boolean mine = !asking && left > 0;
      asking |= mine;
      return mine;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the pool shall say what it thinks of that
      return false;
    } finally {
      renewals -= renewal ? 1 : 0;
      lock.unlock();
    }
  }

  private void passTurn(boolean mine) {
    lock.lock();
    try {
      asking &= !mine;
      if (asking) {
        return; // whose turn it is will pass it
      }
      if (several) {
        renewalsTurn.signalAll();
        othersTurn.signalAll();
      } else {
        (renewals > 0 ? renewalsTurn : othersTurn).signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void lent() {
    lock.lock();
    try {
      lent++;
      several |= lent > 1;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a connection back.
   *
   * @param usable whether it may be kept
   */
  void takeBack(Connection connection, boolean renewal, boolean usable) {
    if (!keep(connection, renewal && usable)) {
      giveBack(connection);
    }
  }

  @SuppressWarnings("ReferenceEquality") // of a connection there is one
  private boolean keep(Connection connection, boolean wanted) {
    lock.lock();
    try {
      boolean mine = connection == kept;
      if (mine) {
        keptIsLent = false;
      } else if (!several) {
        lent--;
      }
      if (wanted && keeps && (mine || (several && kept == null))) {
        kept = connection;
        return true;
      }
      if (mine) {
        kept = null;
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** From now on a connection may be kept. */
  void open() {
    lock.lock();
    try {
      keeps = true;
    } finally {
      lock.unlock();
    }
  }

  /** Gives back what is kept, now or after the renewal that uses it. */
  void close() {
    Connection idle;
    lock.lock();
    try {
      keeps = false;
      idle = keptIsLent ? null : kept;
      kept = idle == null ? kept : null;
    } finally {
      lock.unlock();
    }
    if (idle != null) {
      giveBack(idle);
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
}
