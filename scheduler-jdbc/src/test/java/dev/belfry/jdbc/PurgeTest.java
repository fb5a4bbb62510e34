// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.EventId;
import dev.belfry.run.NodeId;
import dev.belfry.store.Claimed;
import dev.belfry.store.Ending;
import dev.belfry.store.NewEvent;
import dev.belfry.store.NodeCard;
import dev.belfry.store.Outcome;
import dev.belfry.store.PassReport;
import dev.belfry.store.Purged;
import dev.belfry.store.Retention;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Clean-up takes as much as one short transaction can, and says what is left. */
class PurgeTest extends DatabaseTest {
  private static final Retention DAY = new Retention(Duration.ofDays(1), Duration.ofDays(1));
  private static final NodeCard CARD = new NodeCard("node", "test", Set.of(JOB));

  private JdbcJobStore withEndedRuns(int count) {
    JdbcJobStore store = store();
    store.insert(Stream.generate(this::newRun).limit(count).toList());
    NodeId node = store.join(CARD, Duration.ofSeconds(9));
    List<Outcome> ends = new ArrayList<>();
    for (Claimed claimed :
        store.exchange(node, List.of(), List.of(demand(store, count))).claimed()) {
      var done = new Ending.Completed(payload("null"));
      ends.add(new Outcome(claimed.id(), claimed.fence(), done, PassReport.NOT_STARTED));
    }
    store.exchange(node, ends, List.of());
    clock.advance(Duration.ofDays(2));
    return store;
  }

  /** Cleans up in a transaction in which each look at the clock takes so long. */
  private Purged purge(Duration eachLook) throws SQLException {
    var nanos = new AtomicLong();
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      try (var tx = new Tx(Sql.of(connection, "belfry_"), connection, Optional.of(clock))) {
        Purged purged = new Purge(tx, DAY, 200, () -> nanos.getAndAdd(eachLook.toNanos())).run();
        connection.commit();
        return purged;
      } finally {
        connection.setAutoCommit(true);
      }
    }
  }

  private int count(String table) {
    return Integer.parseInt(query("select count(*) from belfry_" + table).get(0));
  }

  @Test
  void slowDeletes_endTheBatchEarly() throws SQLException {
    withEndedRuns(100);

    assertThat(purge(Duration.ofMillis(600))).isEqualTo(new Purged(24, true)); // 16, then 8
    assertThat(count("history")).isEqualTo(76);
    assertThat(purge(Duration.ofMinutes(1))).isEqualTo(new Purged(16, true));
    assertThat(purge(Duration.ZERO)).isEqualTo(new Purged(60, false));
    assertThat(count("history")).isZero();
  }

  @Test
  void whatBelongsToARun_goesBeforeItsHistory() throws SQLException {
    JdbcJobStore store = withEndedRuns(1);
    List<String> deletes = new ArrayList<>();

    JdbcJobStore.using(ToldPool.of(pool, sql -> deletes.add(sql.replaceAll(" where .*", ""))))
        .withTime(clock)
        .purge(DAY, 10);

    assertThat(deletes)
        .containsSubsequence(
            "delete from belfry_memo",
            "delete from belfry_wait",
            "delete from belfry_payload",
            "delete from belfry_run_key",
            "delete from belfry_history");
    assertThat(store.purge(DAY, 10)).isEqualTo(new Purged(0, false));
  }

  @Test
  void oldStatistics_goAThousandMinutesAtATime() throws SQLException {
    withEndedRuns(1);
    for (int i = 0; i < 3; i++) {
      String minute = "timestamp '2025-01-0" + (i + 1) + " 00:00:00'";
      String later = product().later(minute, "i.n");
      execute(
          "insert into belfry_rollup (job, at_minute, node, completed, failed, timed_out,"
              + " cancelled, skipped, total, longest) select job, "
              + later
              + ", node, 1, 0, 0, 0, 0, 0, 0 from (select * from belfry_rollup limit 1) r"
              + " cross join "
              + product().numbers(500));
    }

    assertThat(purge(Duration.ZERO)).isEqualTo(new Purged(1, true));
    assertThat(count("rollup")).isEqualTo(501);
    assertThat(purge(Duration.ZERO)).isEqualTo(new Purged(0, false));
    assertThat(count("rollup")).isEqualTo(1);
  }

  @Test
  void oldEvents_goAThousandAtATime() throws SQLException {
    store()
        .send(
            Stream.generate(
                    () -> NewEvent.of(new EventId(UUID.randomUUID()), "login", payload("{}")))
                .limit(1_500)
                .toList());
    execute("delete from belfry_inbox"); // they are delivered
    clock.advance(Duration.ofDays(9));

    assertThat(purge(Duration.ZERO)).isEqualTo(new Purged(0, true));
    assertThat(count("event")).isEqualTo(500);
    assertThat(purge(Duration.ZERO)).isEqualTo(new Purged(0, false));
    assertThat(count("event")).isZero();
  }
}
