// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import java.nio.file.Path;

/** Starts servers. */
final class Servers {
  private Servers() {}

  /**
   * Starts a server of a product.
   *
   * @param folder where its data goes, which is deleted in the end
   */
  static Server start(Product product, Path folder) {
    return switch (product) {
      case POSTGRESQL -> PostgresServer.start(folder);
      case MARIADB -> MariaServer.start(folder);
      case H2 -> new H2Files(folder);
    };
  }
}
