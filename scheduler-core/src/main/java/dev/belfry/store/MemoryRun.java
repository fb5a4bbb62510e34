// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.Counters;
import dev.belfry.run.EventId;
import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Trigger;
import dev.belfry.run.Unique;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A run in memory, pending or ended, with its history. */
final class MemoryRun {
  final RunId id;
  final MemoryLane lane;
  final Instant createdAt;
  final Instant dueAt;
  final Payload input;
  final Trigger trigger;
  final List<String> tags;
  final List<CancelOn> cancelOn;
  final @Nullable String uniqueKey; // that it was enqueued with; it may not hold it any more
  boolean watched;

  RunState state;
  long fence;
  int interruptions;

  /** Whether it is put aside until its limits have room; then it is not in its lane. */
  boolean held;

  /** Whether it stands in its lane until others of its batch have come, or its time has. */
  boolean gathered;

  /** Whether it has a slot of each of its limits. */
  boolean hasSlots;

  /** Whether it has been claimed under its limits, and so has its turn until it has ended. */
  boolean hasTurn;

  /** The slot of a throttle that it stands in its lane for; it is no more if it has been moved. */
  @Nullable Instant slotAt;

  /** Why the node that holds it is to end it SKIPPED, if a limit drops it. */
  @Nullable String skip;

  /** What limits it; without those that have let it through for good. */
  List<LimitKey> limits;

  /** The due time in force; a running run keeps the one that its claim met. */
  Instant due;

  @Nullable Instant firstClaimedAt;
  @Nullable String cancelRequested;
  MemoryKeys.@Nullable Hold key;
  @Nullable Payload result;
  @Nullable MemoryPass lastPass;
  @Nullable Map<MemoKey, Memo> memos;

  /** When a waiting run is due though nothing has come; it stands in its lane until then. */
  @Nullable Instant timeLimit;

  /** Where the run stands in its lane, or among what its node holds; it is never in both. */
  int slot;

  MemoryRun(NewRun run, MemoryLane lane, Instant due, Instant now) {
    this.id = run.id();
    this.lane = lane;
    this.createdAt = now;
    this.dueAt = due;
    this.input = run.input();
    this.trigger = cut(run.trigger());
    this.tags = run.tags();
    this.limits = run.limits();
    this.cancelOn = run.cancelOn();
    this.uniqueKey = run.unique().map(Unique::key).orElse(null);
    this.watched = run.watched();
    this.state = RunState.Scheduled.first(due);
    this.due = due;
  }

  private static Trigger cut(Trigger trigger) {
    var nominal = Commit.micros(trigger.nominal());
    return nominal.equals(trigger.nominal())
        ? trigger
        : new Trigger(
            trigger.kind(), trigger.actor(), trigger.schedule(), nominal, trigger.origin());
  }

  boolean isHeldBy(NodeId node, long byFence) {
    return fence == byFence
        && state instanceof RunState.Running running
        && running.node().equals(node);
  }

  /** Returns whether it waits in its lane for a slot of a throttle. */
  boolean isThrottled() {
    return due.equals(slotAt);
  }

  /** Returns whether an attempt was opened, or cut short. */
  boolean hasBegun() {
    return interruptions > 0
        || !(state instanceof RunState.Scheduled scheduled && scheduled.attempt() == 0);
  }

  boolean isEnded() {
    return state instanceof RunState.Ended;
  }

  /** Returns the state in which this run is due by an instant, if one is given. */
  RunState notAfter(Optional<Instant> latest, RunState next) {
    if (latest.isEmpty()) {
      return next;
    }
    Instant limit = latest.get();
    if (next instanceof RunState.Waiting && (timeLimit == null || timeLimit.isAfter(limit))) {
      timeLimit = limit;
    }
    return next instanceof RunState.Scheduled scheduled && scheduled.due().isAfter(limit)
        ? scheduled.moveTo(limit)
        : next;
  }

  /** Returns whether history says that this very pass ended so. */
  boolean hasPass(long ofFence, NodeId node, Pass.Event event) {
    for (var pass = lastPass; pass != null && pass.fence >= ofFence; pass = pass.before) {
      if (pass.fence == ofFence) {
        return pass.event == event && node.equals(pass.node);
      }
    }
    return false;
  }

  /** Returns whether an event has ended a wait of this run. */
  boolean hasReceived(EventId event) {
    return memos != null
        && memos.values().stream()
            .anyMatch(
                memo ->
                    memo.value() instanceof MemoValue.Received received
                        && received.event().equals(event));
  }

  /** Returns whether one of its passes failed, or was blocked, with a text in the error. */
  boolean failedWith(String text) {
    for (var pass = lastPass; pass != null; pass = pass.before) {
      if (pass.failedWith(text)) {
        return true;
      }
    }
    return false;
  }

  List<Pass> passes() {
    var passes = new ArrayList<Pass>();
    for (var pass = lastPass; pass != null; pass = pass.before) {
      passes.add(pass.toPass());
    }
    Collections.reverse(passes);
    return passes;
  }

  Claimed toClaimed(RunState.Running running) {
    return new Claimed(
        id,
        lane.id,
        lane.job,
        fence,
        running.attempt(),
        running.opened(),
        createdAt,
        dueAt,
        due,
        running.since(),
        firstClaimedAt == null ? running.since() : firstClaimedAt,
        input,
        trigger,
        tags,
        Optional.ofNullable(cancelRequested),
        interruptions,
        Optional.ofNullable(skip),
        Optional.empty());
  }

  private List<LimitKey> waitsFor() {
    boolean inSlot = isThrottled() && !hasBegun();
    boolean scheduled = state instanceof RunState.Scheduled;
    return limits.stream()
        .filter(
            key ->
                held
                    || (key.kind() == Limit.Kind.THROTTLE && inSlot)
                    || (key.kind() == Limit.Kind.DEBOUNCE && scheduled))
        .toList();
  }

  RunRecord toRecord() {
    var reported = lastPass;
    while (reported != null && reported.event == Pass.Event.MOVED) {
      reported = reported.before;
    }
    var run =
        new Run(
            id,
            lane.job,
            lane.priority,
            state,
            createdAt,
            dueAt,
            Optional.ofNullable(firstClaimedAt),
            trigger,
            tags,
            reported == null ? Counters.NONE : reported.report.counters(),
            reported == null ? Map.of() : reported.report.notes(),
            cancelRequested != null);
    return new RunRecord(run, fence, input, Optional.ofNullable(result), waitsFor());
  }
}
