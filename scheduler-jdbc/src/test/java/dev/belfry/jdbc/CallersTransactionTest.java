// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.run.EventId;
import dev.belfry.run.Unique;
import dev.belfry.store.Accepted;
import dev.belfry.store.NewEvent;
import dev.belfry.store.NewRun;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Runs that are inserted in a caller's transaction live and die with it. */
class CallersTransactionTest extends CallersBase {
  @Test
  void insert_isCommittedWithTheCallersRows() throws SQLException {
    NewRun run = newRun();
    Connection connection = begin();
    order(connection, 1);

    assertThat(insert(connection, run)).containsExactly(new Accepted.Created(run.id()));

    assertThat(connection.getAutoCommit()).isFalse();
    assertThat(store.runs(List.of(run.id()))).isEmpty();
    connection.commit();
    assertThat(store.runs(List.of(run.id()))).hasSize(1);
    assertThat(orders()).containsExactly("1");
  }

  @Test
  void within_enqueuesIfAndOnlyIfTheCallerCommits() throws SQLException {
    Job<String> mail = Job.named("mail", String.class).handler((ctx, text) -> {});
    Connection connection = begin();
    RunHandle kept = store.within(connection).enqueue(mail, "kept");
    connection.commit();
    RunHandle dropped = store.within(connection).enqueue(mail, "dropped");
    connection.rollback();

    assertThat(store.runs(List.of(kept.id(), dropped.id())))
        .singleElement()
        .satisfies(found -> assertThat(found.run().id()).isEqualTo(kept.id()));
  }

  @Test
  void enqueueAll_isAllInTheOneTransaction() throws SQLException {
    Job<Integer> job = Job.named("count", Integer.class).handler((ctx, number) -> {});
    Connection connection = begin();
    store.within(connection).enqueueAll(job, IntStream.range(0, 1_200).boxed().toList());
    connection.rollback();
    assertThat(query("select count(*) from belfry_run")).containsExactly("0");

    store.within(connection).enqueueAll(job, IntStream.range(0, 1_200).boxed().toList());
    connection.commit();

    assertThat(query("select count(*) from belfry_run")).containsExactly("1200");
  }

  @Test
  void debouncedRuns_areAmongTheNewcomersOnceTheCallerCommits() throws SQLException {
    Job<Integer> job =
        Job.named("count", Integer.class)
            .debounce(Duration.ofSeconds(1))
            .handler((ctx, number) -> {});
    Connection connection = begin();
    store.within(connection).enqueueAll(job, List.of(1, 2));
    connection.rollback();
    assertThat(query("select count(*) from belfry_newcomer")).containsExactly("0");

    store.within(connection).enqueueAll(job, List.of(1, 2));
    connection.commit();

    assertThat(query("select count(*) from belfry_newcomer")).containsExactly("2");
  }

  @Test
  void await_beforeTheCommit_findsNoRun() throws Exception {
    Job<String> mail = Job.named("mail", String.class).handler((ctx, text) -> {});
    Connection connection = begin();
    RunHandle handle = store.within(connection).enqueue(mail, "a");

    assertThat(handle.await(Duration.ofMillis(50))).isEmpty();
  }

  @Test
  void insert_isRolledBackWithTheCallersRows() throws SQLException {
    NewRun run = keyed();
    Connection connection = begin();
    insert(connection, run);
    connection.rollback();

    assertThat(store.runs(List.of(run.id()))).isEmpty();
    NewRun other = keyed();
    assertThat(store.insert(List.of(other))).containsExactly(new Accepted.Created(other.id()));
  }

  @Test
  void heldKey_leavesTheTransactionAlive() throws SQLException {
    NewRun holder = keyed();
    store.insert(List.of(holder));
    NewRun plain = newRun();
    Connection connection = begin();

    assertThat(insert(connection, keyed(), plain))
        .containsExactly(new Accepted.Existing(holder.id()), new Accepted.Created(plain.id()));
    connection.commit();

    assertThat(store.runs(List.of(plain.id()))).hasSize(1);
  }

  @Test
  void keyThatARivalTakesMeanwhile_leavesTheTransactionAlive() throws SQLException {
    NewRun late = keyed();
    NewRun plain = newRun();
    NewRun early = keyed();
    store.insert(List.of(newRun()));
    var rivals = new ArrayDeque<>(List.of(early));
    Connection connection = begin();
    Connection told =
        ToldPool.of(
            connection,
            sql -> {
              if (sql.startsWith("insert into belfry_unique_key") && !rivals.isEmpty()) {
                store.insert(List.of(rivals.remove()));
              }
            });

    assertThat(insert(told, late, plain))
        .containsExactly(new Accepted.Existing(early.id()), new Accepted.Created(plain.id()));
    connection.commit();

    assertThat(store.runs(List.of(late.id(), plain.id())))
        .extracting(found -> found.run().id())
        .containsExactly(plain.id());
  }

  @Test
  void replace_isRefused() throws SQLException {
    NewRun holder = keyed();
    store.insert(List.of(holder));
    NewRun second = newRun().withUnique(Optional.of(KEY.on(Unique.OnConflict.REPLACE)));
    Connection connection = begin();

    assertThatThrownBy(() -> insert(connection, second))
        .hasMessage(
            "run "
                + second.id()
                + " can't replace run "
                + holder.id()
                + " in a caller's transaction, which only inserts; enqueue it outside of one");
  }

  @Test
  void insertAgain_isAnsweredAsCreated() throws SQLException {
    NewRun run = newRun();
    store.insert(List.of(run));
    Connection connection = begin();

    assertThat(insert(connection, run)).containsExactly(new Accepted.Created(run.id()));
    connection.commit();
  }

  @Test
  void send_livesAndDiesWithTheCallersRows() throws SQLException {
    var event = NewEvent.of(new EventId(newRun().id().value()), "user/login", payload("{}"));
    Connection connection = begin();
    store.send(List.of(event), JdbcJobStore.transaction(connection));
    assertThat(connection.getAutoCommit()).isFalse();
    connection.rollback();
    assertThat(store.inbox(10)).isEmpty();

    store.send(List.of(event), JdbcJobStore.transaction(connection));
    assertThat(store.inbox(10)).isEmpty();
    connection.commit();

    assertThat(store.inbox(10)).hasSize(1);
  }

  @Test
  void unwrap_ofSomethingElse_isRefused() throws SQLException {
    try (Connection connection = pool.getConnection()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> JdbcJobStore.transaction(connection).unwrap(String.class))
          .withMessage(
              "a transaction of a JdbcJobStore has a java.sql.Connection, not a"
                  + " java.lang.String");
    }
  }
}
