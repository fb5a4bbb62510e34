// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunQuery;
import dev.belfry.store.Claimed;
import dev.belfry.store.Due;
import dev.belfry.store.Ending;
import dev.belfry.store.NodeCard;
import dev.belfry.store.Outcome;
import dev.belfry.store.PassReport;
import dev.belfry.store.RunRecord;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** A schema of an older version becomes one of the next, whoever comes when. */
class MigrationTest extends DatabaseTest {
  private static final int OLD = NextVersion.NUMBER - 1;
  private static final int NEW = NextVersion.NUMBER;
  private static final NodeCard CARD = new NodeCard("node", "test", Set.of(JOB));

  private static boolean isChange(String sql) {
    return sql.startsWith("alter ") || sql.startsWith("update ") || sql.startsWith("insert ");
  }

  private JdbcJobStore next() {
    return NextVersion.of(store());
  }

  /** Fills the present schema: one run has ended, one is running, one waits. */
  private List<RunRecord> fill(JdbcJobStore store) {
    store.insert(List.of(newRun(), newRun(), newRun()));
    NodeId node = store.join(CARD, Duration.ofSeconds(9));
    end(store, node, claimOne(store, node));
    claimOne(store, node);
    return store.runs(RunQuery.all()).items();
  }

  private static void end(JdbcJobStore store, NodeId node, Claimed claimed) {
    var done = new Ending.Completed(payload("null"));
    var outcome = new Outcome(claimed.id(), claimed.fence(), done, PassReport.NOT_STARTED);
    store.exchange(node, List.of(outcome), List.of());
  }

  private List<String> versions() {
    return query(
        "select concat(name, ' ', number) as words from belfry_meta where name <> 'process'"
            + " and name <> 'catalog' order by name");
  }

  private static String[] migrated(int oldestReader) {
    return new String[] {
      "migration_" + NEW + " " + NEW, "oldest_reader " + oldestReader, "schema " + NEW
    };
  }

  private int openShadesOfRuns() {
    return query("select id from belfry_run where shade = 7").size();
  }

  @Test
  void emptyDatabase_getsAllVersionsInTurn() {
    assertThat(next().open().schema()).isEqualTo(NEW);

    assertThat(versions()).containsExactly(migrated(OLD));
    assertThat(query("select text from belfry_meta where name = 'migration_" + NEW + "'").get(0))
        .matches("made at 2\\d\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC");
  }

  @Test
  void olderVersion_isMigrated_andKeepsItsRows() {
    store().open();
    List<RunRecord> before = fill(store());

    JdbcJobStore next = next();
    assertThat(next.open().schema()).isEqualTo(NEW);

    assertThat(next.runs(RunQuery.all()).items()).isEqualTo(before).hasSize(3);
    assertThat(openShadesOfRuns()).isEqualTo(2);
    assertThat(query("select run from belfry_history where shade = 7")).hasSize(1);
    assertThat(next.open().schema()).isEqualTo(NEW);
  }

  @Test
  void olderVersion_getsTheTablesOfANewOne() {
    next().open();
    List<String> columns = product().columns(database);
    List<String> indexes = product().indexes(database);
    product().clear(database);

    store().open();
    next().open();

    assertThat(product().columns(database)).isEqualTo(columns);
    assertThat(product().indexes(database)).isEqualTo(indexes);
  }

  @Test
  void manyAtOnce_migrateOnce() throws Exception {
    store().open();
    List<RunRecord> before = fill(store());
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      var start = new CyclicBarrier(8);
      Callable<Integer> open =
          () -> {
            start.await();
            return next().open().schema();
          };

      for (Future<Integer> opened : threads.invokeAll(Collections.nCopies(8, open))) {
        assertThat(opened.get()).isEqualTo(NEW);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(versions()).containsExactly(migrated(OLD));
    assertThat(next().runs(RunQuery.all()).items()).isEqualTo(before);
  }

  @Test
  void olderCode_worksBesideTheNewerSchema() {
    JdbcJobStore running = store();
    running.open();
    fill(running);

    next().open();

    List<RunRecord> after = fill(running);
    assertThat(after).hasSize(6);
    JdbcJobStore started = store();
    assertThat(started.open().schema()).isEqualTo(NEW);
    assertThat(fill(started)).hasSize(9);
    assertThat(openShadesOfRuns()).isEqualTo(6);
    assertThat(started.ddl()).isEmpty();
  }

  @Test
  void olderCode_isRefusedByASchemaThatItCantRead() {
    store().open();
    NextVersion.readBy(NEW, store()).open();

    assertThatThrownBy(() -> store().open())
        .hasMessage(
            "the schema of \"belfry_\" is version %d and needs a Belfry for version %d or later,"
                + " this one is for version %d; update Belfry on this node",
            NEW, NEW, OLD)
        .extracting(e -> ((StoreException) e).kind())
        .isEqualTo(Kind.PERMANENT);
  }

  @Test
  void olderCode_isRefusedFromTheFirstStatementOn_bySchemaThatItCantRead() {
    store().open();
    DataSource dying = DyingPool.of(product().unpooled(database), MigrationTest::isChange, 1);

    assertThatThrownBy(() -> NextVersion.readBy(NEW, JdbcJobStore.using(dying)).open())
        .isInstanceOf(StoreException.class);

    assertThat(versions()).containsExactly("oldest_reader " + NEW, "schema " + OLD);
    assertThatThrownBy(() -> store().open())
        .hasMessage(
            "the schema of \"belfry_\" is version %d and needs a Belfry for version %d or later,"
                + " this one is for version %d; update Belfry on this node",
            OLD, NEW, OLD);
  }

  @Test
  void killedAtAnyStatement_isCompletedByTheNext() {
    String ddl = next().ddl();
    store().open();
    int statements = next().ddl().split(";\n", 0).length;
    assertThat(statements).isEqualTo(7);
    for (int done = 0; done < statements; done++) {
      product().clear(database);
      store().open();
      List<RunRecord> before = fill(store());
      DataSource dying = DyingPool.of(product().unpooled(database), MigrationTest::isChange, done);

      assertThatThrownBy(() -> NextVersion.of(JdbcJobStore.using(dying)).open())
          .as("killed after %d statements", done)
          .hasMessageContaining("killed");
      assertThat(versions()).contains("schema " + OLD);
      assertThat(store().runs(RunQuery.all()).items()).isEqualTo(before);

      assertThat(next().open().schema()).isEqualTo(NEW);
      assertThat(versions()).containsExactly(migrated(OLD));
      assertThat(next().runs(RunQuery.all()).items()).isEqualTo(before);
      assertThat(openShadesOfRuns()).isEqualTo(2);
    }
    product().clear(database);
    execute(ddl);
    assertThat(next().ddl()).isEmpty();
  }

  @Test
  void ddl_ofAnOlderVersion_isWhatItLacks_andMayBeRepeated() {
    store().open();
    String ddl = next().ddl();

    assertThat(ddl)
        .startsWith(
            "update belfry_meta set number = %d where name = 'oldest_reader' and number < %d;\nalter"
                .formatted(OLD, OLD))
        .endsWith(
            "\nupdate belfry_meta set number = %d where name = 'schema' and number < %d;\n"
                .formatted(NEW, NEW));
    execute(ddl);
    execute(ddl);
    assertThat(versions()).containsExactly(migrated(OLD));
    assertThat(next().withoutSchemaCreation().open().schema()).isEqualTo(NEW);
    assertThat(next().ddl()).isEmpty();
  }

  @Test
  void withoutSchemaCreation_refusesAnOlderVersion() {
    store().open();

    assertThatThrownBy(() -> next().withoutSchemaCreation().open())
        .hasMessage(
            "the schema of \"belfry_\" is version %d, this Belfry needs version %d; run the"
                + " statements that JdbcJobStore.ddl() returns",
            OLD, NEW)
        .extracting(e -> ((StoreException) e).kind())
        .isEqualTo(Kind.PERMANENT);
    assertThat(versions()).containsExactly("oldest_reader " + OLD, "schema " + OLD);
  }

  @Test
  void open_withoutTheRightToChangeTables_saysWhatSomebodyElseShallRun() {
    DataSource weak = product().userWhoMakesNothing(database);
    store().open();
    JdbcJobStore next = NextVersion.of(JdbcJobStore.using(weak));

    assertThatThrownBy(next::open)
        .hasMessageStartingWith("cannot change the tables to version " + NEW + ": ")
        .hasMessageEndingWith(
            "); have somebody who may make tables run these statements, then open the store"
                + " again:\n"
                + next.ddl())
        .extracting(e -> ((StoreException) e).kind())
        .isEqualTo(Kind.PERMANENT);

    execute(next.ddl());
    assertThat(next.open().schema()).isEqualTo(NEW);
  }

  @Test
  void prefix_isThatOfTheTablesChanged() {
    JdbcJobStore shop = store().withTablePrefix("shop_");
    store().open();
    shop.open();

    assertThat(NextVersion.of(shop).open().schema()).isEqualTo(NEW);

    assertThat(query("select shade from shop_run")).isEmpty();
    assertThat(versions()).containsExactly("oldest_reader " + OLD, "schema " + OLD);
  }

  @Test
  void tableInUse_isChangedOnceItIsFree_andOthersPassMeanwhile() throws Exception {
    JdbcJobStore store = store();
    store.open();
    store.insert(List.of(newRun().withDue(new Due.After(Duration.ofDays(1)))));
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (Connection user = pool.getConnection();
        Statement statement = user.createStatement()) {
      user.setAutoCommit(false);
      user.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      statement.executeUpdate("update belfry_run set attempt = attempt");
      Future<Integer> opened = thread.submit(() -> next().open().schema());
      assertThatThrownBy(() -> opened.get(2, TimeUnit.SECONDS))
          .isInstanceOf(TimeoutException.class);

      assertThat(fill(store)).as("others pass").hasSize(4);
      assertThat(versions()).contains("schema " + OLD);
      user.commit();
      user.setAutoCommit(true);

      assertThat(opened.get(60, TimeUnit.SECONDS)).isEqualTo(NEW);
    } finally {
      thread.shutdownNow();
    }
    assertThat(openShadesOfRuns()).isEqualTo(3);
  }
}
