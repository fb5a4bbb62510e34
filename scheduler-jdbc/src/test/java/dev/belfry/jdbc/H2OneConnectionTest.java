// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.JobStore;
import dev.belfry.testkit.contract.JobStoreContract;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;

/** A pool of one connection is enough for every promise: no call borrows two. */
class H2OneConnectionTest extends JobStoreContract {
  private final JdbcConnectionPool pool =
      JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "", "");

  @Override
  protected JobStore open(InstantSource clock) {
    pool.setMaxConnections(1);
    return JdbcJobStore.using(pool).withTime(clock).withTablePrefix("One_");
  }

  @Override
  protected Optional<Resource<?>> resource() {
    return Optional.of(new Resource<>(Connection.class, JdbcJobStore::transaction));
  }

  @AfterEach
  void dropDatabase() throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("shutdown");
    }
    pool.dispose();
  }
}
