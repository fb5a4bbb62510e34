// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.store.Retention;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Deletes what is past its time, in batches. */
final class Purge {
  private static final int BATCH = 1_000;
  private static final Duration TOMBSTONES = Duration.ofDays(1);
  private static final Duration ROLLUPS = Duration.ofDays(90);

  private final Tx tx;
  private final Retention retention;
  private final int limit;

  Purge(Tx tx, Retention retention, int limit) {
    this.tx = tx;
    this.retention = retention;
    this.limit = limit;
  }

  int run() throws SQLException {
    List<RunId> ended = ended();
    List<@Nullable Object[]> ids =
        ended.stream().sorted().map(id -> new @Nullable Object[] {id}).toList();
    for (String table : List.of("memo", "wait", "payload", "run_key", "history")) {
      tx.batch("delete from {" + table + "} where run = ?", ids);
    }
    ticks();
    keys();
    JdbcRecords.purge(tx);
    Limits.sweep(tx);
    Events.purge(tx, retention.events());
    tx.update(
        "delete from {node} where dead_at < ?"
            + " and not exists (select 1 from {run} where {run}.node = {node}.id)",
        tx.now().minus(TOMBSTONES));
    for (String job : tx.list("select distinct job from {lane}", Row::text)) {
      tx.update(
          "delete from {rollup} where job = ? and at_minute < ?", job, tx.now().minus(ROLLUPS));
    }
    return ended.size();
  }

  private List<RunId> ended() throws SQLException {
    var found = new ArrayList<RunId>();
    for (Status status : Status.values()) {
      if (status.isFinal() && found.size() < limit) {
        boolean failed = status == Status.FAILED || status == Status.TIMED_OUT;
        found.addAll(
            tx.list(
                "select run from {history} where status = ? and ended_at < ?"
                    + " order by status, ended_at limit ?",
                Row::run,
                status,
                tx.now().minus(failed ? retention.failed() : retention.ended()),
                limit - found.size()));
      }
    }
    return found;
  }

  /** Forgets old ticks, and remembers up to which one of each schedule nothing may fire. */
  private void ticks() throws SQLException {
    List<Tick> old =
        tx.list(
            "select schedule, nominal from {tick} where fired_at < ? order by fired_at limit ?",
            row -> new Tick(row.text(), row.instant()),
            tx.now().minus(retention.ended()),
            BATCH);
    var marks = new TreeMap<String, Instant>();
    for (Tick tick : old) {
      marks.merge(tick.schedule, tick.nominal, (a, b) -> a.isAfter(b) ? a : b);
    }
    for (Map.Entry<String, Instant> mark : marks.entrySet()) {
      int found =
          tx.update(
              "update {tick_mark} set nominal = greatest(nominal, ?) where schedule = ?",
              mark.getValue(),
              mark.getKey());
      if (found == 0) {
        tx.update(
            "insert into {tick_mark} (nominal, schedule) values (?, ?)",
            mark.getValue(),
            mark.getKey());
      }
    }
    tx.batch(
        "delete from {tick} where schedule = ? and nominal = ?",
        old.stream().map(t -> new @Nullable Object[] {t.schedule, t.nominal}).toList());
  }

  private void keys() throws SQLException {
    Instant now = tx.now();
    List<@Nullable Object[]> expired =
        tx.list(
            "select job, held_key from {unique_key} where expires_at <= ?"
                + " order by expires_at limit ?",
            row -> new @Nullable Object[] {row.text(), row.text(), now},
            now,
            BATCH);
    tx.batch(
        "delete from {unique_key} where job = ? and held_key = ? and expires_at <= ?", expired);
  }

  private record Tick(String schedule, Instant nominal) {}
}
