// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What every transaction on a database needs, whoever begins it.
 *
 * @param pool where connections come from
 * @param sql the words of the database
 * @param clock in place of the database's own, if any
 * @param notices tell other processes, where there is a way
 * @param afterCommit tells this process
 */
record Access(
    Pool pool,
    Sql sql,
    Optional<InstantSource> clock,
    Optional<Notices> notices,
    Consumer<Tx> afterCommit) {
  Access with(Consumer<Tx> newAfterCommit) {
    return new Access(pool, sql, clock, notices, newAfterCommit);
  }

  Tx begin(Connection connection) {
    return new Tx(sql, connection, clock);
  }

  /** Tells other processes of what a transaction has made ready, once it is committed. */
  void tell(Tx tx) throws SQLException {
    if (notices.isPresent()) {
      notices.get().tell(tx);
    }
  }

  /** As {@link #tell}, of a transaction whose commit this process does not see. */
  void tellAll(Tx tx) throws SQLException {
    if (notices.isPresent()) {
      notices.get().tellAll(tx);
    }
  }
}
