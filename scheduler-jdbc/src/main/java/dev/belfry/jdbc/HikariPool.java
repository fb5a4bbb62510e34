// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;

/** Touched only where HikariCP is on the class path. */
final class HikariPool {
  private HikariPool() {}

  static DataSource make(String url, String user, String password) {
    var config = new HikariConfig();
    config.setPoolName("belfry");
    config.setJdbcUrl(url);
    config.setUsername(user);
    config.setPassword(password);
    config.setAutoCommit(false);
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.setValidationTimeout(1_000); // 5 s for each dead connection would cost the lease
    config.setInitializationFailTimeout(-1); // the first call says what is wrong, in our words
    return new HikariDataSource(config);
  }
}
