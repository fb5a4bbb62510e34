// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.store.Accepted;
import dev.belfry.store.Claimed;
import dev.belfry.store.Delivery;
import dev.belfry.store.Exchanged;
import dev.belfry.store.Firing;
import dev.belfry.store.JobStore;
import dev.belfry.store.MemoWrite;
import dev.belfry.store.NewGroup;
import dev.belfry.store.NewRun;
import dev.belfry.store.Outcome;
import dev.belfry.store.Verdict;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at each commit of the store, and checks what must hold at every moment. */
final class Watch {
  private final World world;
  private final Leases leases = new Leases();
  private final RunWatch runs;
  private final LimitWatch limits;
  private final TickWatch ticks;

  Watch(World world, JobStore memory) {
    this.world = world;
    this.limits = new LimitWatch(world, memory);
    this.runs = new RunWatch(world);
    this.ticks = new TickWatch(world);
  }

  Leases leases() {
    return leases;
  }

  RunWatch runs() {
    return runs;
  }

  TickWatch ticks() {
    return ticks;
  }

  /** Takes note of a commit. */
  void saw(StoreCall call, @Nullable Object answer) {
    Instant now = world.model().clock().instant();
    switch (call.name()) {
      case "join" -> leases.joined((NodeId) known(answer), now, call.argument(1));
      case "renew" -> leases.renewed(call.argument(0), answer, now, call.argument(1));
      case "reap" -> reaped(call.argument(0), list(answer), now);
      case "declare" -> ticks.declared(now);
      case "insert" -> inserted(call.argument(0), list(answer));
      case "exchange" ->
          exchanged(call.argument(0), call.argument(1), (Exchanged) known(answer), now);
      case "record" -> recorded(call.argument(0), call.argument(1), list(answer));
      case "fire" -> fired(call.argument(0), list(answer), now);
      case "deliver" -> delivered(call.argument(0), list(answer));
      default -> {
        // changes nothing that is watched
      }
    }
  }

  private static Object known(@Nullable Object answer) {
    if (answer == null) {
      throw new AssertionError("the store answered null");
    }
    return answer;
  }

  @SuppressWarnings("unchecked") // as the method says
  private static <T> List<T> list(@Nullable Object answer) {
    return (List<T>) known(answer);
  }

  private void reaped(NodeId by, List<RunId> freed, Instant now) {
    if (freed.isEmpty()) {
      return;
    }
    world
        .findings()
        .check(
            leases.mayReap(by, now, world.lease()),
            Invariant.REAPER_HELD_ITS_LEASE,
            "node " + by + " took " + freed + " though its own lease had a gap");
    for (RunId run : freed) {
      RunWatch.Facts facts = runs.of(run);
      NodeId holder = facts.holder();
      world
          .findings()
          .check(
              holder == null || leases.isOver(holder, now),
              Invariant.TAKEN_FROM_THE_DEAD,
              run + " was taken from node " + holder + ", whose lease holds");
      runs.lost(run);
      limits.released(run);
    }
  }

  private void inserted(Object what, List<Accepted> accepted) {
    List<NewRun> fresh = what instanceof NewGroup group ? group.members() : newRuns(what);
    for (int i = 0; i < fresh.size(); i++) {
      if (accepted.get(i) instanceof Accepted.Created) {
        inserted(fresh.get(i));
      } else {
        world.tally().count(Sign.KEY_WAS_HELD);
      }
    }
  }

  @SuppressWarnings("unchecked") // as the method says
  private static List<NewRun> newRuns(Object what) {
    return (List<NewRun>) what;
  }

  private void inserted(NewRun run) {
    runs.inserted(run);
    limits.inserted(run);
  }

  private void exchanged(NodeId node, List<Outcome> outcomes, Exchanged answer, Instant now) {
    for (int i = 0; i < outcomes.size(); i++) {
      runs.written(node, outcomes.get(i), answer.verdicts().get(i));
      if (answer.verdicts().get(i) == Verdict.APPLIED) {
        limits.written(outcomes.get(i));
      }
    }
    for (Claimed claim : answer.claimed()) {
      world
          .findings()
          .check(
              !claim.dueAt().isAfter(now),
              Invariant.NOT_EARLY,
              claim.id() + " was due at " + claim.dueAt() + " and claimed at " + now);
      runs.claimed(node, claim);
      limits.claimed(claim, now);
    }
    long inBatches = answer.claimed().stream().filter(claim -> claim.batch().isPresent()).count();
    if (inBatches > 1) {
      world.tally().count(Sign.BATCH_OF_SEVERAL);
    }
  }

  private void recorded(NodeId node, List<MemoWrite> writes, List<Verdict> verdicts) {
    for (int i = 0; i < writes.size(); i++) {
      if (verdicts.get(i) == Verdict.APPLIED) {
        runs.checkHolder(node, writes.get(i).run(), writes.get(i).fence(), "a memo");
      } else if (verdicts.get(i) == Verdict.REFUSED) {
        world.tally().count(Sign.STALE_MEMO_REFUSED);
      }
    }
  }

  private void fired(List<Firing> firings, List<Verdict> verdicts, Instant now) {
    for (int i = 0; i < firings.size(); i++) {
      Firing firing = firings.get(i);
      if (verdicts.get(i) == Verdict.APPLIED) {
        ticks.fired(firing, now);
        if (firing.tick() instanceof Firing.Start start) {
          inserted(start.run());
        }
      } else {
        world.tally().count(Sign.FIRING_REFUSED);
      }
    }
  }

  private void delivered(List<Delivery> deliveries, List<Verdict> verdicts) {
    for (int i = 0; i < deliveries.size(); i++) {
      if (verdicts.get(i) == Verdict.APPLIED) {
        for (Delivery.Effect effect : deliveries.get(i).effects()) {
          if (effect instanceof Delivery.StartRun start) {
            inserted(start.run());
          } else if (effect instanceof Delivery.WakeRun) {
            world.tally().count(Sign.EVENT_ENDED_A_WAIT);
          } else if (effect instanceof Delivery.EndGroup) {
            world.tally().count(Sign.GROUP_ENDED);
          }
        }
      }
    }
  }
}
