// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import dev.belfry.run.Failure;
import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.store.Claimed;
import dev.belfry.store.Demand;
import dev.belfry.store.Ending;
import dev.belfry.store.Exchanged;
import dev.belfry.store.JobStore;
import dev.belfry.store.Outcome;
import dev.belfry.store.PassReport;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The traffic of a node with its store: outcomes there, claims back. For the control loop only. */
final class Exchanges {
  /*
   * An exchange carries all outcomes that are ready and asks for as many runs as there is room;
   * what becomes ready meanwhile goes with the next one. So a lone outcome is never delayed, and
   * under load outcomes and claims group by themselves. Once there is a crowd of outcomes, it and
   * the claims go side by side: then the database is what takes the time, and it does two things at
   * once.
   *
   * After an exchange of unknown outcome, what the store says this node holds may differ from what
   * the node has. So `heldBy` is asked before the next one; outcomes are simply sent again.
   *
   * When the store refuses a call for good, somebody in it is to blame. First the outcomes are sent
   * without the claims, in ever smaller groups, until the culprit is alone: it ends FAILED with a
   * safe text. If that is refused too, it is not what the outcome says that the store does not
   * like, but all that is written, say because a right was revoked: the outcome waits as it is. If
   * it was the claims, lanes are asked one at a time for a while, and the one that is refused rests.
   */
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);
  private static final Duration SUSPICION = Duration.ofMinutes(1);
  private static final int CROWD = 100;
  private static final String SAFE = "the store refused the outcome of this pass";
  private static final String EXCHANGE = "exchange outcomes and claims";
  private static final String COMPARE = "compare held runs";

  /** Who decides what to claim and takes the answers. */
  interface Owner {
    /** What to claim now; lanes named are noted as asked. */
    List<Demand> demands();

    /** An outcome was written, or refused. */
    void written(Outcome outcome, Verdict verdict);

    /**
     * The rest of an answer.
     *
     * @param asked whether lanes were asked for runs
     */
    void answered(Exchanged answer, boolean asked);

    /** The lanes asked were not answered. */
    void unanswered();

    /** The store will never let this lane be claimed as it is. */
    void refused(int lane, Duration rest);

    /** What the store says that this node holds. */
    void compare(List<Claimed> inStore);

    /** There is nothing to send or ask at present. */
    void nothingToDo();
  }

  /** An outcome that was refused when it was alone. */
  private record Refused(Outcome outcome, @Nullable Throwable cause) {}

  private final Node node;
  private final Host host;
  private final JobStore store;
  private final Calls calls;
  private final Membership membership;
  private final Outage outage;
  private final Owner owner;
  private final Deque<Outcome> outcomes = new ArrayDeque<>();
  private final Set<RunId> waiting = new HashSet<>(); // the runs of outcomes, sent ones included
  private final Map<RunId, Refused> refused = new HashMap<>(); // tried with a safe text now
  private int underWay; // exchanges
  private boolean claiming; // one of them asks for runs
  private boolean comparing;
  private boolean mustCompare;
  private boolean mustExchange;
  private boolean outcomesOnly;
  private int groupSize = Integer.MAX_VALUE;
  private long lanesSuspectedUntil;
  private int failures;
  private long notBefore;
  private long exchanges;

  Exchanges(
      Node node, Host host, JobStore store, Membership membership, Outage outage, Owner owner) {
    this.node = node;
    this.host = host;
    this.store = store;
    this.calls = new Calls(host, this::answeredLate);
    this.membership = membership;
    this.outage = outage;
    this.owner = owner;
  }

  /** Adds an outcome to be written. */
  void add(Outcome outcome) {
    if (waiting.add(outcome.run())) {
      outcomes.add(outcome);
    }
  }

  /** Returns whether an outcome of this run is on its way. */
  boolean isWaiting(RunId run) {
    return waiting.contains(run);
  }

  int size() {
    return waiting.size();
  }

  /** Forgets all outcomes: they belong to a dead incarnation. */
  void clear() {
    outcomes.clear();
    waiting.clear();
    refused.clear();
    mustCompare = false;
  }

  /** Has the store asked for news soon, even if there is nothing to send or claim. */
  void exchangeSoon() {
    mustExchange = true;
  }

  /** Has the store asked what this node holds. */
  void compareSoon() {
    mustCompare = true;
  }

  /** Makes the next call, if there is anything to say and it need not wait for another. */
  void pump() {
    NodeId by = membership.id();
    if (comparing || by == null || !membership.held() || node.now() < notBefore) {
      return;
    }
    if (mustCompare) {
      compareWhenAlone(by);
    } else if (underWay == 0 || (underWay == 1 && isCrowded())) {
      exchangeIfNeeded(by);
    }
  }

  private boolean isCrowded() {
    boolean trouble = outcomesOnly || groupSize < Integer.MAX_VALUE;
    return outcomes.size() >= CROWD && !trouble;
  }

  private void exchangeIfNeeded(NodeId by) {
    List<Demand> demands = outcomesOnly || claiming ? List.of() : ask();
    if (isCrowded() && !demands.isEmpty()) {
      exchange(by, List.of(), demands);
      pump();
    } else if (!outcomes.isEmpty() || !demands.isEmpty() || mustExchange) {
      exchange(by, nextGroup(), demands);
    } else {
      owner.nothingToDo();
    }
  }

  private List<Demand> ask() {
    List<Demand> demands = owner.demands();
    boolean oneByOne = node.now() < lanesSuspectedUntil && !demands.isEmpty();
    if (!oneByOne) {
      return demands;
    }
    Demand first = demands.get(0);
    return List.of(new Demand(first.lanes().subList(0, 1), first.limit()));
  }

  private List<Outcome> nextGroup() {
    var group = new ArrayList<Outcome>();
    while (group.size() < groupSize && !outcomes.isEmpty()) {
      group.add(outcomes.remove());
    }
    return group;
  }

  private void exchange(NodeId by, List<Outcome> sent, List<Demand> demands) {
    boolean asks = !demands.isEmpty();
    underWay++;
    claiming |= asks;
    mustExchange = false;
    exchanges++;
    calls.<Exchanged>make(
        () -> store.exchange(by, sent, demands),
        (answer, thrown) -> {
          underWay--;
          claiming &= !asks;
          if (asks && (answer == null || !by.equals(membership.id()))) {
            owner.unanswered();
          }
          if (by.equals(membership.id())) { // else the runs are others' by now
            answered(sent, demands, answer, thrown);
          }
          pump();
        });
  }

  private void answered(
      List<Outcome> sent,
      List<Demand> demands,
      @Nullable Exchanged answer,
      @Nullable Throwable thrown) {
    if (answer == null) {
      failed(sent, demands, thrown);
    } else {
      exchanged(sent, answer, !demands.isEmpty());
    }
  }

  private void exchanged(List<Outcome> sent, Exchanged answer, boolean asked) {
    outage.answered(EXCHANGE);
    failures = 0;
    notBefore = 0;
    groupSize = Integer.MAX_VALUE;
    outcomesOnly = false;
    for (int i = 0; i < sent.size(); i++) {
      waiting.remove(sent.get(i).run());
      Refused before = refused.remove(sent.get(i).run());
      if (before != null) {
        log.error(
            "the store refuses the outcome of run {}; it ends FAILED",
            sent.get(i).run(),
            before.cause());
      }
      owner.written(sent.get(i), answer.verdicts().get(i));
    }
    owner.answered(answer, asked);
  }

  private void failed(List<Outcome> sent, List<Demand> demands, @Nullable Throwable thrown) {
    mustExchange = true;
    Kind kind = thrown instanceof StoreException e ? e.kind() : Kind.UNKNOWN;
    if (kind == Kind.PERMANENT) {
      refused(sent, demands, thrown);
      return;
    }
    putBack(sent);
    mustCompare |= kind == Kind.UNKNOWN && !demands.isEmpty();
    backOff();
    outage.failed(EXCHANGE, thrown);
  }

  /** What a call has claimed that was given up long before is found by comparing. */
  private void answeredLate() {
    mustCompare = true;
    pump();
  }

  private void putBack(List<Outcome> sent) {
    for (int i = sent.size() - 1; i >= 0; i--) {
      outcomes.addFirst(sent.get(i));
    }
  }

  private void refused(List<Outcome> sent, List<Demand> demands, @Nullable Throwable cause) {
    if (sent.isEmpty()) {
      claimsRefused(demands, cause);
    } else if (!demands.isEmpty()) {
      putBack(sent);
      outcomesOnly = true; // is it they, or the claims?
    } else if (sent.size() > 1) {
      putBack(sent);
      groupSize = (sent.size() + 1) / 2;
    } else {
      outcomeRefused(sent.get(0), cause);
    }
  }

  private void claimsRefused(List<Demand> demands, @Nullable Throwable cause) {
    backOff();
    boolean alone = demands.size() == 1 && demands.get(0).lanes().size() == 1;
    if (alone) {
      int lane = demands.get(0).lanes().get(0).lane();
      log.error("the store refuses claims of lane {}; it rests for {}", lane, SUSPICION, cause);
      owner.refused(lane, SUSPICION);
    } else if (demands.isEmpty()) {
      outage.failed(EXCHANGE, cause);
    }
    lanesSuspectedUntil = node.now() + SUSPICION.toNanos();
  }

  private void outcomeRefused(Outcome culprit, @Nullable Throwable cause) {
    Refused before = refused.remove(culprit.run());
    if (before != null) {
      outcomes.addLast(before.outcome());
      backOff();
      outage.failed(EXCHANGE, cause);
      return;
    }
    refused.put(culprit.run(), new Refused(culprit, cause));
    outcomes.addFirst(
        new Outcome(
            culprit.run(),
            culprit.fence(),
            new Ending.Failed(Failure.of("outcome refused", SAFE), "the outcome can't be stored"),
            PassReport.NOT_STARTED));
  }

  /** Ends the wait after a failure. */
  void tryNow() {
    notBefore = 0;
    pump();
  }

  /** Waits a little longer after each failure in a row. */
  void backOff() {
    long wait =
        Math.min(MAX_BACKOFF.toNanos(), FIRST_BACKOFF.toNanos() << Math.min(failures++, 16));
    notBefore = node.now() + wait;
    host.after(Duration.ofNanos(wait), this::pump);
  }

  /** Compares once no claim is under way, whose runs would seem to be missing. */
  private void compareWhenAlone(NodeId by) {
    if (underWay > 0) {
      return;
    }
    comparing = true;
    calls.<List<Claimed>>make(
        () -> store.heldBy(by),
        (inStore, thrown) -> {
          comparing = false;
          if (by.equals(membership.id())) {
            if (inStore == null) {
              outage.failed(COMPARE, thrown);
              backOff();
            } else {
              outage.answered(COMPARE);
              mustCompare = false;
              owner.compare(inStore);
            }
          }
          pump();
        });
  }

  /** Returns the number of the exchange that would tell what is due from now on. */
  long next() {
    return exchanges + 1;
  }

  /** Returns whether an exchange from that number on was answered, and nothing is left to say. */
  boolean isQuietSince(long exchange) {
    return exchanges >= exchange && isQuiet() && !mustExchange;
  }

  /** Returns whether no call is under way, and nothing is left to say or to compare. */
  boolean isQuiet() {
    return underWay == 0 && !comparing && waiting.isEmpty() && !mustCompare;
  }
}
