// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import dev.belfry.run.Unique;
import dev.belfry.store.Accepted;
import dev.belfry.store.Amendment;
import dev.belfry.store.Due;
import dev.belfry.store.Ending;
import dev.belfry.store.Firing;
import dev.belfry.store.NewRun;
import dev.belfry.store.NodeCard;
import dev.belfry.store.Outcome;
import dev.belfry.store.PassReport;
import dev.belfry.store.Payload;
import dev.belfry.store.ScheduleRow;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import dev.belfry.store.StoreInfo;
import dev.belfry.store.Verdict;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TimeZone;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the JDBC store promises beside the contract. */
class JdbcJobStoreTest extends DatabaseTest {
  private static final NodeCard CARD = new NodeCard("node", "test", Set.of(JOB));

  @Test
  void open_namesTheDatabase() {
    assertThat(store().open())
        .isEqualTo(new StoreInfo(product().version(database), 1, product() != Product.H2, 0));
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
  void close_leavesAPoolThatWasHandedInOpen() throws SQLException {
    JdbcJobStore store = store();
    store.open();

    store.close();

    assertThat(query("select 1")).containsExactly("1");
    assertThat(store.now()).isNotNull();
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
  void keys_differByCaseAccentAndEveryCharacter() {
    List<NewRun> runs =
        Stream.of("a", "A", "á", "a ", "a\u0301", "😀", "ss", "ß", "\ue000")
            .map(key -> newRun().withUnique(Optional.of(Unique.whileActive(key))))
            .toList();

    assertThat(store().insert(runs))
        .containsExactlyElementsOf(
            runs.stream().<Accepted>map(run -> new Accepted.Created(run.id())).toList());
  }

  @Test
  void keysOfTheGreatestLength_areKept() {
    String longest = "é".repeat(200);
    JdbcJobStore store = store();
    NewRun run = NewRun.of(newRun().id(), longest, payload("{}"));
    Unique key = Unique.whileActive(longest);

    store.insert(List.of(run.withUnique(Optional.of(key))));

    NewRun other = NewRun.of(newRun().id(), longest, payload("{}"));
    assertThat(store.insert(List.of(other.withUnique(Optional.of(key)))))
        .containsExactly(new Accepted.Existing(run.id()));
  }

  @Test
  void schedules_areReadInTheOrderOfTheirCharacters() {
    JdbcJobStore store = store();
    for (String id : List.of("b", "_", "a", "B", "é", "a b", "-", "ab", "😀")) {
      store.amend(
          List.of(
              new Amendment.CreateSchedule(
                  id, JOB, "every PT1M", payload("{}"), List.of(), Optional.of(START))));
    }

    assertThat(store.schedules(Optional.empty(), 10).items())
        .extracting(ScheduleRow::id)
        .containsExactly("-", "B", "_", "a", "a b", "ab", "b", "é", "😀");
    assertThat(store.schedules(Optional.of("a"), 2).items())
        .extracting(ScheduleRow::id)
        .containsExactly("a b", "ab");
  }

  @Test
  void ticksOfSeveralSchedules_fireInOneCall() {
    JdbcJobStore store = store();
    List<String> ids = List.of("a", "b", "c");
    ids.forEach(
        id ->
            store.amend(
                List.of(
                    new Amendment.CreateSchedule(
                        id, JOB, "every PT1M", payload("{}"), List.of(), Optional.of(START)))));
    List<Firing> firings =
        ids.stream()
            .map(id -> store.schedule(id).orElseThrow())
            .map(
                row ->
                    new Firing(
                        row.id(),
                        row.version(),
                        START,
                        row.lastRun(),
                        new Firing.Start(newRun().withTrigger(Trigger.schedule(row.id(), START))),
                        Optional.empty(),
                        Optional.empty()))
            .toList();

    assertThat(store.fire(firings)).containsOnly(Verdict.APPLIED);

    assertThat(store.schedules(Optional.empty(), 10).items())
        .allMatch(row -> row.lastRun().isPresent());
    assertThat(query("select count(*) from belfry_run")).containsExactly("3");
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

    assertThat(query("select " + product().digits("id") + " from belfry_run order by id"))
        .containsExactlyElementsOf(ids.stream().map(id -> id.toString().replace("-", "")).toList());
  }
}
