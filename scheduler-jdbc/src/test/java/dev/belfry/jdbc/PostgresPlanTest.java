// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.NodeId;
import dev.belfry.store.Due;
import dev.belfry.store.NodeCard;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * PostgreSQL reads no more than it must of a million runs, with plans that were made for any values
 * while its tables were empty.
 */
class PostgresPlanTest extends StoreBase {
  private static final int WAITING = 1_000_000;
  private static final int ENDED = 100_000;
  private static final Pattern BUFFERS =
      Pattern.compile("Buffers: shared hit=(\\d+)(?: read=(\\d+))?");

  private final Sql sql = new PostgresSql("belfry_");

  @Override
  Product product() {
    return Product.POSTGRES;
  }

  /** One test, as it takes seconds to fill the tables. */
  @Test
  void statementsForManyRuns_goByTheirIndexes() throws SQLException {
    JdbcJobStore store = store();
    var later = newRun().withDue(new Due.After(Duration.ofDays(1)));
    store.insert(List.of(later));
    NodeId node = store.join(new NodeCard("node", "test", Set.of(JOB)), Duration.ofSeconds(9));
    String claim = claim(lane(store), node);
    String move = move(node);
    String insert = insert(lane(store));
    String record = record(node);
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      prepare(connection, "claim", sql.claimAtOnce().orElseThrow());
      prepare(connection, "move", sql.move().orElseThrow());
      prepare(connection, "ins", sql.insertAtOnce().orElseThrow());
      prepare(connection, "single", withoutSettings(sql.insertOne()));
      prepare(connection, "rec", withoutSettings(sql.recordAlone()));
      prepare(connection, "one", withoutSettings(sql.recordOne()));
      for (String statement :
          List.of(claim, move, insert, insertOne(lane(store)), record, recordOne(node))) {
        explain(connection, statement); // planned here, and kept
      }

      product().copyRows(database, "belfry_run", "id", WAITING);
      store.insert(Stream.generate(this::newRun).limit(1_000).toList());
      execute(
          "insert into belfry_history (run, fence, job, attempt, event, started_at, ended_at, ran,"
              + " succeeded, failed) select gen_random_uuid(), 1, 'send-email', 1, 'RETRIED', now(),"
              + " now(), 0, 0, 0 from generate_series(1, "
              + ENDED
              + ")");

      List<String> claimed = explain(connection, claim);
      assertThat(claimed)
          .anyMatch(line -> line.contains("Index Scan using belfry_run_ready on belfry_run"))
          .anyMatch(line -> line.contains("Index Scan using belfry_run_pkey on belfry_run"))
          .anyMatch(line -> line.contains("rows=100.00 loops=1"));
      assertReadsLittle(claimed);
      List<String> moved = explain(connection, move);
      assertThat(moved)
          .anyMatch(line -> line.contains("Index Scan using belfry_run_pkey on belfry_run"));
      assertReadsLittle(moved);
      List<String> inserted = explain(connection, insert);
      assertThat(inserted)
          .anyMatch(line -> line.contains("using belfry_history_pkey on belfry_history"));
      assertReadsLittle(inserted);
      assertThat(explain(connection, insertOne(lane(store))))
          .anyMatch(line -> line.contains("using belfry_history_pkey on belfry_history"));
      List<String> recorded = explain(connection, record);
      assertThat(recorded)
          .anyMatch(line -> line.contains("Index Scan using belfry_run_pkey on belfry_run"));
      assertReadsLittle(recorded);
      assertThat(explain(connection, recordOne(node)))
          .anyMatch(line -> line.contains("Index Scan using belfry_run_pkey on belfry_run"));
    }
  }

  /** Statements are prepared with numbers where a driver has question marks. */
  private void prepare(Connection connection, String name, String template) throws SQLException {
    String text = sql.text(template);
    for (int i = 1; text.contains("?"); i++) {
      text = text.replaceFirst("\\?", "\\$" + i);
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("set plan_cache_mode = force_generic_plan");
      statement.execute("prepare " + name + " as " + text);
    }
    connection.commit();
  }

  private static String claim(int lane, NodeId node) {
    return """
        claim(array[%1$d], array[100], array['%2$s'::timestamptz], '%4$s', 100, '%3$s', '%4$s',
          '%4$s')"""
        .formatted(lane, Marks.BEGINNING, node.value(), START);
  }

  /** Of ids that are not there, which have to be looked for all the same. */
  private static String move(NodeId node) {
    return """
        move(null, 1, 0, 0, 'COMPLETED', null, null, null, null, 0, 0, null, null, 'json', '{}',
          %1$s, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}',
          '%2$s', false, '%3$s', '%3$s', '%3$s')"""
        .formatted(ids(), node.value(), START);
  }

  /** Of ids between which there are others in history, so that each has to be looked for. */
  private static String insert(int lane) {
    return """
        ins(null, %2$d, '%3$s', null, 'ENQUEUE', null, null, null, null, null, false, null, 'json',
          '{}', %1$s, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}',
          '%3$s', '%4$s', '%5$s')"""
        .formatted(ids(), lane, START, new UUID(0, 0), new UUID(-1, -1));
  }

  private static String insertOne(int lane) {
    return """
        single(%1$d, 'ENQUEUE', null, null, null, null, null, false, null, 'json', null, '%2$s',
          null, 0, null)"""
        .formatted(lane, new UUID(1, 1));
  }

  /** What sets the connection up goes before it in the same message. */
  private static String withoutSettings(Optional<String> message) {
    return message.orElseThrow().substring(message.orElseThrow().indexOf(';') + 1);
  }

  private static String recordOne(NodeId node) {
    return """
        one('', 'step', 0, 'STEP', 'Integer', 'RESULT', 1, 'json', null, null, null, null, null,
          '%s', 1, '%s')"""
        .formatted(new UUID(1, 1), node.value());
  }

  private static String record(NodeId node) {
    return """
        rec(null, 1, '', 'step', 0, 'STEP', 'Integer', 'RESULT', 1, 'json', null, null, null, null,
          %1$s, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', %1$s,
          '%2$s', null)"""
        .formatted(ids(), node.value());
  }

  /** Returns a hundred ids that are not there. */
  private static String ids() {
    return IntStream.range(0, 100)
        .mapToObj(i -> "'" + new UUID(1, i) + "'")
        .collect(joining(", ", "array[", "]::uuid[]"));
  }

  /** Executes in a transaction as the store begins it, and takes all back. */
  private List<String> explain(Connection connection, String call) throws SQLException {
    sql.begin(connection);
    List<String> plan =
        EmptyDatabase.query(
            connection, "explain (analyze, buffers, costs off, timing off) execute " + call);
    connection.rollback();
    return plan;
  }

  private static void assertReadsLittle(List<String> plan) {
    assertThat(plan).noneMatch(line -> line.contains("Seq Scan") || line.contains("Hash"));
    Matcher buffers =
        BUFFERS.matcher(plan.stream().filter(l -> l.contains("Buffers")).findFirst().orElse(""));
    assertThat(buffers.find()).isTrue();
    assertThat(Integer.parseInt(buffers.group(1)))
        .as("pages touched for 100 runs")
        .isLessThan(5_000);
  }
}
