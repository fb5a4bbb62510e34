// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Unique;
import dev.belfry.run.Unique.OnConflict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The moves of runs in memory. Each leaves the indexes right: lane, holder, key, history. */
final class MemoryLife {
  private final MemoryRuns runs;
  private final MemoryLanes lanes;
  private final MemoryNodes nodes;
  private final MemoryHistory history;
  private final MemoryMemos memos;
  private final MemoryLimits limits;
  private final MemoryBatches batches;
  private final MemoryKeys keys = new MemoryKeys();

  MemoryLife(
      MemoryRuns runs,
      MemoryLanes lanes,
      MemoryNodes nodes,
      MemoryHistory history,
      MemoryMemos memos,
      MemoryLimits limits) {
    this.runs = runs;
    this.lanes = lanes;
    this.nodes = nodes;
    this.history = history;
    this.memos = memos;
    this.limits = limits;
    this.batches = new MemoryBatches(limits);
  }

  // Into the store

  List<Accepted> insert(List<NewRun> newRuns, Commit commit) {
    var dues = new Instant[newRuns.size()];
    for (int i = 0; i < dues.length; i++) { // whatever may fail fails before the first insert
      MemoryLanes.requireInRange(newRuns.get(i).priority());
      dues[i] = due(newRuns.get(i).due(), commit);
    }
    var accepted = new ArrayList<Accepted>(dues.length);
    for (int i = 0; i < dues.length; i++) {
      accepted.add(insert(newRuns.get(i), dues[i], commit));
    }
    return accepted;
  }

  Accepted insert(NewRun run, Commit commit) {
    return insert(List.of(run), commit).get(0);
  }

  private static Instant due(Due due, Commit commit) {
    return due instanceof Due.Now ? commit.now() : Commit.micros(due.from(commit.now()));
  }

  private Accepted insert(NewRun run, Instant due, Commit commit) {
    if (runs.contains(run.id())) {
      return new Accepted.Created(run.id());
    }
    Unique unique = run.unique().orElse(null);
    if (unique != null) {
      RunId holder = keys.holder(run.job(), unique, commit.now());
      if (holder != null && unique.onConflict() != OnConflict.REPLACE) {
        return unique.onConflict() == OnConflict.REJECT
            ? new Accepted.Rejected(holder)
            : new Accepted.Existing(holder);
      }
      if (holder != null) {
        replace(holder, run.id(), commit);
      }
    }
    var lane = lanes.lane(run.job(), run.priority(), run.queue(), commit);
    var made = new MemoryRun(run, lane, due, commit.now());
    if (unique != null) {
      made.key = keys.take(run.job(), unique, run.id(), commit.now());
    }
    runs.add(made);
    memos.inserted(made);
    lane.add(made);
    limits.inserted(made);
    commit.ready(lane.id, due);
    return new Accepted.Created(run.id());
  }

  private void replace(RunId holder, RunId by, Commit commit) {
    var run = runs.get(holder);
    if (run != null
        && run.state instanceof RunState.Open open
        && !(open instanceof RunState.Running)) {
      String reason = "replaced by run " + by;
      takeFromLane(run);
      run.fence++;
      history.add(MemoryPass.outside(run, Pass.Event.CANCELLED, reason, commit.now()));
      end(run, open.cancel(commit.now(), reason), Duration.ZERO);
      limits.fill(run.limits, commit);
    }
  }

  /** Inserts a run that has ended before it could start; any lane of its job will do. */
  void insertSkipped(NewRun run, String reason, Commit commit) {
    if (runs.contains(run.id())) {
      return;
    }
    var lane = lanes.anyLane(run.job(), commit);
    var skipped = new MemoryRun(run, lane, commit.now(), commit.now());
    history.add(MemoryPass.outside(skipped, Pass.Event.SKIPPED, reason, commit.now()));
    runs.add(skipped);
    end(skipped, RunState.Scheduled.first(commit.now()).skip(commit.now(), reason), Duration.ZERO);
  }

  // To a node

  /** Claims for a demand, and notes the lanes that were asked. */
  void claim(MemoryNodes.Node node, Demand demand, List<Claimed> claimed, Commit commit) {
    int left = demand.limit();
    for (var quota : demand.lanes()) {
      var lane = lanes.lane(quota.lane());
      int room = Math.min(left, quota.most());
      var batched = new ArrayList<MemoryRun>();
      left -= room;
      while (room > 0 && lane != null && batched.size() < MemoryBatches.SCANNED) {
        var run = lane.pollDue(commit.now());
        if (run == null) {
          break;
        } else if (batches.takes(run)) {
          batched.add(run);
          continue;
        }
        boolean isNew = run.firstClaimedAt == null && !run.limits.isEmpty();
        var answer = limits.admit(run, commit);
        if (answer instanceof Admission.Start || answer instanceof Admission.Skip) {
          claimed.add(claim(run, node, answer, commit.now()));
          room--;
        } else if (answer instanceof Admission.MoveTo later) {
          makeReady(run, ready(run).moveTo(later.due()), commit);
        } else if (answer instanceof Admission.Stay) {
          throw new IllegalStateException("nobody comes before run " + run.id + " unseen");
        }
        if (isNew && run.cancelRequested == null && run.skip == null) {
          String reason = "replaced by run " + run.id;
          limits.replacedBy(run).forEach(old -> cancel(old.id, reason, commit));
        }
      }
      for (var batch : batches.form(batched, room, commit.now())) {
        for (var run : batch) {
          var start = new Admission.Start();
          claimed.add(claim(run, node, start, commit.now()).inBatchOf(batch.get(0).id));
        }
        room--;
      }
      left += room;
    }
  }

  private static Claimed claim(
      MemoryRun run, MemoryNodes.Node node, Admission answer, Instant now) {
    var running = ready(run).claim(node.id, now);
    run.timeLimit = null;
    run.state = running;
    run.fence++;
    if (answer instanceof Admission.Skip skip) {
      run.skip = skip.reason();
    } else if (run.firstClaimedAt == null) {
      run.firstClaimedAt = now;
    }
    node.add(run);
    return run.toClaimed(running);
  }

  /** Returns the state of a run that was due; the time limit of a wait may have come. */
  private static RunState.Scheduled ready(MemoryRun run) {
    if (run.state instanceof RunState.Scheduled scheduled) {
      return scheduled;
    } else if (run.state instanceof RunState.Waiting waiting) {
      return waiting.wake(run.due);
    }
    throw new IllegalStateException("run " + run.id + " stands in its lane, but is " + run.state);
  }

  Optional<Gathered> gathered(RunId id) {
    var run = pending(id);
    return run == null ? Optional.empty() : batches.gathered(run);
  }

  Map<Integer, Instant> nextDue(List<Demand> demands) {
    var nextDue = new HashMap<Integer, Instant>();
    for (var demand : demands) {
      for (var quota : demand.lanes()) {
        var lane = lanes.lane(quota.lane());
        if (lane != null) {
          lane.nextDue().ifPresent(due -> nextDue.put(lane.id, due));
        }
      }
    }
    return nextDue;
  }

  // From a node

  Verdict write(NodeId writer, Outcome outcome, Commit commit) {
    var run = runs.get(outcome.run());
    if (run == null) {
      return Verdict.REFUSED;
    }
    var ending = outcome.ending();
    var facts = EndingFacts.of(ending);
    if (!run.isHeldBy(writer, outcome.fence())
        || !(run.state instanceof RunState.Running running)) {
      return run.hasPass(outcome.fence(), writer, facts.event())
          ? Verdict.REPEATED
          : Verdict.REFUSED;
    }
    // All that may fail comes before the first change.
    var next =
        ending instanceof Ending.Suspended suspended
            ? memos.suspend(run, running, suspended, commit)
            : EndingFacts.stateAfter(ending, running, run.due, commit.now());
    var pass = MemoryPass.reported(run, running, facts, outcome.report(), commit.now());
    takeFromNode(run);
    history.add(pass);
    if (ending instanceof Ending.Completed completed) {
      run.result = completed.result();
    } else if (ending instanceof Ending.HandedBack back) {
      run.fence++;
      run.interruptions += back.interrupted() ? 1 : 0;
    }
    goOn(run, run.notAfter(outcome.latest(), next), outcome.report().ran(), commit);
    limits.fill(run.limits, commit);
    return Verdict.APPLIED;
  }

  private void goOn(MemoryRun run, RunState next, Duration ran, Commit commit) {
    if (next instanceof RunState.Ended ended) {
      end(run, ended, ran);
    } else if (run.cancelRequested != null) {
      run.timeLimit = null;
      makeReady(run, dueAtOnce(next, commit.now()), commit);
    } else if (next instanceof RunState.Scheduled scheduled) {
      makeReady(run, scheduled, commit);
    } else {
      run.state = next;
      if (run.timeLimit != null) {
        stand(run, run.timeLimit, commit);
      }
    }
  }

  /** Frees the run of a dead node. */
  void lose(MemoryRun run, Commit commit) {
    boolean dropped = run.skip != null;
    var running = takeFromNode(run);
    String detail = "node " + running.node() + " lost its lease";
    history.add(MemoryPass.lost(run, running, detail, commit.now()));
    run.fence++;
    // Its place in the lane is the one it had: it has waited long enough.
    makeReady(run, dropped ? running.handBack(run.due) : running.lose(run.due), commit);
    limits.fill(run.limits, commit);
  }

  // From outside

  Verdict cancel(RunId id, String reason, Commit commit) {
    var run = runs.get(id);
    if (run == null || run.isEnded()) {
      return Verdict.REFUSED;
    }
    if (run.cancelRequested != null) {
      return Verdict.REPEATED;
    }
    run.cancelRequested = reason;
    limits.cancelled(run);
    if (run.state instanceof RunState.Running running) {
      holderOf(running).cancel(id, reason);
    } else {
      moveTo(run, dueAtOnce(run.state, commit.now()), "asked to end: " + reason, commit);
    }
    return Verdict.APPLIED;
  }

  /** Settles what a run waits for, and has it go on. */
  void wake(Delivery.WakeRun wake, Commit commit) {
    var run = pending(wake.run());
    if (run != null
        && memos.wake(run, wake, commit)
        && run.state instanceof RunState.Waiting waiting) {
      takeFromLane(run);
      makeReady(run, waiting.wake(commit.now()), commit);
    }
  }

  Verdict reschedule(Amendment.Reschedule change, Commit commit) {
    var run = runs.get(change.run());
    if (run == null || !(run.state instanceof RunState.Scheduled scheduled)) {
      return Verdict.REFUSED;
    }
    Instant due = due(change.due(), commit);
    moveTo(run, scheduled.moveTo(due), "moved to " + due + " by " + change.actor(), commit);
    return Verdict.APPLIED;
  }

  Verdict release(Amendment.Release change, Commit commit) {
    var run = runs.get(change.run());
    if (run == null || !(run.state instanceof RunState.Blocked blocked)) {
      return Verdict.REFUSED;
    }
    moveTo(run, blocked.release(commit.now()), "released by " + change.actor(), commit);
    return Verdict.APPLIED;
  }

  private void moveTo(MemoryRun run, RunState.Scheduled next, String detail, Commit commit) {
    takeFromLane(run);
    run.fence++;
    history.add(MemoryPass.outside(run, Pass.Event.MOVED, detail, commit.now()));
    makeReady(run, next, commit);
    limits.fill(run.limits, commit);
  }

  /** Returns the state in which the next claim meets the request to end. */
  private static RunState.Scheduled dueAtOnce(RunState state, Instant now) {
    if (state instanceof RunState.Scheduled scheduled) {
      return scheduled.due().isAfter(now) ? scheduled.moveTo(now) : scheduled;
    } else if (state instanceof RunState.Blocked blocked) {
      return blocked.release(now);
    } else if (state instanceof RunState.Waiting waiting) {
      return waiting.wake(now);
    }
    throw new IllegalStateException("nobody waits in " + state);
  }

  // Out of the store

  int purge(Retention retention, int limit, Instant now) {
    keys.purge(now);
    for (int purged = 0; purged < limit; purged++) {
      var run = history.pollOutdated(retention, now);
      if (run == null) {
        return purged;
      }
      runs.remove(run);
    }
    return limit;
  }

  // The indexes

  private void end(MemoryRun run, RunState.Ended state, Duration ran) {
    run.watched |= history.isFollowed(run.lane.job);
    run.state = state;
    run.cancelRequested = null;
    limits.ended(run);
    memos.ended(run);
    keys.ended(run.key);
    run.key = null;
    history.add(run, state, ran);
  }

  private static void makeReady(MemoryRun run, RunState.Scheduled state, Commit commit) {
    run.state = state;
    stand(run, state.due(), commit);
  }

  private static void stand(MemoryRun run, Instant due, Commit commit) {
    run.due = due;
    run.lane.add(run);
    commit.ready(run.lane.id, due);
  }

  private void takeFromLane(MemoryRun run) {
    if (run.state instanceof RunState.Scheduled || run.timeLimit != null) {
      if (run.held) {
        limits.drop(run);
      } else {
        batches.forget(run);
        run.lane.remove(run);
      }
      run.timeLimit = null;
    }
  }

  private RunState.Running takeFromNode(MemoryRun run) {
    if (!(run.state instanceof RunState.Running running)) {
      throw new IllegalStateException("nobody holds run " + run.id + ", it is " + run.state);
    }
    holderOf(running).remove(run);
    run.skip = null;
    limits.release(run);
    return running;
  }

  private MemoryNodes.Node holderOf(RunState.Running running) {
    var node = nodes.get(running.node());
    if (node == null) {
      throw new IllegalStateException("node " + running.node() + " is gone, but holds runs");
    }
    return node;
  }

  @Nullable MemoryRun pending(RunId id) {
    var run = runs.get(id);
    return run == null || run.isEnded() ? null : run;
  }

  List<Claimed> heldBy(NodeId id) {
    var node = nodes.get(id);
    if (node == null) {
      return List.of();
    }
    var claimed = new ArrayList<Claimed>();
    for (var run : node.held()) {
      if (run.state instanceof RunState.Running running) {
        claimed.add(run.toClaimed(running));
      }
    }
    claimed.sort(Comparator.comparing(Claimed::id));
    return claimed;
  }
}
