// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.store.Claimed;
import dev.belfry.store.Ending;
import dev.belfry.store.NewRun;
import dev.belfry.store.Outcome;
import dev.belfry.store.Verdict;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks, of each run, fences, attempts, and that it ends once (I1 to I4). */
final class RunWatch {
  private final World world;
  private final Map<RunId, Facts> runs = new LinkedHashMap<>();
  private final Map<String, RunId> keys = new LinkedHashMap<>();

  /** What is known of a run from the commits that were seen. */
  static final class Facts {
    private long fence;
    private int attempt;
    private boolean opened;
    private @Nullable NodeId holder;
    private boolean ended;
    private int timesLost;
    private final Set<Long> lostFences = new HashSet<>();

    /** Returns who holds it; null if nobody does. */
    @Nullable NodeId holder() {
      return holder;
    }
  }

  RunWatch(World world) {
    this.world = world;
  }

  Facts of(RunId run) {
    return runs.computeIfAbsent(run, id -> new Facts());
  }

  /** Returns whether the pass of a run under a fence was taken from its node. */
  boolean wasLost(RunId run, long fence) {
    return of(run).lostFences.contains(fence);
  }

  boolean hasEnded(RunId run) {
    return of(run).ended;
  }

  void inserted(NewRun run) {
    of(run.id());
    if (run.unique().isPresent()) {
      String key = Order.firstKey(run.unique().get().key());
      RunId before = keys.putIfAbsent(key, run.id());
      world
          .findings()
          .check(
              before == null || before.equals(run.id()),
              Invariant.NOTHING_TWICE,
              "key " + key + " was given to " + before + " and to " + run.id());
    }
  }

  void claimed(NodeId node, Claimed claim) {
    Facts facts = of(claim.id());
    Findings findings = world.findings();
    findings.check(
        claim.fence() > facts.fence,
        Invariant.FENCE_GROWS,
        claim.id() + " was claimed under fence " + claim.fence() + " after " + facts.fence);
    findings.check(
        !facts.ended, Invariant.ONE_END, claim.id() + " was claimed again after its end");
    findings.check(
        facts.holder == null,
        Invariant.FENCE_GROWS,
        claim.id() + " was claimed while node " + facts.holder + " held it");
    int expected = facts.attempt + (claim.opened() ? 1 : 0);
    findings.check(
        claim.attempt() == expected,
        Invariant.ATTEMPTS_BOUNDED,
        claim.id() + " was claimed as attempt " + claim.attempt() + ", expected " + expected);
    facts.fence = claim.fence();
    facts.attempt = claim.attempt();
    facts.opened = claim.opened();
    facts.holder = node;
  }

  void lost(RunId run) {
    Facts facts = of(run);
    facts.lostFences.add(facts.fence);
    facts.holder = null;
    world.tally().count(++facts.timesLost == 2 ? Sign.TAKEOVER_TWICE : Sign.TAKEOVER);
  }

  void checkHolder(NodeId node, RunId run, long fence, String what) {
    Facts facts = of(run);
    world
        .findings()
        .check(
            fence == facts.fence && node.equals(facts.holder),
            Invariant.OLD_FENCE_WRITES_NOTHING,
            what
                + " of "
                + run
                + " was written by node "
                + node
                + " under fence "
                + fence
                + "; node "
                + facts.holder
                + " holds it under "
                + facts.fence);
  }

  void written(NodeId node, Outcome outcome, Verdict verdict) {
    if (verdict == Verdict.REFUSED) {
      world.tally().count(Sign.STALE_OUTCOME_REFUSED);
      return;
    } else if (verdict == Verdict.REPEATED) {
      world.tally().count(Sign.OUTCOME_REPEATED);
      return;
    }
    Facts facts = of(outcome.run());
    checkHolder(node, outcome.run(), outcome.fence(), "an outcome");
    facts.holder = null;
    Ending ending = outcome.ending();
    if (ending instanceof Ending.HandedBack || ending instanceof Ending.Blocked) {
      facts.attempt -= facts.opened ? 1 : 0;
      world.tally().count(Sign.HANDED_BACK);
    } else if (ending instanceof Ending.Retried) {
      world.tally().count(Sign.RETRIED);
    }
    if (isFinal(ending)) {
      world
          .findings()
          .check(!facts.ended, Invariant.ONE_END, outcome.run() + " ended a second time");
      facts.ended = true;
    }
    if (ending instanceof Ending.Completed) {
      world
          .findings()
          .check(
              world.bodies().hasReturned(outcome.run(), outcome.fence()),
              Invariant.RESULT_OF_A_BODY,
              outcome.run()
                  + " completed under fence "
                  + outcome.fence()
                  + ", under which no handler returned");
    }
  }

  private static boolean isFinal(Ending ending) {
    return ending instanceof Ending.Completed
        || ending instanceof Ending.Failed
        || ending instanceof Ending.TimedOut
        || ending instanceof Ending.Cancelled
        || ending instanceof Ending.Skipped;
  }
}
