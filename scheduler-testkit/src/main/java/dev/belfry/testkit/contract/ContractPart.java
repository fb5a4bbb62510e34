// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.Counters;
import dev.belfry.run.Failure;
import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.store.Accepted;
import dev.belfry.store.Amendment;
import dev.belfry.store.Claimed;
import dev.belfry.store.Declaration;
import dev.belfry.store.Demand;
import dev.belfry.store.Due;
import dev.belfry.store.Ending;
import dev.belfry.store.Exchanged;
import dev.belfry.store.InboxEntry;
import dev.belfry.store.JobStore;
import dev.belfry.store.Lane;
import dev.belfry.store.Memo;
import dev.belfry.store.NewRun;
import dev.belfry.store.NodeCard;
import dev.belfry.store.Outcome;
import dev.belfry.store.PassReport;
import dev.belfry.store.Payload;
import dev.belfry.store.Verdict;
import dev.belfry.testkit.TestClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the parts of the contract share: an empty store, a clock, and short words for both. */
abstract class ContractPart {
  static final Instant START = Instant.parse("2026-03-02T12:00:00Z");
  static final Duration LEASE = Duration.ofSeconds(9);
  static final String JOB = "send-email";

  final TestClock clock = TestClock.at(START);
  JobStore store;

  private final Function<? super InstantSource, ? extends JobStore> opener;
  private final AtomicLong ids = new AtomicLong();

  ContractPart(Function<? super InstantSource, ? extends JobStore> opener) {
    this.opener = opener;
  }

  @BeforeEach
  void openStore() {
    store = opener.apply(clock);
    store.open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  // Runs

  /** Returns an id that is later than all before. */
  RunId nextId() {
    long n = ids.incrementAndGet();
    return RunId.of(START.toEpochMilli() + n, 0, n);
  }

  NewRun newRun() {
    return newRun(JOB);
  }

  NewRun newRun(String job) {
    return NewRun.of(nextId(), job, payload("{}"));
  }

  static Payload payload(String text) {
    return Payload.of("test", text.getBytes(StandardCharsets.UTF_8));
  }

  /** Inserts runs and returns the id of the first. */
  RunId insert(NewRun... runs) {
    var accepted = store.insert(List.of(runs));
    assertThat(accepted).hasSize(runs.length);
    return runs[0].id();
  }

  Accepted accepted(NewRun run) {
    return store.insert(List.of(run)).get(0);
  }

  Run read(RunId id) {
    return store.runs(List.of(id)).get(0).run();
  }

  long fence(RunId id) {
    return store.runs(List.of(id)).get(0).fence();
  }

  List<Memo> memos(RunId id) {
    return store.memos(List.of(id)).getOrDefault(id, List.of());
  }

  Pass lastPass(RunId id) {
    List<Pass> passes = store.passes(id);
    return passes.get(passes.size() - 1);
  }

  static Due in(Duration delay) {
    return new Due.After(delay);
  }

  // Nodes and claims

  NodeId join() {
    return store.join(new NodeCard("node", "test", Set.of(JOB)), LEASE);
  }

  /** Returns the id of the lane of a job, at priority 0. */
  int lane(String job) {
    return lane(job, 0);
  }

  int lane(String job, int priority) {
    return laneOf(job, priority).id();
  }

  Lane laneOf(String job, int priority) {
    return store.catalog().lanes().stream()
        .filter(lane -> lane.job().equals(job) && lane.priority() == priority)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no lane of " + job + " at priority " + priority));
  }

  static Demand demand(int limit, Demand.Quota... lanes) {
    return new Demand(List.of(lanes), limit);
  }

  static Demand.Quota quota(int lane, int most) {
    return new Demand.Quota(lane, most);
  }

  List<Claimed> claim(NodeId node, int limit) {
    return exchange(node, demand(limit, quota(lane(JOB), limit))).claimed();
  }

  Claimed claimOne(NodeId node) {
    List<Claimed> claimed = claim(node, 1);
    assertThat(claimed).hasSize(1);
    return claimed.get(0);
  }

  /** Inserts a run, due now, and has it claimed. */
  Claimed running(NodeId node) {
    insert(newRun());
    return claimOne(node);
  }

  Exchanged exchange(NodeId node, Demand... demands) {
    return store.exchange(node, List.of(), List.of(demands));
  }

  Verdict end(NodeId node, Claimed claimed, Ending ending) {
    return end(node, claimed, ending, ranFor(Duration.ofSeconds(1)));
  }

  Verdict end(NodeId node, Claimed claimed, Ending ending, PassReport report) {
    var outcome = new Outcome(claimed.id(), claimed.fence(), ending, report);
    return store.exchange(node, List.of(outcome), List.of()).verdicts().get(0);
  }

  /** Inserts a run, has it claimed and completed. */
  RunId completed(NodeId node, NewRun run) {
    insert(run);
    end(node, claimOne(node), done());
    return run.id();
  }

  static PassReport ranFor(Duration ran) {
    return new PassReport(Duration.ofMillis(5), ran, Counters.NONE, Map.of(), "");
  }

  static Ending done() {
    return new Ending.Completed(payload("null"));
  }

  static Ending failed() {
    return new Ending.Failed(failure(), "no attempts left");
  }

  static Ending retriedIn(Duration delay) {
    return new Ending.Retried(delay, failure(), "backoff");
  }

  static Ending handedBack() {
    return new Ending.HandedBack(false, "no free worker");
  }

  static Failure failure() {
    return new Failure("java.io.IOException", "refused", "java.io.IOException: refused");
  }

  /** Returns the entries of an inbox that are ends of runs. */
  static List<InboxEntry.Ended> endings(List<InboxEntry> entries) {
    return entries.stream()
        .filter(InboxEntry.Ended.class::isInstance)
        .map(InboxEntry.Ended.class::cast)
        .toList();
  }

  // Changes

  Verdict amend(Amendment change) {
    return store.amend(List.of(change)).get(0);
  }

  Verdict cancel(RunId run) {
    return amend(new Amendment.Cancel(run, "asked by ann"));
  }

  void declare(String job, Declaration.DeclaredSchedule... schedules) {
    store.declare(List.of(new Declaration(job, "default", 0, Arrays.asList(schedules))));
  }

  void advance(Duration by) {
    clock.advance(by);
  }
}
