// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import dev.belfry.store.StoreInfo;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The schema makes itself, once, or is printed for others to make. */
class SchemaTest extends H2Base {
  private static final String COLUMNS =
      "select table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable"
          + " from information_schema.columns where table_schema = 'PUBLIC'"
          + " order by table_name, ordinal_position";
  private static final String INDEXES =
      "select index_name || ' ' || column_name from information_schema.index_columns"
          + " where table_schema = 'PUBLIC' and index_name not like 'PRIMARY%'"
          + " and index_name not like 'CONSTRAINT%' order by index_name, ordinal_position";

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
    assertThat(query("select name from belfry_meta order by name"))
        .containsExactly("catalog", "oldest_reader", "process", "schema");
  }

  @Test
  void ddl_makesTheSameSchemaAsOpen() throws SQLException {
    store().open();
    List<String> columns = query(COLUMNS);
    List<String> indexes = query(INDEXES);
    String ddl = store().ddl();
    execute("drop all objects");

    execute(ddl);

    assertThat(query(COLUMNS)).isEqualTo(columns).hasSizeGreaterThan(100);
    assertThat(query(INDEXES)).isEqualTo(indexes).hasSizeGreaterThan(10);
    assertThat(store().withoutSchemaCreation().open().schema()).isEqualTo(1);
  }

  @Test
  void withoutSchemaCreation_refusesAMissingSchema() throws SQLException {
    assertThatThrownBy(() -> store().withoutSchemaCreation().open())
        .hasMessage(
            "table \"belfry_meta\" is missing or not filled; create the schema with the"
                + " statements that JdbcJobStore.ddl() returns")
        .extracting(e -> ((StoreException) e).kind())
        .isEqualTo(Kind.PERMANENT);
    assertThat(query("show tables")).isEmpty();
  }

  @Test
  void newerSchema_isRefused() throws SQLException {
    store().open();
    execute("update belfry_meta set number = 9 where name in ('schema', 'oldest_reader')");

    assertThatThrownBy(() -> store().open())
        .hasMessage(
            "the schema of \"belfry_\" is version 9, this Belfry reads 1 to 1; update Belfry on"
                + " this node")
        .extracting(e -> ((StoreException) e).kind())
        .isEqualTo(Kind.PERMANENT);
  }

  @Test
  void newerSchema_thatThisCodeCanRead_isTaken() throws SQLException {
    store().open();
    execute("update belfry_meta set number = 2 where name = 'schema'");

    assertThat(store().open().schema()).isEqualTo(2);
  }

  @Test
  void halfMadeSchema_isCompleted() throws SQLException {
    store().open();
    execute("drop table belfry_record");
    execute("delete from belfry_meta where name = 'schema'");

    assertThat(store().open().schema()).isEqualTo(1);

    assertThat(query("select count(*) from belfry_record")).containsExactly("0");
  }
}
