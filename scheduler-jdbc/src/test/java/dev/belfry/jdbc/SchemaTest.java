// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import dev.belfry.store.StoreInfo;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The schema makes itself, once, or is printed for others to make. */
class SchemaTest extends DatabaseTest {
  @Test
  void open_byManyAtOnce_makesOneSchema() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      var start = new CyclicBarrier(8);
      var shared = List.of(store(), store());
      List<Callable<StoreInfo>> opens =
          Stream.iterate(0, i -> i + 1)
              .limit(8)
              .<Callable<StoreInfo>>map(
                  i ->
                      () -> {
                        start.await();
                        return shared.get(i % 2).open();
                      })
              .toList();

      for (Future<StoreInfo> opened : threads.invokeAll(opens)) {
        assertThat(opened.get().schema()).isEqualTo(1);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(query("select name from belfry_meta where number > 0 order by name"))
        .containsExactly("catalog", "oldest_reader", "schema");
  }

  @Test
  void ddl_makesTheSameSchemaAsOpen() {
    String ddl = store().ddl();
    store().open();
    List<String> columns = product().columns(database);
    List<String> indexes = product().indexes(database);
    product().clear(database);

    execute(ddl);

    assertThat(product().columns(database)).isEqualTo(columns).hasSizeGreaterThan(100);
    assertThat(product().indexes(database)).isEqualTo(indexes).hasSizeGreaterThan(10);
    assertThat(store().withoutSchemaCreation().open().schema()).isEqualTo(1);
    assertThat(store().ddl()).isEmpty();
  }

  @Test
  void withoutSchemaCreation_refusesAMissingSchema() {
    assertThatThrownBy(() -> store().withoutSchemaCreation().open())
        .hasMessage(
            "table \"belfry_meta\" is missing or not filled; create the schema with the"
                + " statements that JdbcJobStore.ddl() returns")
        .extracting(e -> ((StoreException) e).kind())
        .isEqualTo(Kind.PERMANENT);
    assertThat(product().columns(database)).isEmpty();
  }

  @Test
  void newerSchema_isRefused() {
    store().open();
    execute("update belfry_meta set number = 9 where name = 'schema'");
    execute("update belfry_meta set number = 8 where name = 'oldest_reader'");

    assertThatThrownBy(() -> store().open())
        .hasMessage(
            "the schema of \"belfry_\" is version 9 and needs a Belfry for version 8 or later, this"
                + " one is for version 1; update Belfry on this node")
        .extracting(e -> ((StoreException) e).kind())
        .isEqualTo(Kind.PERMANENT);
  }

  @Test
  void newerSchema_thatThisCodeCanRead_isTaken() {
    store().open();
    execute("update belfry_meta set number = 2 where name = 'schema'");

    assertThat(store().open().schema()).isEqualTo(2);
  }

  @Test
  void halfMadeSchema_isCompleted() {
    store().open();
    execute("drop table belfry_record");
    execute("delete from belfry_meta where name = 'schema'");

    assertThat(store().open().schema()).isEqualTo(1);

    assertThat(query("select count(*) from belfry_record")).containsExactly("0");
  }

  @Test
  void open_withoutTheRightToMakeTables_saysWhatSomebodyElseShallRun() {
    DataSource weak = product().userWhoMakesNothing(database);
    JdbcJobStore store = JdbcJobStore.using(weak);

    assertThatThrownBy(store::open)
        .hasMessageStartingWith("cannot make the tables: ")
        .hasMessageEndingWith(
            "); have somebody who may make tables run these statements, then open the store"
                + " again:\n"
                + store.ddl())
        .extracting(e -> ((StoreException) e).kind())
        .isEqualTo(Kind.PERMANENT);

    execute(store.ddl());
    assertThat(store.open().schema()).isEqualTo(1);
  }
}
