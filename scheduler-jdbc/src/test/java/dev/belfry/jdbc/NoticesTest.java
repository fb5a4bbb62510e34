// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.Target;
import dev.belfry.store.Due;
import dev.belfry.store.Hint;
import dev.belfry.store.JobStore.Subscription;
import dev.belfry.store.PauseChange;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A store hears at once, through PostgreSQL, what stores of other processes have for it. */
class NoticesTest extends StoreBase {
  private static final String LISTENING =
      "select pid from pg_stat_activity where query = 'listen \"%s_news\"' and state = 'idle'";

  private final BlockingQueue<Hint> heard = new LinkedBlockingQueue<>();
  private JdbcJobStore here;
  private JdbcJobStore elsewhere;
  private Subscription listening;
  private String prefix;
  private Instant now;

  @Override
  Product product() {
    return Product.POSTGRES;
  }

  @BeforeEach
  void listen() {
    prefix = query("select current_schema").get(0); // what listens to the server are all its tests
    here = notified();
    elsewhere = notified();
    elsewhere.insert(List.of(newRun()));
    clock.advance(Duration.ofSeconds(1)); // else the lane was told of a moment ago
    now = clock.instant();
    listening = here.onHint(heard::add);
    awaitListener();
  }

  @AfterEach
  void stop() {
    listening.close();
  }

  private JdbcJobStore notified() {
    return store()
        .withTablePrefix(prefix + "_")
        .withNotifications(PostgresServer.shared().source(prefix, "postgres"));
  }

  private void awaitListener() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (query(LISTENING.formatted(prefix)).isEmpty()) {
      assertThat(System.nanoTime()).as("nobody listens after 30 s").isLessThan(deadline);
    }
  }

  private void awaitNobody() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!query(LISTENING.formatted(prefix)).isEmpty()) {
      assertThat(System.nanoTime()).as("somebody listens after 30 s").isLessThan(deadline);
    }
  }

  private @Nullable Hint next() throws InterruptedException {
    return heard.poll(30, TimeUnit.SECONDS);
  }

  @Test
  void insert_isHeardElsewhere_withLaneAndDueTime_andTwice() throws Exception {
    elsewhere.insert(List.of(newRun().withDue(new Due.After(Duration.ofMillis(1_500)))));

    Hint hint = new Hint(now, Map.of(lane(here), now.plusMillis(1_500)), false);
    assertThat(next()).isEqualTo(hint);
    assertThat(next()).as("for what came in the gap between two notices").isEqualTo(hint);
  }

  @Test
  void whatIsDueLater_andWhatThisStoreDoesItself_isNotTold() throws Exception {
    elsewhere.insert(List.of(newRun().withDue(new Due.After(Duration.ofSeconds(3)))));
    here.insert(List.of(newRun()));
    assertThat(next()).as("heard in the process itself").isNotNull();
    elsewhere.pause(List.of(new PauseChange(Target.all(), true, "test")));

    assertThat(next()).isEqualTo(new Hint(now, Map.of(), true));
  }

  @Test
  void enqueueInACallersTransaction_isHeardAfterItsCommit_inTheSameStoreToo() throws Exception {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      here.insert(List.of(newRun()), JdbcJobStore.transaction(connection));
      connection.rollback();
      here.insert(List.of(newRun()), JdbcJobStore.transaction(connection));
      assertThat(heard).isEmpty();
      connection.commit();
    }

    Hint hint = new Hint(now, Map.of(lane(here), now), false);
    assertThat(List.of(next(), next())).as("one notice").containsExactly(hint, hint);
  }

  @Test
  void connectionThatBreaks_isReplaced() throws Exception {
    query("select pg_terminate_backend(" + query(LISTENING.formatted(prefix)).get(0) + ")");
    awaitNobody();
    awaitListener();

    elsewhere.insert(List.of(newRun()));

    assertThat(next()).isEqualTo(new Hint(now, Map.of(lane(here), now), false));
  }

  @Test
  void lastListener_takesTheConnectionWithIt() {
    listening.close();

    awaitNobody();
    listening = here.onHint(heard::add);
    awaitListener();
  }
}
