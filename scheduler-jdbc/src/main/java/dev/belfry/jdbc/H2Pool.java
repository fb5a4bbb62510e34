// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;

/** Touched only where H2 is on the class path. */
final class H2Pool {
  private H2Pool() {}

  static DataSource make(String url) {
    return JdbcConnectionPool.create(url, "", "");
  }

  static void close(DataSource pool) {
    ((JdbcConnectionPool) pool).dispose();
  }
}
