// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that run on each product in turn. */
@ParameterizedClass
@MethodSource("dev.belfry.jdbc.Product#tested")
abstract class DatabaseTest extends StoreBase {
  @Parameter private Product product;

  @Override
  Product product() {
    return product;
  }
}
