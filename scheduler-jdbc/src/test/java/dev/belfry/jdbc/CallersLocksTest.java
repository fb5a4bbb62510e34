// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.Counters;
import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.run.Unique;
import dev.belfry.store.Accepted;
import dev.belfry.store.Claimed;
import dev.belfry.store.Ending;
import dev.belfry.store.Lease;
import dev.belfry.store.NewRun;
import dev.belfry.store.NodeCard;
import dev.belfry.store.Outcome;
import dev.belfry.store.PassReport;
import dev.belfry.store.Purged;
import dev.belfry.store.Retention;
import dev.belfry.store.Verdict;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A caller's transaction may stay open for as long as it likes: no node waits for it. All is done
 * on one thread here, so that whoever waited would wait for ever.
 */
@Timeout(120)
class CallersLocksTest extends CallersBase {
  private static final Duration LEASE = Duration.ofSeconds(9);
  private static final Unique WINDOW = Unique.within(Duration.ofHours(1), "window");

  private NodeId node;
  private Connection connection;

  @BeforeEach
  void joinAndBegin() throws SQLException {
    node = join();
    connection = begin();
  }

  private NodeId join() {
    return store.join(new NodeCard("node", "test", Set.of(JOB)), LEASE);
  }

  private NewRun keyed(String key) {
    return newRun().withUnique(Optional.of(Unique.whileActive(key)));
  }

  private Verdict complete(Claimed claimed) {
    var report = new PassReport(Duration.ZERO, Duration.ZERO, Counters.NONE, Map.of(), "");
    var outcome =
        new Outcome(claimed.id(), claimed.fence(), new Ending.Completed(payload("null")), report);
    return store.exchange(node, List.of(outcome), List.of()).verdicts().get(0);
  }

  /** Does in the open transaction whatever a caller may do there. */
  private void enqueueAllSorts(RunId holder) {
    NewRun next = newRun().withUnique(Optional.of(WINDOW));
    NewRun known = newRun();
    store.insert(List.of(known));

    assertThat(insert(connection, newRun(), keyed("mine"), keyed("held"), known))
        .element(2)
        .isEqualTo(new Accepted.Existing(holder));
    assertThat(insert(connection, next)).containsExactly(new Accepted.Created(next.id()));
  }

  @Test
  void openTransaction_holdsUpNoNode() throws SQLException {
    NewRun holder = keyed("held");
    store.insert(List.of(newRun().withUnique(Optional.of(WINDOW))));
    Claimed old = claimOne(store, node);
    complete(old);
    store.insert(List.of(holder));
    Claimed held = claimOne(store, node);
    clock.advance(Duration.ofHours(2));
    NodeId reaper = join();

    enqueueAllSorts(holder.id());

    // Renewal, claim, the end of the run whose key was asked for, and the clean-up of its history.
    assertThat(store.renew(node, LEASE)).isInstanceOf(Lease.Held.class);
    assertThat(complete(held)).isEqualTo(Verdict.APPLIED);
    Claimed claimed = claimOne(store, node);
    assertThat(complete(claimed)).isEqualTo(Verdict.APPLIED);
    clock.advance(Duration.ofDays(2));
    assertThat(store.purge(new Retention(Duration.ofDays(1), Duration.ofDays(1)), 100))
        .isEqualTo(new Purged(3, false));
    // Another enqueue, with a key and without, in a transaction of its own and in another caller's.
    assertThat(store.insert(List.of(newRun(), keyed("other"), keyed("held"))))
        .allMatch(Accepted.Created.class::isInstance);
    try (Connection another = pool.getConnection()) {
      another.setAutoCommit(false);
      store.insert(List.of(keyed("another")), JdbcJobStore.transaction(another));
      another.commit();
      another.setAutoCommit(true);
    }
    // What rarely happens: a node is declared dead, another leaves.
    store.renew(reaper, LEASE);
    assertThat(store.leave(reaper)).isTrue();

    connection.commit();
    assertThat(query("select held_key from belfry_unique_key order by held_key"))
        .containsExactly("another", "held", "mine", "other", "window");
  }

  @Test
  void sameKey_waitsForTheCaller_andIsFreeAfterARollback() throws Exception {
    insert(connection, keyed("k"));
    NewRun rival = keyed("k");
    var answer = CompletableFuture.supplyAsync(() -> store.insert(List.of(rival)));

    connection.rollback();

    assertThat(answer.get(60, TimeUnit.SECONDS)).containsExactly(new Accepted.Created(rival.id()));
  }

  @Test
  void sameKey_waitsForTheCaller_andIsHeldAfterACommit() throws Exception {
    NewRun mine = keyed("k");
    insert(connection, mine);
    var answer = CompletableFuture.supplyAsync(() -> store.insert(List.of(keyed("k"))));

    connection.commit();

    assertThat(answer.get(60, TimeUnit.SECONDS)).containsExactly(new Accepted.Existing(mine.id()));
  }
}
