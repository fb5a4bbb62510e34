// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.run.NodeId;
import dev.belfry.store.Due;
import dev.belfry.store.Ending;
import dev.belfry.store.NodeCard;
import dev.belfry.store.Outcome;
import dev.belfry.store.PassReport;
import dev.belfry.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mariadb.jdbc.MariaDbDataSource;

/** What is said to MariaDB and MySQL alone. */
class MariaSqlTest extends StoreBase {
  private static final Ending DONE = new Ending.Completed(payload("{}"));

  private final Sql sql = MariaSql.of("11.4.5-MariaDB", "belfry_");

  @Override
  Product product() {
    return Product.MARIADB;
  }

  @ParameterizedTest
  @CsvSource({
    "10.5.29-MariaDB, MariaDB 10.5.29-MariaDB is not supported; needed is 10.6 or later",
    "8.0.16, MySQL 8.0.16 is not supported; needed is 8.0.17 or later"
  })
  void olderVersion_isRefused(String version, String sentence) {
    assertThatThrownBy(() -> MariaSql.of(version, "belfry_"))
        .isInstanceOf(StoreException.class)
        .hasMessage(sentence);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.6.0-MariaDB-log", "12.1.2-MariaDB", "8.0.17", "8.4.6", "9.1.0-x"})
  void newerVersion_isTaken(String version) {
    assertThat(MariaSql.of(version, "belfry_").ddl())
        .anyMatch(
            ddl ->
                ddl.endsWith(version.contains("Maria") ? "utf8mb4_nopad_bin" : "utf8mb4_0900_bin"));
  }

  @Test
  void migration_forMySql_saysNothingThatOnlyMariaDbUnderstands() {
    String text =
        """
        alter table {run} add column if not exists a int, add index if not exists {x} (a);
        create table if not exists {y} (b int) collate $collation;
        alter table {y} drop column if exists b;
        """;
    var step = new Migration(2, 1, "", "", text);

    assertThat(MariaSql.of("8.4.6", "belfry_").migration(step).subList(1, 4))
        .containsExactly(
            "alter table belfry_run add column a int, add index belfry_x (a)",
            "create table if not exists belfry_y (b int) collate utf8mb4_0900_bin",
            "alter table belfry_y drop column b");
    assertThat(sql.migration(step).get(3))
        .isEqualTo("alter table belfry_y drop column if exists b");
  }

  /** So answers MySQL, which is not told to look first. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "alter table belfry_run add column attempt int",
        "alter table belfry_run add index belfry_run_ready (id)",
        "alter table belfry_run drop column unheard_of"
      })
  void migration_whoseStatementWasDoneBefore_goesOn(String statement) {
    store().open();
    JdbcJobStore next =
        store().withMigrations(Migrations.ALL.and(new Migration(2, 1, "", "", statement)));

    assertThat(next.open().schema()).isEqualTo(2);
  }

  @Test
  void begin_holdsForOneTransaction_andALimitForOneStatement() throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement asked =
            connection.prepareStatement("select @@max_statement_time, @@in_transaction")) {
      connection.setAutoCommit(false);
      sql.begin(connection);
      sql.prepared(asked);

      try (ResultSet row = asked.executeQuery()) {
        row.next();
        assertThat(row.getInt(1)).isEqualTo(30);
      }
      assertThat(connection.getTransactionIsolation())
          .isEqualTo(Connection.TRANSACTION_REPEATABLE_READ); // of the session: the next ones
    }
  }

  @Test
  void claim_readsItsIndexInOrder() throws SQLException {
    var later = new Due.After(Duration.ofDays(1));
    for (int i = 0; i < 10; i++) {
      store().insert(Stream.generate(() -> newRun().withDue(later)).limit(1_000).toList());
    }
    store().insert(Stream.generate(this::newRun).limit(2_000).toList());
    String select =
        sql.text(sql.claimable(HotRun.COLUMNS))
            .replaceFirst("\\?", "" + lane(store()))
            .replaceFirst("\\?", "'1000-01-01 00:00:00'")
            .replaceFirst("\\?", "'2026-03-02 12:00:00'")
            .replaceFirst("\\?", "100");

    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet plan = statement.executeQuery("explain " + select)) {
      plan.next();
      assertThat(plan.getString("key")).isEqualTo("belfry_run_ready");
      assertThat(plan.getString("type")).isEqualTo("range");
      assertThat(plan.getString("Extra")).doesNotContain("filesort");
    }
  }

  @Test
  void driverThatHidesCounts_isRefused() throws SQLException {
    var hiding = new MariaDbDataSource(database.url() + "&useBulkStmts=true");
    JdbcJobStore store = JdbcJobStore.using(hiding).withTime(clock);
    store.insert(List.of(newRun(), newRun()));
    NodeId node = store.join(new NodeCard("node", "test", Set.of(JOB)), Duration.ofSeconds(9));
    List<Outcome> ends =
        Stream.of(claimOne(store, node), claimOne(store, node))
            .map(run -> new Outcome(run.id(), run.fence(), DONE, PassReport.NOT_STARTED))
            .toList();

    assertThatThrownBy(() -> store.exchange(node, ends, List.of()))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "the driver does not tell how many rows each statement of a batch has changed; leave"
                + " its options for batches as they are by default (MariaDB: useBulkStmts=false)");
  }
}
