// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

/**
 * Where a database is.
 *
 * @param server the process id of its server, whose children count with it; 0 if it is in the
 *     process of its user
 */
record Place(Product product, String url, long server) {
  static Place of(Message message) {
    return new Place(
        Product.valueOf(message.text("product")), message.text("url"), message.number("server"));
  }

  /** Returns the name of the database in the URL of a server. */
  String database() {
    return url.replaceFirst(".*/([a-z0-9_]+)\\?.*", "$1");
  }

  Message addTo(Message message) {
    return message.with("product", product.name()).with("url", url).with("server", server);
  }
}
