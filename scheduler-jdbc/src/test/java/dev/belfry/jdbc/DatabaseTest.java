// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that run on each product in turn. */
@ParameterizedClass
@EnumSource
abstract class DatabaseTest extends StoreBase {
  @Parameter private Product product;

  @Override
  Product product() {
    return product;
  }
}
