// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.store.Claimed;
import dev.belfry.store.Demand;
import dev.belfry.store.NewRun;
import dev.belfry.store.Payload;
import dev.belfry.testkit.TestClock;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;

/** An empty H2 database in memory, and short words for tests of the store in it. */
abstract class H2Base {
  static final Instant START = Instant.parse("2026-03-02T12:00:00Z");
  static final String JOB = "send-email";

  final TestClock clock = TestClock.at(START);
  final JdbcConnectionPool pool =
      JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "", "");
  private long ids;

  @AfterEach
  void dropDatabase() throws SQLException {
    execute("shutdown");
    pool.dispose();
  }

  JdbcJobStore store() {
    return JdbcJobStore.using(pool).withTime(clock);
  }

  NewRun newRun() {
    ids++;
    return NewRun.of(RunId.of(START.toEpochMilli() + ids, 0, ids), JOB, payload("{}"));
  }

  static Payload payload(String text) {
    return Payload.of("test", text.getBytes(StandardCharsets.UTF_8));
  }

  static int lane(JdbcJobStore store) {
    return store.catalog().lanes().get(0).id();
  }

  static Demand demand(JdbcJobStore store, int most) {
    return new Demand(List.of(new Demand.Quota(lane(store), most)), most);
  }

  static Claimed claimOne(JdbcJobStore store, NodeId node) {
    return store.exchange(node, List.of(), List.of(demand(store, 1))).claimed().get(0);
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  List<String> query(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      var found = new ArrayList<String>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }
}
