// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.jdbc.History.End;
import dev.belfry.jdbc.History.Facts;
import dev.belfry.jdbc.History.Span;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import dev.belfry.store.Accepted;
import dev.belfry.store.Firing;
import dev.belfry.store.NewRun;
import dev.belfry.store.Payload;
import dev.belfry.store.ScheduleRow;
import dev.belfry.store.Verdict;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fires ticks of different schedules, each at most one, with few statements for all of them. */
final class TickBatch {
  private static final String START =
      "insert into {tick} (schedule, nominal, run, fired_at) select ?, ?, ?, ?"
          + " where not exists (select 1 from {tick} where schedule = ? and nominal = ?)"
          + " and not exists (select 1 from {tick_mark} where schedule = ? and nominal >= ?)";
  private static final String STARTED =
      "update {schedule} set next_at = ?, queued = false, last_at = ?, last_run = ? where id = ?";
  private static final String MOVED =
      "update {schedule} set next_at = ?, queued = false where id = ?";

  private final Tx tx;
  private final Lanes lanes;
  private final Map<String, ScheduleRow> rows;
  private final List<Firing> starts = new ArrayList<>();
  private final List<@Nullable Object[]> started = new ArrayList<>();
  private final List<@Nullable Object[]> moved = new ArrayList<>();
  private final Ledger ledger = new Ledger();
  private final Payloads payloads = new Payloads();

  private TickBatch(Tx tx, Lanes lanes, Map<String, ScheduleRow> rows) {
    this.tx = tx;
    this.lanes = lanes;
    this.rows = rows;
  }

  /** Locks the schedules and begins. */
  static TickBatch of(Tx tx, Lanes lanes, Collection<String> schedules) throws SQLException {
    return new TickBatch(tx, lanes, Schedules.lock(tx, schedules));
  }

  /** Adds a firing, of which all but a wait is written by {@link #write}. */
  Verdict add(Firing firing) throws SQLException {
    ScheduleRow row = rows.get(firing.schedule());
    if (row == null || !isAsSeen(row, firing)) {
      return hasStarted(firing) ? Verdict.REPEATED : Verdict.REFUSED;
    }
    if (firing.tick() instanceof Firing.Park park) {
      return park(row, park, firing.missed());
    }
    missed(row, firing.missed());
    if (firing.tick() instanceof Firing.Start) {
      starts.add(firing);
    } else {
      move(firing);
    }
    return Verdict.APPLIED;
  }

  private boolean isAsSeen(ScheduleRow row, Firing firing) throws SQLException {
    Instant nominal = Tx.cut(firing.nominal());
    return row.version() == firing.version()
        && row.nextAt().equals(Optional.of(nominal))
        && row.lastRun().equals(firing.lastRun())
        && row.parkedOn().isEmpty()
        && !row.paused()
        && !nominal.isAfter(tx.now());
  }

  /** Returns whether this very firing was applied before. */
  private boolean hasStarted(Firing firing) throws SQLException {
    return firing.tick() instanceof Firing.Start start
        && tx.exists(
            "select 1 from {tick} where schedule = ? and nominal = ? and run = ?",
            firing.schedule(),
            tickOf(start, firing),
            start.run().id());
  }

  /** The tick that the run stands for: of several missed ones not always the first. */
  private static Instant tickOf(Firing.Start start, Firing firing) {
    return start.run().trigger().nominal().orElse(firing.nominal());
  }

  private void move(Firing firing) {
    moved.add(new @Nullable Object[] {firing.next(), firing.schedule()});
  }

  private Verdict park(ScheduleRow row, Firing.Park park, Optional<Firing.Missed> missed)
      throws SQLException {
    Optional<HotRun> on = HotRun.lock(tx, park.on());
    if (on.isEmpty()) {
      return Verdict.REFUSED;
    }
    missed(row, missed);
    tx.requireOne(tx.update("update {run} set watched = true where id = ?", park.on()));
    if (park.cancel()) {
      new Amendments(tx, lanes)
          .cancel(park.on(), "the next tick of schedule " + row.id() + " has come");
    }
    tx.requireOne(
        tx.update("update {schedule} set parked_on = ? where id = ?", park.on(), row.id()));
    return Verdict.APPLIED;
  }

  /** Leaves one SKIPPED record for ticks that are not made up. */
  private void missed(ScheduleRow row, Optional<Firing.Missed> maybe) throws SQLException {
    if (maybe.isEmpty()) {
      return;
    }
    Firing.Missed missed = maybe.get();
    Instant now = tx.now();
    String detail = missed.detail();
    Pass pass =
        History.silent(
            missed.record(),
            0,
            row.job(),
            0,
            Optional.empty(),
            End.of(Pass.Event.SKIPPED, detail),
            new Span(now, now));
    Payload input = row.input();
    var facts =
        new Facts(
            0,
            now,
            now,
            Optional.empty(),
            Trigger.schedule(row.id(), missed.last()),
            row.tags(),
            input.codec(),
            payloads.inline(missed.record(), Payloads.INPUT, input),
            null,
            null);
    ledger.neverPending(pass, facts);
  }

  /** Writes all that was added. */
  void write() throws SQLException {
    ledger.write(tx);
    payloads.write(tx);
    List<Firing> news = newTicks();
    List<NewRun> runs = Ticks.newRuns(news);
    List<Accepted> accepted = new Inserts(tx, lanes).insert(runs);
    for (int i = 0; i < accepted.size(); i++) {
      if (accepted.get(i) instanceof Accepted.Created) {
        start(news.get(i));
      } else {
        move(news.get(i));
      }
    }
    tx.batchOfOnes(STARTED, started);
    tx.batchOfOnes(MOVED, moved);
  }

  private void start(Firing firing) {
    var start = (Firing.Start) firing.tick();
    started.add(
        new @Nullable Object[] {
          firing.next(), tickOf(start, firing), start.run().id(), firing.schedule()
        });
  }

  /** Returns those starts whose ticks had no run yet and are not too old to know. */
  private List<Firing> newTicks() throws SQLException {
    var ticks = new ArrayList<@Nullable Object[]>();
    for (Firing firing : starts) {
      String id = firing.schedule();
      var start = (Firing.Start) firing.tick();
      Instant nominal = tickOf(start, firing);
      RunId run = start.run().id();
      ticks.add(new @Nullable Object[] {id, nominal, run, tx.now(), id, nominal, id, nominal});
    }
    int[] inserted = tx.batch(START, ticks);
    var news = new ArrayList<Firing>();
    for (int i = 0; i < inserted.length; i++) {
      if (inserted[i] == 1) {
        news.add(starts.get(i));
      } else {
        move(starts.get(i));
      }
    }
    return news;
  }
}
