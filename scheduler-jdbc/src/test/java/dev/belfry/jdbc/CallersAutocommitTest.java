// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.Job;
import dev.belfry.run.Unique;
import dev.belfry.store.Accepted;
import dev.belfry.store.Hint;
import dev.belfry.store.NewRun;
import dev.belfry.store.Payload;
import dev.belfry.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a connection in autocommit mode each call is a transaction of its own. */
class CallersAutocommitTest extends CallersBase {
  private static final Job<Integer> COUNT =
      Job.named("count", Integer.class).handler((ctx, number) -> {});

  private Connection connection;

  @BeforeEach
  void connect() throws SQLException {
    connection = pool.getConnection();
    assertThat(connection.getAutoCommit()).isTrue();
  }

  @AfterEach
  void disconnect() throws SQLException {
    connection.close();
  }

  @Test
  void enqueue_isCommittedWhenItReturns() throws SQLException {
    var handle = store.within(connection).enqueue(COUNT, 1);

    assertThat(store.runs(List.of(handle.id()))).hasSize(1);
    assertThat(connection.getAutoCommit()).isTrue();
  }

  @Test
  void enqueueAll_isOneCommit() throws SQLException {
    store.within(connection).enqueue(COUNT, 0); // makes the lane
    var commits = new ArrayList<String>();
    Connection watched = ToldPool.watched(connection, "commit", commits::add);

    store.within(watched).enqueueAll(COUNT, IntStream.range(0, 1_200).boxed().toList());

    assertThat(commits).containsExactly("commit");
    assertThat(connection.getAutoCommit()).isTrue();
    assertThat(query("select count(*) from belfry_run")).containsExactly("1201");
  }

  @Test
  void groupThatIsRefused_leavesNothing() throws SQLException {
    NewRun good = keyed();
    NewRun tooLarge =
        NewRun.of(newRun().id(), JOB, Payload.of("test", new byte[Payload.MAX_BYTES + 1]));

    assertThatThrownBy(() -> insert(connection, good, tooLarge))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "input of run " + tooLarge.id() + " has 1048577 bytes; at most 1048576 are allowed");

    assertThat(connection.getAutoCommit()).isTrue();
    assertThat(store.runs(List.of(good.id()))).isEmpty();
    NewRun other = keyed();
    assertThat(insert(connection, other)).containsExactly(new Accepted.Created(other.id()));
  }

  @Test
  void insert_wakesTheNodesOfThisStore() {
    insert(connection, newRun()); // makes the lane
    var hints = new ArrayList<Hint>();
    store.onHint(hints::add);

    insert(connection, newRun());

    assertThat(hints).extracting(Hint::due).containsExactly(Map.of(lane(store), START));
  }

  @Test
  void replace_replaces() {
    NewRun old = keyed();
    NewRun young = newRun().withUnique(Optional.of(KEY.on(Unique.OnConflict.REPLACE)));
    insert(connection, old);

    assertThat(insert(connection, young)).containsExactly(new Accepted.Created(young.id()));

    assertThat(store.runs(List.of(old.id())).get(0).run().status().name()).isEqualTo("CANCELLED");
  }

  @Test
  void isolationOfTheConnection_staysAsItWas() throws SQLException {
    int before = connection.getTransactionIsolation();
    connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);

    insert(connection, newRun());

    assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
    connection.setTransactionIsolation(before);
  }
}
