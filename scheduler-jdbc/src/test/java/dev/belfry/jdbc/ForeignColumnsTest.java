// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.JobStore;
import dev.belfry.testkit.contract.JobStoreContract;
import java.sql.Connection;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;

/**
 * Every promise of a store is kept though each table has a column that this code has never heard
 * of, and has it in front: so each statement names its columns, and a later version may add some.
 */
class ForeignColumnsTest extends JobStoreContract {
  private static final Pattern TABLE = Pattern.compile("create table if not exists \\w+ \\(");

  private final EmptyDatabase database = Product.H2.open();

  @Override
  protected JobStore open(InstantSource clock) {
    JdbcJobStore store = JdbcJobStore.using(database.pool()).withTime(clock);
    database.execute(TABLE.matcher(store.ddl()).replaceAll("$0 foreign_column int default 7,"));
    return store;
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
