// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.run.Unique;
import dev.belfry.store.Accepted;
import dev.belfry.store.NewRun;
import dev.belfry.store.Payload;
import dev.belfry.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A caller's savepoints hold for what was enqueued, and a call that fails leaves nothing. */
class CallersSavepointTest extends CallersBase {
  private Connection connection;

  @BeforeEach
  void beginOne() throws SQLException {
    connection = begin();
  }

  private static NewRun large(NewRun run, int bytes) {
    return NewRun.of(run.id(), JOB, Payload.of("test", new byte[bytes])).withUnique(run.unique());
  }

  private List<Boolean> exist(NewRun... runs) {
    return Stream.of(runs).map(run -> !store.runs(List.of(run.id())).isEmpty()).toList();
  }

  @Test
  void rollbackToASavepoint_takesBackWhatWasEnqueuedAfterIt() throws SQLException {
    NewRun before = newRun();
    NewRun after = large(keyed(), 5_000);
    NewRun last = keyed();
    order(connection, 1);
    insert(connection, before);
    Savepoint savepoint = connection.setSavepoint();
    order(connection, 2);
    insert(connection, after);

    connection.rollback(savepoint);
    assertThat(insert(connection, last))
        .containsExactly(new Accepted.Created(last.id())); // the key is free
    order(connection, 3);
    connection.commit();

    assertThat(exist(before, after, last)).containsExactly(true, false, true);
    assertThat(orders()).containsExactly("1", "3");
    assertThat(query("select count(*) from belfry_payload")).containsExactly("0");
  }

  @Test
  void releasedSavepoint_keepsWhatWasEnqueuedAfterIt() throws SQLException {
    NewRun run = keyed();
    Savepoint savepoint = connection.setSavepoint("mine");
    insert(connection, run);
    connection.releaseSavepoint(savepoint);
    connection.commit();

    assertThat(exist(run)).containsExactly(true);
  }

  @Test
  void groupThatIsRefused_leavesNothingAndTheTransactionGoesOn() throws SQLException {
    NewRun good = keyed();
    NewRun tooLarge = large(newRun(), Payload.MAX_BYTES + 1);
    NewRun other = keyed();
    order(connection, 1);

    assertThatThrownBy(() -> insert(connection, good, tooLarge))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "input of run " + tooLarge.id() + " has 1048577 bytes; at most 1048576 are allowed");
    assertThat(insert(connection, other)).containsExactly(new Accepted.Created(other.id()));
    connection.commit();

    assertThat(exist(good, tooLarge, other)).containsExactly(false, false, true);
    assertThat(orders()).containsExactly("1");
  }

  @Test
  void replacementThatIsRefused_leavesNothingAndTheTransactionGoesOn() throws SQLException {
    NewRun holder = keyed();
    store.insert(List.of(holder));
    NewRun first = newRun().withUnique(Optional.of(Unique.whileActive("a")));
    NewRun second = newRun().withUnique(Optional.of(KEY.on(Unique.OnConflict.REPLACE)));

    assertThatThrownBy(() -> insert(connection, first, second)).isInstanceOf(StoreException.class);
    connection.commit();

    assertThat(exist(first, second)).containsExactly(false, false);
    assertThat(query("select held_key from belfry_unique_key")).containsExactly("k");
  }

  /** The one error that a look could not foresee: another inserts the same id in between. */
  @Test
  void idThatARivalInsertsMeanwhile_leavesTheTransactionAlive() throws SQLException {
    store.insert(List.of(newRun()));
    NewRun twice = newRun();
    var rivals = new ArrayDeque<>(List.of(twice));
    Connection told =
        ToldPool.of(
            connection,
            sql -> {
              if (sql.startsWith("insert into belfry_run ") && !rivals.isEmpty()) {
                store.insert(List.of(rivals.remove()));
              }
            });
    NewRun plain = newRun();
    order(connection, 1);

    if (product() == Product.POSTGRES) {
      assertThat(store.insert(List.of(plain, twice), JdbcJobStore.transaction(told)))
          .containsExactly(new Accepted.Created(plain.id()), new Accepted.Created(twice.id()));
    } else {
      assertThatThrownBy(() -> store.insert(List.of(plain, twice), JdbcJobStore.transaction(told)))
          .isInstanceOf(StoreException.class)
          .hasMessageEndingWith("; roll back and do your transaction again")
          .extracting(e -> ((StoreException) e).kind())
          .isEqualTo(StoreException.Kind.RETRY);
      assertThat(insert(connection, plain)).containsExactly(new Accepted.Created(plain.id()));
    }
    connection.commit();

    assertThat(exist(plain, twice)).containsExactly(true, true);
    assertThat(orders()).containsExactly("1");
  }
}
