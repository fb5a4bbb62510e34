// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import java.util.Locale;
import java.util.stream.Stream;

/** A kind of database. */
enum Product {
  POSTGRESQL("PostgreSQL"),
  MARIADB("MariaDB"),
  H2("H2");

  private final String title;

  Product(String title) {
    this.title = title;
  }

  /** Returns the name on the command line. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  String title() {
    return title;
  }

  static Stream<Product> all() {
    return Stream.of(values());
  }
}
