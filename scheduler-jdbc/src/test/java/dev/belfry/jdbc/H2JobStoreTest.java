// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.JobStore;
import dev.belfry.testkit.contract.JobStoreContract;
import java.time.InstantSource;
import java.util.UUID;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;

/** H2 in memory keeps every promise of a store. */
class H2JobStoreTest extends JobStoreContract {
  private final JdbcConnectionPool pool =
      JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID(), "", "");

  @Override
  protected JobStore open(InstantSource clock) {
    return JdbcJobStore.using(pool).withTime(clock);
  }

  @AfterEach
  void disposePool() {
    pool.dispose();
  }
}
