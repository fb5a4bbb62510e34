// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** The statements of plain JDBC on one product. */
interface RawQueue {
  /** Before all ids. */
  UUID START = new UUID(0, 0);

  static RawQueue on(Product product) {
    return product == Product.POSTGRESQL ? new RawPostgres() : new RawPortable(product);
  }

  /** Returns statements that make its table differ from Belfry's. */
  String changes();

  /** Returns statements that fill it with runs of tomorrow and runs of another node. */
  String crowd(int future, int running);

  /** Returns how many threads drain best on two processors that the server needs, too. */
  int threads();

  /** Inserts runs, due now, in one commit. */
  void insert(Connection connection, List<UUID> ids, String input) throws SQLException;

  /**
   * Claims runs in one commit, behind the ones claimed before, from which their columns are read.
   *
   * @param finished what is deleted in the same commit
   */
  Batch claim(Connection connection, UUID node, int most, List<UUID> finished, Batch behind)
      throws SQLException;

  /** Keeps what a step returned, in one commit. */
  void keep(Connection connection, UUID run, String step, String value) throws SQLException;

  /** Deletes runs in one commit. */
  void delete(Connection connection, List<UUID> ids) throws SQLException;

  /**
   * Runs claimed together.
   *
   * @param due the due time of the last one, as text
   * @param last the last one
   */
  record Batch(List<UUID> ids, String due, UUID last) {
    public Batch {
      ids = List.copyOf(ids);
    }
  }

  /** Returns the batch before all others. */
  static Batch before(Product product) {
    return new Batch(
        List.of(), product == Product.POSTGRESQL ? "-infinity" : "1970-01-01 00:00:00", START);
  }
}
