// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.JobStore;
import dev.belfry.testkit.contract.JobStoreContract;
import java.sql.Connection;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** MySQL keeps every promise of a store. */
@EnabledIfEnvironmentVariable(
    named = "BELFRY_MYSQL_URL",
    matches = ".+",
    disabledReason = "no MySQL server is named by BELFRY_MYSQL_URL")
class MySqlJobStoreTest extends JobStoreContract {
  private final EmptyDatabase database = Product.MYSQL.open();

  @Override
  protected JobStore open(InstantSource clock) {
    return JdbcJobStore.using(database.pool()).withTime(clock);
  }

  @Override
  protected Optional<Resource<?>> resource() {
    return Optional.of(new Resource<>(Connection.class, JdbcJobStore::transaction));
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }
}
