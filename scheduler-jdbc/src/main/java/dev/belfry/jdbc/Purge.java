// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.store.Purged;
import dev.belfry.store.Retention;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Deletes what is past its time: so much as one short transaction can. */
final class Purge {
  /*
   * A run may have a hundred thousand memos, or none, so runs are deleted some at a time, more of
   * them as long as that is quick, until the time of a transaction is up. What is left is for the
   * next one.
   */
  private static final int BATCH = 1_000;
  private static final int FIRST_SLICE = 16;
  private static final long QUICK = Duration.ofMillis(50).toNanos();
  private static final long SHARE = Duration.ofSeconds(1).toNanos();
  private static final Duration TOMBSTONES = Duration.ofDays(1);
  private static final Duration ROLLUPS = Duration.ofDays(90);

  private static final int JOBS_A_TURN = 8;
  private static final Duration TURN = Duration.ofMinutes(10);

  private final Tx tx;
  private final Retention retention;
  private final int limit;
  private final LongSupplier nanoTime;
  private boolean more;

  Purge(Tx tx, Retention retention, int limit, LongSupplier nanoTime) {
    this.tx = tx;
    this.retention = retention;
    this.limit = limit;
    this.nanoTime = nanoTime;
  }

  Purged run() throws SQLException {
    List<RunId> ended = ended();
    int deleted = runs(ended);
    more = deleted < ended.size() || ended.size() == limit;
    full(ticks(), BATCH);
    full(keys(), BATCH);
    full(JdbcRecords.purge(tx), JdbcRecords.PURGED);
    full(Events.purge(tx, retention.events()), Events.PURGED);
    LimitUpkeep.sweep(tx);
    tx.update(
        "delete from {node} where dead_at < ?"
            + " and not exists (select 1 from {run} where {run}.node = {node}.id)",
        tx.now().minus(TOMBSTONES));
    for (String job : jobsOfThisTurn()) {
      full(rollups(job), BATCH);
    }
    return new Purged(deleted, more);
  }

  private void full(int deleted, int most) {
    more |= deleted == most;
  }

  /** Deletes the first of some runs, as many as there is time for; returns how many. */
  private int runs(List<RunId> ended) throws SQLException {
    long start = nanoTime.getAsLong();
    long before = start;
    int slice = FIRST_SLICE;
    int deleted = 0;
    while (deleted < ended.size() && before - start < SHARE) {
      int to = Math.min(deleted + slice, ended.size());
      delete(ended.subList(deleted, to));
      deleted = to;
      long after = nanoTime.getAsLong();
      slice = after - before < QUICK ? slice * 2 : Math.max(1, slice / 2);
      before = after;
    }
    return deleted;
  }

  private void delete(List<RunId> runs) throws SQLException {
    List<@Nullable Object[]> ids =
        runs.stream().sorted().map(id -> new @Nullable Object[] {id}).toList();
    for (String table : List.of("memo", "wait", "payload", "run_key", "history")) {
      tx.batch("delete from {" + table + "} where run = ?", ids);
    }
  }

  private int rollups(String job) throws SQLException {
    List<Instant> old =
        tx.list(
            "select at_minute from {rollup} where job = ? and at_minute < ?"
                + " order by job, at_minute limit ?",
            Row::instant,
            job,
            tx.now().minus(ROLLUPS),
            BATCH);
    if (!old.isEmpty()) {
      tx.update(
          "delete from {rollup} where job = ? and at_minute <= ?", job, old.get(old.size() - 1));
    }
    return old.size();
  }

  /** Returns some of the jobs; who has hundreds has time until all had their turn. */
  private List<String> jobsOfThisTurn() throws SQLException {
    List<String> jobs = tx.list("select distinct job from {lane} order by job", Row::text);
    int turns = (jobs.size() + JOBS_A_TURN - 1) / JOBS_A_TURN;
    long turn = tx.now().getEpochSecond() / TURN.toSeconds();
    return IntStream.range(0, jobs.size())
        .filter(i -> i % turns == turn % turns)
        .mapToObj(jobs::get)
        .toList();
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
  private int ticks() throws SQLException {
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
    return old.size();
  }

  private int keys() throws SQLException {
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
    return expired.size();
  }

  private record Tick(String schedule, Instant nominal) {}
}
