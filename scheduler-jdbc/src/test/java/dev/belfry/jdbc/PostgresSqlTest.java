// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a transaction on PostgreSQL begins with, and which versions will do. */
class PostgresSqlTest extends StoreBase {
  private final Sql sql = new PostgresSql("belfry_");
  private Connection connection;

  @Override
  Product product() {
    return Product.POSTGRES;
  }

  @BeforeEach
  void connect() throws SQLException {
    pool.setMaxConnections(2);
    connection = pool.getConnection();
    connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
    connection.setAutoCommit(false);
  }

  private String show(String setting) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("show " + setting)) {
      row.next();
      return row.getString(1);
    }
  }

  @Test
  void begin_holdsForOneTransaction() throws SQLException {
    sql.begin(connection);

    assertThat(show("transaction_isolation")).isEqualTo("read committed");
    assertThat(show("statement_timeout")).isEqualTo("30s");
    connection.commit();
    assertThat(show("transaction_isolation")).isEqualTo("serializable");
    assertThat(show("statement_timeout")).isEqualTo("0");
  }

  @Test
  void begin_leavesALimitOfTheUsersOwn() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("set statement_timeout = '5s'");
    }
    connection.commit();

    sql.begin(connection);

    assertThat(show("statement_timeout")).isEqualTo("5s");
  }

  @Test
  void now_goesOnWithinATransaction() throws SQLException {
    sql.begin(connection);

    Instant first = sql.now(connection);

    assertThat(sql.now(connection)).isAfter(first);
  }

  @Test
  void statementThatTakesTooLong_isRetried() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("set statement_timeout = '1ms'");

      assertThatThrownBy(() -> statement.execute("select pg_sleep(10)"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(ErrorKinds.of(e)).isEqualTo(Kind.RETRY));
    }
  }

  @Test
  void olderVersion_isRefused() {
    var about =
        Proxies.of(
            DatabaseMetaData.class,
            (method, arguments) ->
                method.getName().equals("getDatabaseMajorVersion") ? (Object) 12 : "12.22");
    Connection old = Proxies.of(Connection.class, (method, arguments) -> about);

    assertThatThrownBy(() -> PostgresSql.of(old, "belfry_"))
        .isInstanceOf(StoreException.class)
        .hasMessage("PostgreSQL 12.22 is not supported; needed is 13 or later");
  }
}
