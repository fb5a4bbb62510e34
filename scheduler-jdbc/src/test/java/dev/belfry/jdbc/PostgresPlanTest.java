// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.store.Due;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** PostgreSQL reads no more than it must, with plans made for any values and old statistics. */
class PostgresPlanTest extends StoreBase {
  private static final String COPY =
      "insert into belfry_run select copy.* from belfry_run run, generate_series(1, %d) i,"
          + " lateral jsonb_populate_record(run, jsonb_build_object('id', gen_random_uuid(),"
          + " 'due_at', run.due_at + i * interval '1 ms')) copy where run.id = '%s'";

  private final Sql sql = new PostgresSql("belfry_");

  @Override
  Product product() {
    return Product.POSTGRES;
  }

  @BeforeEach
  void fillALane() {
    var later = newRun().withDue(new Due.After(Duration.ofDays(1)));
    var ready = newRun().withDue(new Due.After(Duration.ofDays(-1)));
    store().insert(List.of(later, ready));
    execute(COPY.formatted(100_000, later.id()));
    execute("analyze belfry_run");
    execute(COPY.formatted(50_000, ready.id()));
  }

  @Test
  void claim_readsAndLocksInTheOrderOfItsIndex() throws SQLException {
    List<String> plan =
        plan(
            sql.claimable(HotRun.COLUMNS).replaceFirst("\\?$", "100"),
            "int, timestamptz, timestamptz",
            lane(store()) + ", '" + Marks.BEGINNING + "', '" + START + "'");

    assertThat(plan)
        .extracting(String::strip)
        .anyMatch(line -> line.startsWith("->  Index Scan using belfry_run_ready "))
        .anyMatch(
            line -> line.equals("Index Cond: ((lane = $1) AND (due_at >= $2) AND (due_at <= $3))"))
        .noneMatch(line -> line.contains("Sort") || line.contains("Seq Scan"));
  }

  @Test
  void nextDueTime_isTheFirstEntryOfTheIndex() throws SQLException {
    List<String> plan =
        plan(Claims.NEXT, "int, timestamptz", lane(store()) + ", '" + Marks.BEGINNING + "'");

    assertThat(plan)
        .anyMatch(line -> line.contains(" using belfry_run_ready "))
        .noneMatch(line -> line.contains("Sort") || line.contains("Seq Scan"));
  }

  /** Returns the plan that is made for any values of the parameters. */
  private List<String> plan(String template, String types, String values) throws SQLException {
    String text = sql.text(template);
    for (int i = 1; text.contains("?"); i++) {
      text = text.replaceFirst("\\?", "\\$" + i);
    }
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("set plan_cache_mode = force_generic_plan");
      statement.execute("prepare asked(" + types + ") as " + text);
      try (ResultSet plan =
          statement.executeQuery("explain (costs off) execute asked(" + values + ")")) {
        return lines(plan);
      }
    }
  }

  private static List<String> lines(ResultSet rows) throws SQLException {
    var lines = new ArrayList<String>();
    while (rows.next()) {
      lines.add(rows.getString(1));
    }
    return lines;
  }
}
