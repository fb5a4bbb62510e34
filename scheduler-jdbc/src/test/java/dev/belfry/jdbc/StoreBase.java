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
import java.time.Instant;
import java.util.List;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An empty database, and short words for tests of the store in it. */
abstract class StoreBase {
  static final Instant START = Instant.parse("2026-03-02T12:00:00Z");
  static final String JOB = "send-email";

  final TestClock clock = TestClock.at(START);

  EmptyDatabase database;
  JdbcConnectionPool pool;
  private long ids;

  abstract Product product();

  @BeforeEach
  void openDatabase() {
    database = product().open();
    pool = database.pool();
  }

  @AfterEach
  void dropDatabase() {
    database.close();
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

  void execute(String sql) {
    database.execute(sql);
  }

  List<String> query(String sql) {
    return database.query(sql);
  }
}
