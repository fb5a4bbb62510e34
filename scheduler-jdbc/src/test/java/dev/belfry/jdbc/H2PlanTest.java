// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.NodeId;
import dev.belfry.store.Due;
import dev.belfry.store.NodeCard;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** H2 reads no more than it must. */
class H2PlanTest extends StoreBase {
  private static final NodeCard CARD = new NodeCard("node", "test", Set.of(JOB));

  @Override
  Product product() {
    return Product.H2;
  }

  @Test
  void claim_readsItsIndexAlone_howeverManyRunsLieInTheFuture() throws SQLException {
    JdbcJobStore store = store();
    var future = new Due.After(Duration.ofDays(1));
    for (int i = 0; i < 300; i++) {
      store.insert(Stream.generate(() -> newRun().withDue(future)).limit(1_000).toList());
    }
    store.insert(Stream.generate(this::newRun).limit(100).toList());
    var sql = new H2Sql("belfry_", Optional.empty());
    String select = sql.text(sql.ready("id")).replaceFirst("\\?", "" + lane(store));
    String bound =
        select
            .replaceFirst("\\?", "timestamp '1000-01-01 00:00:00'")
            .replaceFirst("\\?", "timestamp '2026-03-02 12:00:00'")
            .replaceFirst("\\?", "100");

    String plan = query("explain analyze " + bound).get(0);

    assertThat(plan)
        .contains("/* PUBLIC.BELFRY_RUN_READY: LANE = 1")
        .contains("/* scanCount: 100 */")
        .contains("/* index sorted */");
    NodeId node = store.join(CARD, Duration.ofSeconds(9));
    var exchanged = store.exchange(node, List.of(), List.of(demand(store, 100)));
    assertThat(exchanged.claimed()).hasSize(100);
    assertThat(exchanged.nextDue()).isEqualTo(Map.of(lane(store), START.plus(future.delay())));
  }
}
