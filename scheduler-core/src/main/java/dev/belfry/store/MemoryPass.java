// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.Failure;
import dev.belfry.run.LedgerCursor;
import dev.belfry.run.LedgerRow;
import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.run.RunState;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A line of history in memory, which knows the one before it. */
final class MemoryPass {
  final MemoryRun run;
  final long fence;
  final Pass.Event event;
  final @Nullable NodeId node;
  final PassReport report;
  final @Nullable MemoryPass before;
  private final int attempt;
  private final Instant startedAt;
  final Instant endedAt;
  private final String detail;
  private final @Nullable Failure failure;

  private MemoryPass(
      MemoryRun run,
      RunState.@Nullable Running running,
      EndingFacts facts,
      PassReport report,
      Instant startedAt,
      Instant endedAt) {
    this.run = run;
    this.fence = run.fence;
    this.before = run.lastPass;
    this.attempt = running == null ? 0 : running.attempt();
    this.node = running == null ? null : running.node();
    this.event = facts.event();
    this.detail = facts.detail();
    this.failure = facts.failure();
    this.report = report;
    this.startedAt = startedAt;
    this.endedAt = endedAt;
  }

  /** The end of a pass, as its node reports it. */
  static MemoryPass reported(
      MemoryRun run,
      RunState.Running running,
      EndingFacts facts,
      PassReport report,
      Instant endedAt) {
    Instant startedAt =
        facts.started() && !report.waited().isZero()
            ? Commit.micros(running.since().plus(report.waited()))
            : running.since();
    return new MemoryPass(run, running, facts, report, startedAt, endedAt);
  }

  /** The end of a pass of which its node said nothing. */
  static MemoryPass lost(MemoryRun run, RunState.Running running, String detail, Instant at) {
    var facts = new EndingFacts(Pass.Event.LOST, detail, null, false);
    return new MemoryPass(run, running, facts, PassReport.NOT_STARTED, running.since(), at);
  }

  /** What was decided while nobody held the run. */
  static MemoryPass outside(MemoryRun run, Pass.Event event, String detail, Instant at) {
    var facts = new EndingFacts(event, detail, null, false);
    return new MemoryPass(run, null, facts, PassReport.NOT_STARTED, at, at);
  }

  boolean failedWith(String text) {
    return (failure != null && (failure.type().contains(text) || failure.message().contains(text)))
        || (event == Pass.Event.BLOCKED && detail.contains(text));
  }

  LedgerCursor cursor() {
    return new LedgerCursor(endedAt, run.id, fence);
  }

  Pass toPass() {
    return toPass(Optional.ofNullable(failure), report.notes(), report.log());
  }

  LedgerRow toRow() {
    var shortened = Optional.ofNullable(failure).map(f -> Failure.of(f.type(), f.message()));
    return new LedgerRow(
        toPass(shortened, Map.of(), ""), run.trigger, Optional.ofNullable(run.uniqueKey));
  }

  private Pass toPass(Optional<Failure> shown, Map<String, String> notes, String log) {
    return new Pass(
        run.id,
        fence,
        run.lane.job,
        attempt,
        event,
        Optional.ofNullable(node),
        startedAt,
        endedAt,
        report.ran(),
        detail,
        shown,
        report.counters(),
        notes,
        log);
  }
}
