// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.testkit.contract.JobStoreContract;
import java.sql.Connection;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** The promises of a store, in a database of a product. */
abstract class ProductContract extends JobStoreContract {
  final EmptyDatabase database;

  ProductContract(Product product) {
    this.database = product.open();
  }

  @Override
  protected JdbcJobStore open(InstantSource clock) {
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
