// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.RunId;
import dev.belfry.store.Accepted;
import dev.belfry.store.Amendment;
import dev.belfry.store.Firing;
import dev.belfry.store.NewRun;
import dev.belfry.store.ScheduleRow;
import dev.belfry.store.Verdict;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
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

  /** Fires each schedule once in a round; so its next firing sees what the one before has done. */
  List<Verdict> fire(List<Firing> firings) throws SQLException {
    var verdicts = new Verdict[firings.size()];
    List<Integer> left = IntStream.range(0, verdicts.length).boxed().toList();
    while (!left.isEmpty()) {
      var round = new TreeMap<String, Integer>(); // in order of id, lest two wait for each other
      var later = new ArrayList<Integer>();
      for (int i : left) {
        if (round.putIfAbsent(firings.get(i).schedule(), i) != null) {
          later.add(i);
        }
      }
      var batch = TickBatch.of(tx, lanes, round.keySet());
      for (int i : round.values()) {
        verdicts[i] = batch.add(firings.get(i));
      }
      batch.write();
      left = later;
    }
    return List.of(verdicts);
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
    Accepted accepted = new Inserts(tx, lanes).insert(List.of(change.run())).get(0);
    if (!(accepted instanceof Accepted.Created)) {
      return Verdict.REFUSED;
    }
    tx.update("update {schedule} set last_run = ? where id = ?", change.run().id(), change.id());
    return Verdict.APPLIED;
  }
}
