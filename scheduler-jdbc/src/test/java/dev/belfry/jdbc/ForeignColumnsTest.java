// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import java.time.InstantSource;
import java.util.regex.Pattern;

/**
 * Every promise of a store is kept though each table has a column that this code has never heard
 * of, and has it in front: so each statement names its columns, and a later version may add some.
 */
class ForeignColumnsTest extends ProductContract {
  private static final Pattern TABLE = Pattern.compile("create table if not exists \\w+ \\(");

  ForeignColumnsTest() {
    super(Product.H2);
  }

  @Override
  protected JdbcJobStore open(InstantSource clock) {
    JdbcJobStore store = super.open(clock);
    database.execute(TABLE.matcher(store.ddl()).replaceAll("$0 foreign_column int default 7,"));
    return store;
  }
}
