// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** MySQL keeps every promise of a store. */
@EnabledIfEnvironmentVariable(
    named = "BELFRY_MYSQL_URL",
    matches = ".+",
    disabledReason = "no MySQL server is named by BELFRY_MYSQL_URL")
class MySqlJobStoreTest extends ProductContract {
  MySqlJobStoreTest() {
    super(Product.MYSQL);
  }
}
