// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.StoreTransaction;
import java.sql.Connection;

/** A transaction that the caller began on a connection. */
record JoinedTransaction(Connection connection) implements StoreTransaction {
  @Override
  public <C> C unwrap(Class<C> resource) {
    if (resource.isInstance(connection)) {
      return resource.cast(connection);
    }
    throw new IllegalArgumentException(
        "a transaction of a JdbcJobStore has a java.sql.Connection, not a " + resource.getName());
  }
}
