// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.run.Counters;
import dev.belfry.run.Failure;
import dev.belfry.run.NodeId;
import dev.belfry.run.Unique;
import dev.belfry.store.Claimed;
import dev.belfry.store.Ending;
import dev.belfry.store.Hint;
import dev.belfry.store.Lease;
import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoKind;
import dev.belfry.store.MemoValue;
import dev.belfry.store.MemoWrite;
import dev.belfry.store.NewMemo;
import dev.belfry.store.NewRun;
import dev.belfry.store.NodeCard;
import dev.belfry.store.Outcome;
import dev.belfry.store.PassReport;
import dev.belfry.store.StoreException;
import dev.belfry.store.TransactionCall;
import dev.belfry.store.Verdict;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A body's rows are committed with its memo, and the body can't end its transaction itself. */
@Timeout(120)
class BodyTransactionTest extends DatabaseTest {
  private static final Duration LEASE = Duration.ofSeconds(9);

  private JdbcJobStore store;
  private NodeId node;
  private Claimed claimed;

  @BeforeEach
  void claimARun() {
    execute("create table orders (id int primary key)");
    store = store();
    store.open();
    node = store.join(new NodeCard("node", "test", Set.of(JOB)), LEASE);
    store.insert(List.of(newRun()));
    claimed = claimOne(store, node);
  }

  /** What a test does on the connection. */
  private interface Body {
    void run(Connection connection) throws SQLException;
  }

  private MemoWrite memo() {
    NewMemo memo =
        NewMemo.settled(
            MemoKey.of("book"),
            MemoKind.TRANSACTION,
            "nothing",
            new MemoValue.Result(payload("null")));
    return new MemoWrite(claimed.id(), claimed.fence(), memo);
  }

  private Verdict transact(Body body) throws SQLException {
    TransactionCall<Connection, MemoWrite, SQLException> call =
        connection -> {
          body.run(connection);
          return memo();
        };
    return store.transact(node, Connection.class, call);
  }

  private static void order(Connection connection, int id) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("insert into orders values (" + id + ")");
    }
  }

  private List<String> orders() {
    return query("select id from orders order by id");
  }

  private boolean remembered() {
    return store.memos(List.of(claimed.id())).containsKey(claimed.id());
  }

  private Verdict end(Claimed claim, Ending ending) {
    var report = new PassReport(Duration.ZERO, Duration.ZERO, Counters.NONE, Map.of(), "");
    var outcome = new Outcome(claim.id(), claim.fence(), ending, report);
    return store.exchange(node, List.of(outcome), List.of()).verdicts().get(0);
  }

  @Test
  void rowsAndMemo_areCommittedTogether() throws SQLException {
    assertThat(transact(connection -> order(connection, 1))).isEqualTo(Verdict.APPLIED);

    assertThat(orders()).containsExactly("1");
    assertThat(remembered()).isTrue();
  }

  @Test
  void exceptionOfTheBody_comesOutAsItIs() {
    assertThatThrownBy(
            () ->
                transact(
                    connection -> {
                      order(connection, 1);
                      throw new SQLException("mine", "40001");
                    }))
        .isExactlyInstanceOf(SQLException.class)
        .hasMessage("mine");

    assertThat(orders()).isEmpty();
    assertThat(remembered()).isFalse();
  }

  @Test
  void runThatIsTakenOverMeanwhile_keepsNothing() throws SQLException {
    var failure = Failure.of("test", "refused");

    Verdict verdict =
        transact(
            connection -> {
              order(connection, 1);
              end(claimed, new Ending.Retried(Duration.ZERO, failure, "backoff"));
              assertThat(claimOne(store, node).id()).isEqualTo(claimed.id());
            });

    assertThat(verdict).isEqualTo(Verdict.REFUSED);
    assertThat(orders()).isEmpty();
    assertThat(remembered()).isFalse();
  }

  @Test
  void body_holdsUpNoNode() throws SQLException {
    store.insert(List.of(newRun()));
    Claimed other = claimOne(store, node);

    transact(
        connection -> {
          order(connection, 1);
          assertThat(store.renew(node, LEASE)).isInstanceOf(Lease.Held.class);
          assertThat(end(other, new Ending.Completed(payload("null")))).isEqualTo(Verdict.APPLIED);
        });

    assertThat(orders()).containsExactly("1");
  }

  @Test
  void body_canNotEndTheTransaction() throws SQLException {
    List<Body> ends =
        List.of(
            Connection::commit,
            Connection::rollback,
            Connection::close,
            connection -> connection.setAutoCommit(true),
            connection -> connection.abort(Runnable::run),
            connection ->
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED));
    var refusals = new ArrayList<String>();

    Verdict verdict =
        transact(
            connection -> {
              order(connection, 1);
              for (Body end : ends) {
                try {
                  end.run(connection);
                } catch (IllegalStateException refused) {
                  refusals.add(refused.getMessage());
                }
              }
              order(connection, 2);
            });

    assertThat(verdict).isEqualTo(Verdict.APPLIED);
    assertThat(refusals)
        .containsExactlyElementsOf(
            List.of(
                    "commit",
                    "rollback",
                    "close",
                    "setAutoCommit",
                    "abort",
                    "setTransactionIsolation")
                .stream()
                .map(
                    name ->
                        name
                            + " must not be called in ctx.transaction: what its body does is"
                            + " committed with its memo when it returns, and rolled back when it"
                            + " throws")
                .toList());
    assertThat(orders()).containsExactly("1", "2");
  }

  @Test
  void body_mayGoBackToASavepointOfItsOwn() throws SQLException {
    transact(
        connection -> {
          order(connection, 1);
          Savepoint savepoint = connection.setSavepoint();
          assertThatThrownBy(() -> order(connection, 1)).isInstanceOf(SQLException.class);
          connection.rollback(savepoint);
          order(connection, 2);
        });

    assertThat(orders()).containsExactly("1", "2");
    assertThat(remembered()).isTrue();
  }

  @Test
  void connection_afterTheBody_isOfNoUse() throws SQLException {
    var kept = new ArrayList<Connection>();
    transact(kept::add);

    assertThatThrownBy(() -> kept.get(0).createStatement())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the transaction of this connection is over; it can't be used any more");
  }

  @Test
  void connection_isItselfAndNoOther() throws SQLException {
    transact(
        connection -> {
          assertThat(Set.of(connection)).contains(connection);
          assertThat(connection).isNotEqualTo("a connection");
          assertThat(connection.getAutoCommit()).isFalse();
          assertThat(connection.getTransactionIsolation())
              .as("as drivers see it; MariaDB's sees the session's alone")
              .isIn(Connection.TRANSACTION_READ_COMMITTED, Connection.TRANSACTION_REPEATABLE_READ);
        });
  }

  /** PostgreSQL has given the transaction up then, and its driver's commit would not say so. */
  @Test
  void failureThatTheBodySwallows_isNotTakenForASuccess() throws SQLException {
    Body swallows =
        connection -> {
          order(connection, 1);
          assertThatThrownBy(() -> order(connection, 1)).isInstanceOf(SQLException.class);
        };

    if (product() == Product.POSTGRES) {
      assertThatThrownBy(() -> transact(swallows))
          .isInstanceOf(StoreException.class)
          .hasMessage(
              "cannot commit a transaction with its memo: a statement in it has failed, and so the"
                  + " database has given up all of it; let the exception of that statement out of"
                  + " the body, or go back to a savepoint from before it");
    } else {
      assertThat(transact(swallows)).isEqualTo(Verdict.APPLIED);
    }

    assertThat(remembered()).isEqualTo(orders().equals(List.of("1")));
  }

  @Test
  void commitThatTheDatabaseRefuses_keepsNothing() {
    Assumptions.assumeTrue(
        product() == Product.POSTGRES, "only there are constraints checked at the commit");
    execute(
        "alter table orders add column part_of int references orders deferrable"
            + " initially deferred");

    assertThatThrownBy(
            () ->
                transact(
                    connection -> {
                      try (Statement statement = connection.createStatement()) {
                        statement.execute("insert into orders values (1, 2)");
                      }
                    }))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("cannot commit a transaction with its memo: ")
        .extracting(e -> ((StoreException) e).kind())
        .isEqualTo(StoreException.Kind.PERMANENT);

    assertThat(orders()).isEmpty();
    assertThat(remembered()).isFalse();
  }

  @Test
  void commitWhoseAnswerIsLost_isUnknown_andTheMemoTells() {
    var answers = ToldPool.losing(pool, "commit");
    JdbcJobStore deaf = JdbcJobStore.using(answers.source()).withTime(clock);
    deaf.open();
    answers.lose();

    assertThatThrownBy(
            () ->
                deaf.transact(
                    node,
                    Connection.class,
                    connection -> {
                      order(connection, 1);
                      return memo();
                    }))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "cannot commit a transaction with its memo: the answer is lost (SQLState 08006)")
        .extracting(e -> ((StoreException) e).kind())
        .isEqualTo(StoreException.Kind.UNKNOWN);

    assertThat(remembered()).isTrue();
    assertThat(orders()).containsExactly("1");
  }

  @Test
  void sessionThatIsSerializable_isReadCommittedForTheBody() throws SQLException {
    pool.setMaxConnections(1);
    try (Connection connection = pool.getConnection()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
    }
    Job<String> mail = Job.named(JOB, String.class).handler((ctx, text) -> {});

    transact(connection -> store.within(connection).enqueue(mail, "a"));

    assertThat(query("select count(*) from belfry_run")).containsExactly("2");
  }

  @Test
  void enqueue_inTheSameTransaction_livesAndDiesWithIt_andWakesNodes() throws SQLException {
    Job<String> mail = Job.named("mail", String.class).handler((ctx, text) -> {});
    store.insert(List.of(NewRun.of(newRun().id(), "mail", payload("\"\""))));
    var hints = new ArrayList<Hint>();
    store.onHint(hints::add);
    var handles = new ArrayList<RunHandle>();
    Body body = connection -> handles.add(store.within(connection).enqueue(mail, "a"));

    assertThatThrownBy(
            () ->
                transact(
                    connection -> {
                      body.run(connection);
                      throw new SQLException("no");
                    }))
        .hasMessage("no");
    assertThat(hints).isEmpty();
    transact(body);

    assertThat(handles)
        .extracting(handle -> store.runs(List.of(handle.id())).size())
        .containsExactly(0, 1);
    assertThat(hints).extracting(hint -> hint.due().size()).containsExactly(1);
  }

  @Test
  void keyThatIsHeld_doesNotPoisonTheBodysTransaction() throws SQLException {
    Optional<Unique> key = Optional.of(Unique.whileActive("k"));
    store.insert(List.of(newRun().withUnique(key)));

    transact(
        connection -> {
          store.insert(List.of(newRun().withUnique(key)), JdbcJobStore.transaction(connection));
          order(connection, 1);
        });

    assertThat(orders()).containsExactly("1");
  }

  @Test
  void connection_goesBackToThePoolAsItWas() throws SQLException {
    pool.setMaxConnections(1);
    int isolation;
    try (Connection connection = pool.getConnection()) {
      isolation = connection.getTransactionIsolation();
    }

    transact(connection -> order(connection, 1));

    try (Connection connection = pool.getConnection()) {
      assertThat(connection.getAutoCommit()).isTrue();
      assertThat(connection.getTransactionIsolation()).isEqualTo(isolation);
    }
  }

  @Test
  void poolOfOne_isEnough_ifTheBodyKeepsToItsConnection() throws SQLException {
    Job<String> mail = Job.named(JOB, String.class).handler((ctx, text) -> {});
    pool.setMaxConnections(1);
    pool.setLoginTimeout(1);

    transact(connection -> store.within(connection).enqueue(mail, "a"));

    assertThat(query("select count(*) from belfry_run")).containsExactly("2");
    assertThatThrownBy(() -> transact(connection -> store.runs(List.of(claimed.id()))))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("cannot read runs: Login timeout");
    try (Connection other = pool.getConnection()) {
      assertThat(other.getAutoCommit()).isTrue();
      assertThatThrownBy(() -> transact(connection -> order(connection, 1)))
          .isInstanceOf(StoreException.class)
          .hasMessageStartingWith("cannot begin a transaction: Login timeout");
    }
  }
}
