// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.JobStore;
import dev.belfry.testkit.contract.JobStoreContract;
import java.time.InstantSource;
import java.util.UUID;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;

/** A pool of one connection is enough for every promise: no call borrows two. */
class H2OneConnectionTest extends JobStoreContract {
  private final JdbcConnectionPool pool =
      JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID(), "", "");

  @Override
  protected JobStore open(InstantSource clock) {
    pool.setMaxConnections(1);
    return JdbcJobStore.using(pool).withTime(clock).withTablePrefix("One_");
  }

  @AfterEach
  void disposePool() {
    pool.dispose();
  }
}
