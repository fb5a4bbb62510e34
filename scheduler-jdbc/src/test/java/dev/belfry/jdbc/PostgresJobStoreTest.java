// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

/** PostgreSQL keeps every promise of a store. */
class PostgresJobStoreTest extends ProductContract {
  PostgresJobStoreTest() {
    super(Product.POSTGRES);
  }
}
