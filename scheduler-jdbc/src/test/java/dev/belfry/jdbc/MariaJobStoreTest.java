// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

/** MariaDB keeps every promise of a store. */
class MariaJobStoreTest extends ProductContract {
  MariaJobStoreTest() {
    super(Product.MARIADB);
  }
}
