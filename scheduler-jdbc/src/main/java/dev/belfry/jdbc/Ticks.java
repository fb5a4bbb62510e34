// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.jdbc.History.End;
import dev.belfry.jdbc.History.Facts;
import dev.belfry.jdbc.History.Span;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import dev.belfry.store.Accepted;
import dev.belfry.store.Amendment;
import dev.belfry.store.Firing;
import dev.belfry.store.NewRun;
import dev.belfry.store.Payload;
import dev.belfry.store.ScheduleRow;
import dev.belfry.store.Verdict;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Fires ticks, and starts schedules by hand. */
final class Ticks {
  private final Tx tx;
  private final Lanes lanes;

  Ticks(Tx tx, Lanes lanes) {
    this.tx = tx;
    this.lanes = lanes;
  }

  /** Returns the runs that firings will insert. */
  static List<NewRun> newRuns(List<Firing> firings) {
    var runs = new ArrayList<NewRun>();
    for (Firing firing : firings) {
      if (firing.tick() instanceof Firing.Start start) {
        runs.add(start.run());
      }
    }
    return runs;
  }

  List<Verdict> fire(List<Firing> firings) throws SQLException {
    var verdicts = new Verdict[firings.size()];
    List<Integer> order =
        IntStream.range(0, verdicts.length)
            .boxed()
            .sorted(Comparator.comparing(i -> firings.get(i).schedule()))
            .toList();
    for (int i : order) {
      verdicts[i] = fire(firings.get(i));
    }
    return List.of(verdicts);
  }

  private Verdict fire(Firing firing) throws SQLException {
    Optional<ScheduleRow> row = Schedules.lock(tx, firing.schedule());
    if (row.isEmpty() || !isAsSeen(row.get(), firing)) {
      return hasStarted(firing) ? Verdict.REPEATED : Verdict.REFUSED;
    }
    if (firing.tick() instanceof Firing.Park park) {
      return park(row.get(), park, firing.missed());
    }
    missed(row.get(), firing.missed());
    Optional<RunId> run =
        firing.tick() instanceof Firing.Start start ? start(firing, start.run()) : Optional.empty();
    tx.requireOne(
        tx.update(
            "update {schedule} set next_at = ?, queued = false where id = ?",
            firing.next(),
            firing.schedule()));
    if (run.isPresent()) {
      tx.update(
          "update {schedule} set last_at = ?, last_run = ? where id = ?",
          firing.nominal(),
          run.get(),
          firing.schedule());
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
            firing.nominal(),
            start.run().id());
  }

  /** Starts the run of a tick, unless the tick had one already, or is too old to know. */
  private Optional<RunId> start(Firing firing, NewRun run) throws SQLException {
    boolean fired =
        tx.exists(
                "select 1 from {tick} where schedule = ? and nominal = ?",
                firing.schedule(),
                firing.nominal())
            || tx.exists(
                "select 1 from {tick_mark} where schedule = ? and nominal >= ?",
                firing.schedule(),
                firing.nominal());
    if (fired) {
      return Optional.empty();
    }
    tx.update(
        "insert into {tick} (schedule, nominal, run, fired_at) values (?, ?, ?, ?)",
        firing.schedule(),
        firing.nominal(),
        run.id(),
        tx.now());
    Accepted accepted = new Inserts(tx, lanes, false).insert(List.of(run)).get(0);
    return accepted instanceof Accepted.Created ? Optional.of(run.id()) : Optional.empty();
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
      new Amendments(tx, lanes).cancel(park.on(), "replaced by the next tick of " + row.id());
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
    var payloads = new Payloads();
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
    var ledger = new Ledger();
    ledger.neverPending(pass, facts);
    ledger.write(tx);
    payloads.write(tx);
  }

  Verdict trigger(Amendment.TriggerSchedule change) throws SQLException {
    Optional<ScheduleRow> row = Schedules.lock(tx, change.id());
    if (row.isEmpty()) {
      return Verdict.REFUSED;
    }
    Optional<RunId> last = row.get().lastRun();
    if (last.equals(Optional.of(change.run().id()))) {
      return Verdict.REPEATED;
    }
    if (change.lastRun().isPresent() && !last.equals(change.lastRun())) {
      return Verdict.REFUSED;
    }
    Accepted accepted = new Inserts(tx, lanes, false).insert(List.of(change.run())).get(0);
    if (!(accepted instanceof Accepted.Created)) {
      return Verdict.REFUSED;
    }
    tx.update("update {schedule} set last_run = ? where id = ?", change.run().id(), change.id());
    return Verdict.APPLIED;
  }
}
