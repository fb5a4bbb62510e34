// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.Unique;
import dev.belfry.store.Accepted;
import dev.belfry.store.NewRun;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An open store, a table of a caller, and short words for what a caller does. */
abstract class CallersBase extends DatabaseTest {
  static final Unique KEY = Unique.whileActive("k");

  JdbcJobStore store;
  private final List<Connection> begun = new ArrayList<>();

  @BeforeEach
  void openStore() {
    execute("create table orders (id int primary key)");
    store = store();
    store.open();
  }

  @AfterEach
  void giveBack() throws SQLException {
    for (Connection connection : begun) {
      connection.rollback();
      connection.setAutoCommit(true);
      connection.close();
    }
  }

  /** Begins a transaction, which is rolled back after the test if it is still open then. */
  Connection begin() throws SQLException {
    Connection connection = pool.getConnection();
    begun.add(connection);
    connection.setAutoCommit(false);
    return connection;
  }

  static void order(Connection connection, int id) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("insert into orders values (" + id + ")");
    }
  }

  List<String> orders() {
    return query("select id from orders order by id");
  }

  List<Accepted> insert(Connection connection, NewRun... runs) {
    return store.insert(List.of(runs), JdbcJobStore.transaction(connection));
  }

  NewRun keyed() {
    return newRun().withUnique(Optional.of(KEY));
  }
}
