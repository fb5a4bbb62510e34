// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.belfry.run.Unique;
import dev.belfry.store.Accepted;
import dev.belfry.store.NewRun;
import dev.belfry.store.Payload;
import dev.belfry.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever the isolation of a caller's transaction, the answer is right, or one clear refusal. */
class CallersIsolationTest extends CallersBase {
  enum Level {
    READ_COMMITTED(Connection.TRANSACTION_READ_COMMITTED),
    REPEATABLE_READ(Connection.TRANSACTION_REPEATABLE_READ),
    SERIALIZABLE(Connection.TRANSACTION_SERIALIZABLE);

    private final int number;

    Level(int number) {
      this.number = number;
    }
  }

  private int begun;

  @BeforeEach
  void makePricesAndALane() {
    execute("create table prices (id int primary key)");
    store.insert(List.of(newRun()));
  }

  /** Begins a transaction whose view of the data is fixed, if it is to be fixed. */
  private Connection begin(Level level) throws SQLException {
    assumeFalse(
        level == Level.SERIALIZABLE && product().isMariaOrMySql(),
        "refused there, see serializable_isRefusedByMariaAndMySql");
    Connection connection = begin();
    connection.setTransactionIsolation(level.number);
    EmptyDatabase.query(connection, "select count(*) from prices");
    begun++;
    order(connection, begun);
    return connection;
  }

  @ParameterizedTest
  @EnumSource
  void runs_areInsertedAndCommitted(Level level) throws SQLException {
    Connection connection = begin(level);
    NewRun plain = newRun();
    NewRun large = NewRun.of(newRun().id(), JOB, Payload.of("test", new byte[5_000]));
    NewRun keyed = keyed();
    NewRun again = keyed();

    assertThat(insert(connection, plain, large, keyed, again, plain))
        .containsExactly(
            new Accepted.Created(plain.id()),
            new Accepted.Created(large.id()),
            new Accepted.Created(keyed.id()),
            new Accepted.Existing(keyed.id()),
            new Accepted.Created(plain.id()));
    assertThat(insert(connection, plain, large, keyed))
        .containsExactly(
            new Accepted.Created(plain.id()),
            new Accepted.Created(large.id()),
            new Accepted.Created(keyed.id()));
    connection.commit();

    assertThat(store.runs(List.of(plain.id(), large.id(), keyed.id(), again.id()))).hasSize(3);
    assertThat(query("select count(*) from belfry_payload")).containsExactly("1");
    assertThat(orders()).containsExactly("1");
  }

  @ParameterizedTest
  @EnumSource
  void keyThatWasHeldBefore_isSeen(Level level) throws SQLException {
    NewRun holder = keyed();
    store.insert(List.of(holder));
    Connection connection = begin(level);

    assertThat(insert(connection, keyed())).containsExactly(new Accepted.Existing(holder.id()));
    connection.commit();

    assertThat(orders()).containsExactly("1");
  }

  @ParameterizedTest
  @EnumSource
  void keyThatWasTakenSince_isSeenOrTheCallIsRefusedAlone(Level level) throws SQLException {
    Connection connection = begin(level);
    NewRun holder = keyed();
    store.insert(List.of(holder));
    NewRun late = keyed();
    NewRun plain = newRun();

    if (sees(level)) {
      assertThat(insert(connection, late, plain))
          .containsExactly(new Accepted.Existing(holder.id()), new Accepted.Created(plain.id()));
    } else {
      assertRefused(connection, late, plain);
      assertThat(insert(connection, plain)).containsExactly(new Accepted.Created(plain.id()));
    }
    connection.commit(); // the refusal was ours alone

    assertThat(store.runs(List.of(plain.id()))).hasSize(1);
    assertThat(store.runs(List.of(late.id()))).isEmpty();
    assertThat(orders()).containsExactly("1");
  }

  @ParameterizedTest
  @EnumSource
  void keyThatWasFreedSince_isTaken(Level level) throws SQLException {
    NewRun holder = newRun().withUnique(Optional.of(Unique.within(Duration.ofHours(1), "k")));
    store.insert(List.of(holder));
    Connection connection = begin(level);
    clock.advance(Duration.ofHours(2));
    NewRun next = newRun().withUnique(Optional.of(Unique.within(Duration.ofHours(1), "k")));

    if (product() == Product.H2 && level != Level.READ_COMMITTED) { // still sees the old row
      assertRefused(connection, next);
      connection.rollback();
    }
    assertThat(insert(connection, next)).containsExactly(new Accepted.Created(next.id()));
    connection.commit();

    assertThat(store.runs(List.of(next.id()))).hasSize(1);
    assertThat(store.insert(List.of(keyed()))).containsExactly(new Accepted.Existing(next.id()));
  }

  /** MariaDB locks a key that it stumbles over, and can then read it; H2 sees phantoms. */
  private boolean sees(Level level) {
    return level == Level.READ_COMMITTED
        || product().isMariaOrMySql()
        || (product() == Product.H2 && level == Level.REPEATABLE_READ);
  }

  private void assertRefused(Connection connection, NewRun... runs) {
    assertThatThrownBy(() -> insert(connection, runs))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("cannot insert runs: ")
        .hasMessageEndingWith("(SQLState 40001); roll back and do your transaction again")
        .extracting(e -> ((StoreException) e).kind())
        .isEqualTo(StoreException.Kind.RETRY);
  }

  @ParameterizedTest
  @EnumSource
  void callersThatOverlap_doNotFailForEachOther(Level level) throws SQLException {
    Connection first = begin(level);
    Connection second = begin(level);
    NewRun one = newRun().withUnique(Optional.of(Unique.whileActive("one")));
    NewRun two = newRun().withUnique(Optional.of(Unique.whileActive("two")));

    insert(first, one, newRun());
    insert(second, two, newRun());
    first.commit();
    second.commit();

    assertThat(store.runs(List.of(one.id(), two.id()))).hasSize(2);
    assertThat(orders()).containsExactly("1", "2");
  }

  @Test
  void serializable_isRefusedByMariaAndMySql() throws SQLException {
    try (Connection connection = pool.getConnection()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      connection.setAutoCommit(false);
      if (product().isMariaOrMySql()) {
        assertThatThrownBy(() -> insert(connection, newRun()))
            .isInstanceOf(StoreException.class)
            .hasMessage(
                "a SERIALIZABLE transaction of MariaDB or MySQL locks what it reads, and nodes would"
                    + " wait for its end; enqueue at REPEATABLE READ or READ COMMITTED");
      } else {
        assertThat(insert(connection, newRun())).hasSize(1);
      }
      connection.rollback();
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      connection.setAutoCommit(true);
    }
  }
}
