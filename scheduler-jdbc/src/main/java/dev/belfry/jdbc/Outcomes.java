// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.jdbc.History.End;
import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.store.Ending;
import dev.belfry.store.Lane;
import dev.belfry.store.LimitKey;
import dev.belfry.store.Outcome;
import dev.belfry.store.Payload;
import dev.belfry.store.Verdict;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes the outcomes of passes: one object for one exchange. */
final class Outcomes {
  /*
   * Rows are read without a lock and written with a guard on all that may change while a node holds
   * them: the fence, a request to cancel, and whether somebody waits for the end. If one of these
   * has changed in between, the whole exchange is done again. So there is one write per row, and it
   * is by primary key, in order of id.
   */
  private static final String GUARD =
      " where id = ? and state = 1 and fence = ? and watched = ? and cancelled = ?";
  private static final String DELETE = "delete from {run}" + GUARD;
  private static final String UPDATE =
      "update {run} set state = ?, due_at = ?, node = null, claimed_at = null, fence = ?,"
          + " attempt = ?, opens = ?, interruptions = ?, detail = ?, waiting = ?, held = 0"
          + GUARD;

  private final Tx tx;
  private final Lanes lanes;
  private final NodeId node;
  private final Limits limits;
  private final List<LimitKey> freed = new ArrayList<>();
  private final Ledger ledger = new Ledger();
  private final List<HotRun> deletes = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();

  Outcomes(Tx tx, Lanes lanes, NodeId node, Limits limits) {
    this.tx = tx;
    this.lanes = lanes;
    this.node = node;
    this.limits = limits;
  }

  /**
   * Writes outcomes.
   *
   * @param wanted what a claim that follows will want slots of, to be locked with what is freed
   */
  List<Verdict> write(List<Outcome> outcomes, Wanted wanted) throws SQLException {
    if (outcomes.isEmpty()) {
      return List.of();
    }
    var verdicts = new Verdict[outcomes.size()];
    Set<RunId> moved = move(outcomes, false);
    var left = new ArrayList<Integer>();
    for (int i = 0; i < verdicts.length; i++) {
      if (moved.remove(outcomes.get(i).run())) {
        verdicts[i] = Verdict.APPLIED;
      } else {
        left.add(i);
      }
    }
    if (!left.isEmpty()) {
      writeEach(outcomes, left, verdicts, wanted);
    }
    return List.of(verdicts);
  }

  /** Moves what ended to history, where that takes one statement; returns which runs those were. */
  private Set<RunId> move(List<Outcome> outcomes, boolean inSlots) throws SQLException {
    Optional<String> statement = tx.sql().move();
    if (statement.isEmpty()) {
      return new HashSet<>();
    }
    var ended = new LinkedHashMap<RunId, Outcome>();
    outcomes.stream().filter(Move::takes).forEach(o -> ended.putIfAbsent(o.run(), o));
    return Move.run(tx, statement.get(), node, ended.values(), inSlots);
  }

  private void writeEach(
      List<Outcome> outcomes, List<Integer> left, Verdict[] verdicts, Wanted wanted)
      throws SQLException {
    List<Outcome> rest = left.stream().map(outcomes::get).toList();
    var held = new HashMap<RunId, HotRun>();
    for (HotRun run : HotRun.read(tx, rest.stream().map(Outcome::run).distinct().toList())) {
      held.put(run.id(), run);
    }
    if (held.values().stream().anyMatch(run -> !run.freed(true).isEmpty())) {
      held.values().forEach(run -> freed.addAll(run.freed(true)));
      freed.addAll(wanted.keys());
      limits.lock(freed);
    }
    lockSuspended(rest);
    Set<RunId> moved = moveFromSlots(rest, held);
    var unclear = new ArrayList<Integer>();
    for (int i : left) {
      Outcome outcome = outcomes.get(i);
      HotRun run = held.get(outcome.run());
      if (run != null && run.isHeldBy(node, outcome.fence())) {
        held.remove(run.id());
        if (moved.contains(run.id())) {
          limits.release(run.freed(true));
        } else {
          apply(run, outcome);
        }
        verdicts[i] = Verdict.APPLIED;
      } else {
        unclear.add(i);
      }
    }
    flush();
    limits.fill(freed);
    Set<Written> before = written(unclear.stream().map(outcomes::get).toList());
    for (int i : unclear) {
      Outcome o = outcomes.get(i);
      var asked = new Written(o.run(), o.fence(), end(o.ending()).event(), Optional.of(node));
      verdicts[i] = before.contains(asked) ? Verdict.REPEATED : Verdict.REFUSED;
    }
  }

  /** Moves what has slots, whose keys are locked by now. */
  private Set<RunId> moveFromSlots(List<Outcome> outcomes, Map<RunId, HotRun> held)
      throws SQLException {
    Set<RunId> inSlots = new HashSet<>();
    held.values().stream().filter(HotRun::hasSlots).map(HotRun::id).forEach(inSlots::add);
    return move(outcomes.stream().filter(o -> inSlots.contains(o.run())).toList(), true);
  }

  /** Locks runs that wait from now on, so that whoever wakes one comes before it or after. */
  private void lockSuspended(List<Outcome> outcomes) throws SQLException {
    List<RunId> suspended =
        outcomes.stream()
            .filter(outcome -> outcome.ending() instanceof Ending.Suspended)
            .map(Outcome::run)
            .distinct()
            .sorted()
            .toList();
    if (!suspended.isEmpty()) {
      tx.listIn("select id from {run} where id in (*) order by id for update", Row::run, suspended);
    }
  }

  /** Reads which of these outcomes, or others of the same passes, stand in history already. */
  private Set<Written> written(List<Outcome> outcomes) throws SQLException {
    return outcomes.isEmpty()
        ? Set.of()
        : new HashSet<>(
            tx.listIn(
                "select run, fence, event, node from {history} where run in (*)",
                row ->
                    new Written(
                        row.run(),
                        row.bigNumber(),
                        Pass.Event.valueOf(row.text()),
                        row.optionalNode()),
                outcomes.stream().map(Outcome::run).distinct().toList()));
  }

  private void apply(HotRun run, Outcome outcome) throws SQLException {
    Instant now = tx.now();
    Lane lane = lanes.byId(tx, run.lane());
    Ending ending = outcome.ending();
    limits.release(run.freed(end(ending).event().isFinal()));
    Pass pass = History.reported(run, lane.job(), node, outcome.report(), end(ending), now);
    if (pass.event().isFinal()) {
      deletes.add(run);
      Optional<Payload> result =
          ending instanceof Ending.Completed completed
              ? Optional.of(completed.result())
              : Optional.empty();
      ledger.ended(run, lane.priority(), pass, result);
    } else {
      ledger.goesOn(pass);
      Change change =
          ending instanceof Ending.Suspended suspended
              ? suspended(run, suspended, now)
              : change(run, ending, now);
      change = change.notAfter(outcome.latest());
      changes.add(change);
      if (change.state == HotRun.SCHEDULED) {
        tx.ready(run.lane(), change.due);
      }
    }
  }

  private Change suspended(HotRun run, Ending.Suspended ending, Instant now) throws SQLException {
    Memos.Suspension on = new Memos(tx).suspend(run.id(), ending.on());
    var change =
        new Change(
            run,
            on.due().isPresent() ? HotRun.SCHEDULED : HotRun.WAITING,
            on.due().orElse(now),
            run.fence(),
            run.attempt(),
            false,
            run.interruptions(),
            ending.detail(),
            on.waits());
    return run.cancelled() ? change.dueAtOnce(now) : change;
  }

  private static Change change(HotRun run, Ending ending, Instant now) {
    Change change;
    if (ending instanceof Ending.Retried retried) {
      change = Change.scheduled(run, now.plus(retried.delay()), true);
    } else if (ending instanceof Ending.Snoozed snoozed) {
      change = Change.scheduled(run, now.plus(snoozed.delay()), false);
    } else if (ending instanceof Ending.Blocked blocked) {
      change =
          new Change(
              run,
              HotRun.BLOCKED,
              run.dueAt(),
              run.fence(),
              run.attemptBefore(),
              true,
              run.interruptions(),
              blocked.detail(),
              false);
    } else {
      boolean interrupted = ((Ending.HandedBack) ending).interrupted();
      change =
          new Change(
              run,
              HotRun.SCHEDULED,
              run.dueAt(),
              run.fence() + 1,
              run.attemptBefore(),
              run.opens(),
              run.interruptions() + (interrupted ? 1 : 0),
              null,
              false);
    }
    return run.cancelled() ? change.dueAtOnce(now) : change;
  }

  static End end(Ending ending) {
    if (ending instanceof Ending.Completed) {
      return End.of(Pass.Event.COMPLETED, "");
    } else if (ending instanceof Ending.Failed e) {
      return new End(Pass.Event.FAILED, e.detail(), Optional.of(e.failure()));
    } else if (ending instanceof Ending.TimedOut e) {
      return new End(Pass.Event.TIMED_OUT, e.detail(), Optional.of(e.failure()));
    } else if (ending instanceof Ending.Cancelled e) {
      return End.of(Pass.Event.CANCELLED, e.detail());
    } else if (ending instanceof Ending.Skipped e) {
      return End.of(Pass.Event.SKIPPED, e.detail());
    } else if (ending instanceof Ending.Retried e) {
      return new End(Pass.Event.RETRIED, e.detail(), Optional.of(e.failure()));
    } else if (ending instanceof Ending.Snoozed e) {
      return End.of(Pass.Event.SNOOZED, e.detail());
    } else if (ending instanceof Ending.Suspended e) {
      return End.of(Pass.Event.SUSPENDED, e.detail());
    } else if (ending instanceof Ending.Blocked e) {
      return End.of(Pass.Event.BLOCKED, e.detail());
    }
    return End.of(Pass.Event.HANDED_BACK, ((Ending.HandedBack) ending).detail());
  }

  private void flush() throws SQLException {
    deletes.sort(Comparator.comparing(HotRun::id));
    changes.sort(Comparator.comparing(c -> c.run.id()));
    tx.batchOfOnes(DELETE, deletes.stream().map(Outcomes::guard).toList());
    tx.batchOfOnes(UPDATE, changes.stream().map(Change::values).toList());
    ledger.write(tx);
  }

  private static @Nullable Object[] guard(HotRun run) {
    return new @Nullable Object[] {run.id(), run.fence(), run.watched(), run.cancelled()};
  }

  /** What a hot row becomes. */
  private record Change(
      HotRun run,
      int state,
      Instant due,
      long fence,
      int attempt,
      boolean opens,
      int interruptions,
      @Nullable String detail,
      boolean waiting) {
    static Change scheduled(HotRun run, Instant due, boolean opens) {
      return new Change(
          run,
          HotRun.SCHEDULED,
          due,
          run.fence(),
          run.attempt(),
          opens,
          run.interruptions(),
          null,
          false);
    }

    /** Has the run due by an instant, if one is given; one that waits is due then, too. */
    Change notAfter(Optional<Instant> latest) {
      if (latest.isEmpty()
          || state == HotRun.BLOCKED
          || (state == HotRun.SCHEDULED && !due.isAfter(latest.get()))) {
        return this;
      }
      return new Change(
          run,
          HotRun.SCHEDULED,
          latest.get(),
          fence,
          attempt,
          opens,
          interruptions,
          detail,
          waiting);
    }

    /** The request to cancel stays; the next claim meets it. */
    Change dueAtOnce(Instant now) {
      return new Change(
          run, HotRun.SCHEDULED, now, fence, attempt, opens, interruptions, null, false);
    }

    @Nullable Object[] values() {
      return new @Nullable Object[] {
        state,
        due,
        fence,
        attempt,
        opens,
        interruptions,
        detail,
        waiting,
        run.id(),
        run.fence(),
        run.watched(),
        run.cancelled()
      };
    }
  }

  /** Finds what a claim will want slots of. */
  @FunctionalInterface
  interface Wanted {
    List<LimitKey> keys() throws SQLException;
  }

  private record Written(RunId run, long fence, Pass.Event event, Optional<NodeId> node) {}
}
