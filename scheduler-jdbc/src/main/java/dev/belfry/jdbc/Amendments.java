// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.jdbc.History.End;
import dev.belfry.jdbc.History.Span;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.store.Amendment;
import dev.belfry.store.Lane;
import dev.belfry.store.LimitKey;
import dev.belfry.store.NewRun;
import dev.belfry.store.Verdict;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes from outside a run. Rare, so each locks its row first. */
final class Amendments {
  private final Tx tx;
  private final Lanes lanes;

  Amendments(Tx tx, Lanes lanes) {
    this.tx = tx;
    this.lanes = lanes;
  }

  /** Returns the runs that changes will insert. */
  static List<NewRun> newRuns(List<Amendment> changes) {
    var runs = new ArrayList<NewRun>();
    for (Amendment change : changes) {
      if (change instanceof Amendment.TriggerSchedule trigger) {
        runs.add(trigger.run());
      }
    }
    return runs;
  }

  List<Verdict> amend(List<Amendment> changes) throws SQLException {
    var verdicts = new ArrayList<Verdict>();
    for (Amendment change : changes) {
      verdicts.add(amend(change));
    }
    return List.copyOf(verdicts);
  }

  private Verdict amend(Amendment change) throws SQLException {
    if (change instanceof Amendment.Cancel cancel) {
      return cancel(cancel.run(), cancel.reason());
    } else if (change instanceof Amendment.Reschedule move) {
      return reschedule(move);
    } else if (change instanceof Amendment.Release release) {
      return release(release);
    } else if (change instanceof Amendment.CreateSchedule create) {
      return Schedules.amend(tx, create);
    } else if (change instanceof Amendment.ChangeSchedule edit) {
      return Schedules.amend(tx, edit);
    } else if (change instanceof Amendment.PauseSchedule pause) {
      return Schedules.amend(tx, pause);
    } else if (change instanceof Amendment.DeleteSchedule delete) {
      return Schedules.amend(tx, delete);
    } else if (change instanceof Amendment.ResetSchedule reset) {
      return Schedules.amend(tx, reset);
    }
    return new Ticks(tx, lanes).trigger((Amendment.TriggerSchedule) change);
  }

  Verdict cancel(RunId id, String reason) throws SQLException {
    Optional<HotRun> found = HotRun.lock(tx, id);
    if (found.isEmpty()) {
      return Verdict.REFUSED;
    }
    HotRun run = found.get();
    if (run.cancelled()) {
      return Verdict.REPEATED;
    }
    Newcomers.remove(tx, run);
    List<LimitKey> left = // it needs no turn to end, and so never has one
        run.limits().stream().filter(key -> !key.isTurn() || run.hasTurn()).toList();
    tx.requireOne(
        tx.update(
            "update {run} set cancelled = true, cancel_reason = ?, limits = ? where id = ?",
            new @Nullable Object[] {reason, Limits.text(left), id}));
    if (run.state() == HotRun.RUNNING) {
      return Verdict.APPLIED;
    }
    boolean opens = !run.waiting() && run.opens();
    return moved(run, tx.now(), opens, "asked to end: " + reason);
  }

  private Verdict reschedule(Amendment.Reschedule move) throws SQLException {
    Optional<HotRun> run = HotRun.lock(tx, move.run());
    if (run.isEmpty() || run.get().state() != HotRun.SCHEDULED || run.get().waiting()) {
      return Verdict.REFUSED;
    }
    Instant due = Tx.cut(move.due().from(tx.now()));
    return moved(run.get(), due, run.get().opens(), "moved to " + due + " by " + move.actor());
  }

  private Verdict release(Amendment.Release release) throws SQLException {
    Optional<HotRun> run = HotRun.lock(tx, release.run());
    if (run.isEmpty() || run.get().state() != HotRun.BLOCKED) {
      return Verdict.REFUSED;
    }
    return moved(run.get(), tx.now(), true, "released by " + release.actor());
  }

  /** Makes a run that nobody holds ready at an instant, under a new fence. */
  private Verdict moved(HotRun run, Instant due, boolean opens, String detail) throws SQLException {
    Instant now = tx.now();
    Lane lane = lanes.byId(tx, run.lane());
    tx.requireOne(
        tx.update(
            "update {run} set state = 0, waiting = false, held = 0, due_at = ?,"
                + " opens = ?, fence = fence + 1, detail = ? where id = ? and fence = ?",
            new @Nullable Object[] {due, opens, null, run.id(), run.fence()}));
    var ledger = new Ledger();
    ledger.goesOn(
        History.silent(
            run.id(),
            run.fence() + 1,
            lane.job(),
            0,
            Optional.empty(),
            End.of(Pass.Event.MOVED, detail),
            new Span(now, now)));
    ledger.write(tx);
    tx.ready(run.lane(), due);
    Limits.left(tx, run);
    return Verdict.APPLIED;
  }
}
