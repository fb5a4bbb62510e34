// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.store.Demand;
import dev.belfry.store.Lease;
import dev.belfry.store.NewRun;
import dev.belfry.store.NodeCard;
import dev.belfry.store.Payload;
import dev.belfry.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An H2 file belongs to one process, and keeps what was acknowledged. */
class H2FileTest {
  private static final Duration LEASE = Duration.ofSeconds(9);
  private static final RunId RUN = RunId.of(1, 2, 3);

  @TempDir private Path directory;

  private Path file() {
    return directory.resolve("app");
  }

  @Test
  void embedded_writesEachCommitAtOnce() throws SQLException {
    try (JdbcJobStore store = JdbcJobStore.embedded(file())) {
      assertThat(store.open().shared()).isFalse();

      assertThat(
              ask(
                  "select setting_value from information_schema.settings"
                      + " where setting_name = 'WRITE_DELAY'"))
          .isEqualTo("0");
    }
  }

  @Test
  void secondProcess_isTurnedAway() throws Exception {
    try (JdbcJobStore store = JdbcJobStore.embedded(file())) {
      store.open();

      assertThat(child("open"))
          .isEqualTo(
              "PERMANENT cannot open \""
                  + file()
                  + "\": another process has it open; an embedded H2 file serves one process,"
                  + " use its server mode or another database for several");
    }
  }

  @Test
  void acknowledgedRun_survivesTheDeathOfTheProcess() throws Exception {
    assertThat(child("insert")).isEqualTo("inserted");

    try (JdbcJobStore store = JdbcJobStore.embedded(file())) {
      assertThat(store.runs(List.of(RUN))).hasSize(1);
    }
  }

  @Test
  void nextProcess_freesAtOnceWhatTheLastOneHeld() throws Exception {
    assertThat(child("claim")).isEqualTo("claimed");

    try (JdbcJobStore store = JdbcJobStore.embedded(file())) {
      store.open();

      assertThat(store.nodes()).isEmpty();
      assertThat(store.passes(RUN)).extracting(Pass::event).containsExactly(Pass.Event.LOST);
      var record = store.runs(List.of(RUN)).get(0);
      assertThat(record.fence()).isEqualTo(2);
      assertThat(record.run().state()).isInstanceOf(RunState.Scheduled.class);
    }
  }

  @Test
  void secondStoreOfTheSameProcess_leavesTheNodesOfTheFirstAlive() {
    try (JdbcJobStore first = JdbcJobStore.embedded(file());
        JdbcJobStore second = JdbcJobStore.embedded(file())) {
      first.open();
      NodeId node = first.join(new NodeCard("a", "test", Set.of()), LEASE);

      second.open();

      assertThat(first.renew(node, LEASE)).isInstanceOf(Lease.Held.class);
      assertThat(second.nodes()).hasSize(1);
    }
  }

  /** H2 closes a file for all when a thread that is interrupted touches it. */
  @Test
  void interruptedHandlers_leaveTheFileOpen() throws Exception {
    Job<Integer> job =
        Job.named("interrupted", Integer.class)
            .handler(
                (ctx, number) -> {
                  Thread.currentThread().interrupt();
                  ctx.transaction(
                      "book",
                      String.class,
                      Connection.class,
                      connection -> {
                        connection
                            .createStatement()
                            .execute("insert into t values (" + number + ")");
                        return "x".repeat(100_000);
                      });
                });
    try (JdbcJobStore store = JdbcJobStore.embedded(file())) {
      store.open();
      Job<Void> table =
          Job.named("table")
              .handler(
                  ctx ->
                      ctx.transaction(
                          "create",
                          Connection.class,
                          connection ->
                              connection.createStatement().execute("create table t (number int)")));
      try (Scheduler scheduler = Scheduler.builder().store(store).register(table, job).start()) {
        scheduler.enqueue(table).await(Duration.ofSeconds(20));
        for (int number = 0; number < 10; number++) {
          assertThat(scheduler.enqueue(job, number).await(Duration.ofSeconds(20)))
              .hasValueSatisfying(run -> assertThat(run.status()).isEqualTo(Status.COMPLETED));
        }
      }
    }
  }

  private String ask(String sql) throws SQLException {
    var source = new JdbcDataSource();
    source.setURL("jdbc:h2:file:retry:" + file());
    try (Connection connection = source.getConnection();
        ResultSet row = connection.createStatement().executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  /** Runs {@link #main} in a process of its own and returns what it printed. */
  private String child(String action) throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process process =
        new ProcessBuilder(
                java.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                H2FileTest.class.getName(),
                action,
                file().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return printed;
  }

  /** The other process: does one thing, says so, and dies without closing anything. */
  public static void main(String[] args) {
    JdbcJobStore store = JdbcJobStore.embedded(Path.of(args[1]));
    try {
      store.open();
      if (args[0].equals("insert") || args[0].equals("claim")) {
        store.insert(List.of(NewRun.of(RUN, "job", Payload.of("test", new byte[] {1}))));
        System.out.println(args[0].equals("insert") ? "inserted" : claim(store));
      }
    } catch (StoreException e) {
      System.out.println(e.kind() + " " + e.getMessage());
    }
    System.out.flush();
    Runtime.getRuntime().halt(1);
  }

  private static String claim(JdbcJobStore store) {
    NodeId node = store.join(new NodeCard("a", "test", Set.of("job")), LEASE);
    int lane = store.catalog().lanes().get(0).id();
    var quota = new Demand.Quota(lane, 1);
    var claimed = store.exchange(node, List.of(), List.of(new Demand(List.of(quota), 1))).claimed();
    return claimed.size() == 1 ? "claimed" : "claimed nothing";
  }

  @Test
  void scheduler_closesTheStoreThatItOpenedUnlessOthersHaveItOpen() {
    JdbcJobStore store = JdbcJobStore.embedded(file());
    Scheduler.builder().store(store).start().close();

    assertThatThrownBy(store::now)
        .isInstanceOf(StoreException.class)
        .hasMessage("the store is closed; its open() makes it ready again");

    store.open();
    Scheduler.builder().store(store).start().close();
    assertThat(store.now()).isNotNull();
    store.close();
  }
}
