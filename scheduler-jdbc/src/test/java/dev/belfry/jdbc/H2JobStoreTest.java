// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

/** H2 in memory keeps every promise of a store. */
class H2JobStoreTest extends ProductContract {
  H2JobStoreTest() {
    super(Product.H2);
  }
}
