// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.JobStore;
import dev.belfry.testkit.contract.JobStoreContract;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;

/** MariaDB keeps every promise of a store. */
class MariaJobStoreTest extends JobStoreContract {
  private final EmptyDatabase database = Product.MARIADB.open();

  @Override
  protected JobStore open(InstantSource clock) {
    return JdbcJobStore.using(database.pool()).withTime(clock);
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }
}
