// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.store.Due;
import dev.belfry.store.Ending;
import dev.belfry.store.NewRun;
import dev.belfry.store.NodeCard;
import dev.belfry.store.Outcome;
import dev.belfry.store.PassReport;
import dev.belfry.store.Payload;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import dev.belfry.store.StoreInfo;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TimeZone;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the JDBC store promises beside the contract. */
class JdbcJobStoreTest extends H2Base {
  private static final NodeCard CARD = new NodeCard("node", "test", Set.of(JOB));

  @Test
  void open_namesTheDatabase() {
    assertThat(store().open())
        .isEqualTo(new StoreInfo("H2 " + org.h2.engine.Constants.VERSION, 1, false, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1a", "a-b", "a b", "a\"b", "abcdefghijklmnopqrstuvwxyz_0123456"})
  void prefix_isRefusedUnlessItIsAName(String prefix) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store().withTablePrefix(prefix))
        .withMessage(
            "table prefix must be a letter or underscore and at most 30 letters, digits and"
                + " underscores, was \""
                + prefix
                + "\"");
  }

  @Test
  void prefix_separatesStoresOfOneDatabase() {
    JdbcJobStore first = store().withTablePrefix("a_");
    JdbcJobStore second = store().withTablePrefix("b_");
    NewRun run = newRun();

    first.insert(List.of(run));

    assertThat(first.runs(List.of(run.id()))).hasSize(1);
    assertThat(second.runs(List.of(run.id()))).isEmpty();
  }

  @Test
  void embedded_refusesAPathThatWouldChangeTheUrl() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JdbcJobStore.embedded(Path.of("x;INIT=y")))
        .withMessage("file must not contain \";\", was \"x;INIT=y\"");
  }

  @Test
  void open_refusesADatabaseThatIsNotSupported() {
    assertThatThrownBy(() -> JdbcJobStore.using(productNamed("Apache Derby")).open())
        .isInstanceOf(StoreException.class)
        .hasMessage("database \"Apache Derby\" is not supported; supported are: H2")
        .extracting(e -> ((StoreException) e).kind())
        .isEqualTo(Kind.PERMANENT);
  }

  private static DataSource productNamed(String name) {
    var about = answering(DatabaseMetaData.class, "getDatabaseProductName", name);
    var connection = answering(Connection.class, "getMetaData", about);
    return answering(DataSource.class, "getConnection", connection);
  }

  /** Returns an object with one answer; the rest is false or nothing. */
  private static <T> T answering(Class<T> type, String method, Object answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, called, args) -> {
              if (called.getName().equals(method)) {
                return answer;
              }
              return called.getReturnType() == boolean.class ? false : null;
            }));
  }

  @Test
  void poolThatGivesNoConnection_isUnavailable() {
    DataSource empty =
        (DataSource)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, called, args) -> {
                  throw new SQLTransientConnectionException("no connection after 30 s");
                });

    assertThatThrownBy(() -> JdbcJobStore.using(empty).open())
        .hasMessage("cannot open the store: no connection after 30 s (SQLState null)")
        .extracting(e -> ((StoreException) e).kind())
        .isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void close_leavesAPoolThatWasHandedInOpen() throws SQLException {
    JdbcJobStore store = store();
    store.open();

    store.close();

    assertThat(query("select 1")).containsExactly("1");
    assertThat(store.now()).isNotNull();
  }

  @Test
  void open_makesAPoolOfItsOwn() {
    String url = "jdbc:h2:mem:" + UUID.randomUUID();
    try (JdbcJobStore store = JdbcJobStore.open(url, "sa", "")) {
      NewRun run = newRun();

      store.insert(List.of(run));

      assertThat(store.runs(List.of(run.id()))).hasSize(1);
    }
  }

  @Test
  void connections_areGivenBackAsTheyWere() throws SQLException {
    pool.setMaxConnections(1);
    try (Connection connection = pool.getConnection()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
    }

    store().insert(List.of(newRun()));

    try (Connection connection = pool.getConnection();
        var statement = connection.createStatement()) {
      assertThat(connection.getAutoCommit()).isTrue();
      assertThat(connection.getTransactionIsolation())
          .isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
      assertThat(statement.getQueryTimeout()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2_048, 2_049, 1_048_576})
  void payloads_comeBackAsTheyWere(int size) {
    JdbcJobStore store = store();
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    var payload = Payload.of("test", bytes);
    RunId run = newRun().id();
    store.insert(List.of(NewRun.of(run, JOB, payload)));
    NodeId node = store.join(CARD, Duration.ofSeconds(9));
    var claimed = claimOne(store, node);

    assertThat(claimed.input()).isEqualTo(payload);
    assertThat(store.heldBy(node).get(0).input()).isEqualTo(payload);
    end(store, node, run, payload);

    var record = store.runs(List.of(run)).get(0);
    assertThat(record.input()).isEqualTo(payload);
    assertThat(record.result()).contains(payload);
  }

  private static void end(JdbcJobStore store, NodeId node, RunId run, Payload result) {
    var outcome = new Outcome(run, 1, new Ending.Completed(result), PassReport.NOT_STARTED);
    store.exchange(node, List.of(outcome), List.of());
  }

  @Test
  void payloadAboveTheCap_isRefused() {
    NewRun run = NewRun.of(newRun().id(), JOB, Payload.of("test", new byte[1_048_577]));

    assertThatThrownBy(() -> store().insert(List.of(run)))
        .hasMessage("input of run " + run.id() + " has 1048577 bytes; at most 1048576 are allowed")
        .extracting(e -> ((StoreException) e).kind())
        .isEqualTo(Kind.PERMANENT);
  }

  @Test
  void textThatNoDatabaseKeeps_isReplaced() {
    JdbcJobStore store = store();
    NewRun run = newRun().withTags(List.of("a\0b", "c\ud800d", "😀"));

    store.insert(List.of(run));

    assertThat(store.runs(List.of(run.id())).get(0).run().tags())
        .containsExactly("a\ufffdb", "c\ufffdd", "😀");
  }

  @Test
  void nameThatNoDatabaseKeeps_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store().insert(List.of(NewRun.of(newRun().id(), "a\0b", payload("{}")))))
        .withMessage(
            "job name must not contain NUL or unpaired surrogates, was \"a\ufffdb\" after they"
                + " were replaced");
  }

  @Test
  void instants_doNotDependOnTheZoneOfTheJvm() {
    TimeZone before = TimeZone.getDefault();
    Instant inTheGap = Instant.parse("2026-03-29T01:30:00.123456Z");
    NewRun run = newRun().withDue(new Due.At(inTheGap));
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
      store().insert(List.of(run));
      TimeZone.setDefault(TimeZone.getTimeZone("America/St_Johns"));

      assertThat(store().runs(List.of(run.id())).get(0).run().dueAt()).isEqualTo(inTheGap);
      Instant low = Instant.now();
      assertThat(JdbcJobStore.using(pool).now())
          .isBetween(low.minusSeconds(1), low.plusSeconds(60));
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @Test
  void ids_areSortedByTheDatabaseAsTheyCompare() throws SQLException {
    List<RunId> ids =
        Stream.of(
                new UUID(0, 0),
                new UUID(1, -1),
                new UUID(Long.MAX_VALUE, 0),
                new UUID(Long.MIN_VALUE, 1),
                new UUID(-1, Long.MAX_VALUE),
                new UUID(-1, Long.MIN_VALUE))
            .map(RunId::new)
            .sorted()
            .toList();
    store().insert(ids.stream().map(id -> NewRun.of(id, JOB, payload("{}"))).toList());

    assertThat(query("select id from belfry_run order by id"))
        .containsExactlyElementsOf(ids.stream().map(RunId::toString).toList());
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
        select.replaceFirst("\\?", "timestamp '2026-03-02 12:00:00'").replaceFirst("\\?", "100");

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

  @Test
  void errors_haveOneMeaningEach() {
    for (String[] row :
        new String[][] {
          {"RETRY", "40001", "40P01", "HYT00", "50200", "57014", "55P03", "90131"},
          {"UNAVAILABLE", "08006", "90067", "90098", "90121", "57P01", "53100", "25006", "XX000"},
          {"PERMANENT", "23505", "42S02", "22001", "90020", "28000", "0A000", "90012"}
        }) {
      for (String state : Arrays.asList(row).subList(1, row.length)) {
        assertThat(ErrorKinds.of(new SQLException("x", state)))
            .as(state)
            .isEqualTo(Kind.valueOf(row[0]));
      }
    }
    assertThat(ErrorKinds.of(new SQLException("deadlock", "HY000", 1213))).isEqualTo(Kind.RETRY);
    assertThat(ErrorKinds.of(new SQLException("read-only", "HY000", 1290)))
        .isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void errorsOfCommit_leaveTheOutcomeOpenUnlessTheyRollBack() {
    assertThat(ErrorKinds.ofCommit(new SQLException("x", "08006"))).isEqualTo(Kind.UNKNOWN);
    assertThat(ErrorKinds.ofCommit(new SQLException("x", "90028"))).isEqualTo(Kind.UNKNOWN);
    assertThat(ErrorKinds.ofCommit(new SQLException("x", "40001"))).isEqualTo(Kind.RETRY);
    assertThat(ErrorKinds.ofCommit(new SQLException("x", "23503"))).isEqualTo(Kind.PERMANENT);
  }
}
