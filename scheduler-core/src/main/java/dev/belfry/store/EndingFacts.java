// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.Failure;
import dev.belfry.run.Pass.Event;
import dev.belfry.run.RunState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What history says of an ending. */
record EndingFacts(Event event, String detail, @Nullable Failure failure, boolean started) {
  private static final EndingFacts COMPLETED = new EndingFacts(Event.COMPLETED, "", null, true);

  static EndingFacts of(Ending ending) {
    if (ending instanceof Ending.Completed) {
      return COMPLETED;
    } else if (ending instanceof Ending.Failed failed) {
      return new EndingFacts(Event.FAILED, failed.detail(), failed.failure(), true);
    } else if (ending instanceof Ending.TimedOut timedOut) {
      return new EndingFacts(Event.TIMED_OUT, timedOut.detail(), timedOut.failure(), true);
    } else if (ending instanceof Ending.Cancelled cancelled) {
      return new EndingFacts(Event.CANCELLED, cancelled.detail(), null, true);
    } else if (ending instanceof Ending.Skipped skipped) {
      return new EndingFacts(Event.SKIPPED, skipped.detail(), null, false);
    } else if (ending instanceof Ending.Retried retried) {
      return new EndingFacts(Event.RETRIED, retried.detail(), retried.failure(), true);
    } else if (ending instanceof Ending.Snoozed snoozed) {
      return new EndingFacts(Event.SNOOZED, snoozed.detail(), null, true);
    } else if (ending instanceof Ending.Suspended suspended) {
      return new EndingFacts(Event.SUSPENDED, suspended.detail(), null, true);
    } else if (ending instanceof Ending.HandedBack back) {
      return new EndingFacts(Event.HANDED_BACK, back.detail(), null, back.interrupted());
    } else if (ending instanceof Ending.Blocked blocked) {
      return new EndingFacts(Event.BLOCKED, blocked.detail(), null, false);
    }
    throw new IllegalArgumentException("unknown ending: " + ending);
  }

  /** Returns the state that an ending leads to; {@code due} is the due time the claim met. */
  static RunState stateAfter(Ending ending, RunState.Running running, Instant due, Instant now) {
    if (ending instanceof Ending.Completed) {
      return running.complete(now);
    } else if (ending instanceof Ending.Failed failed) {
      return running.fail(now, failed.failure());
    } else if (ending instanceof Ending.TimedOut timedOut) {
      return running.timeOut(now, timedOut.failure());
    } else if (ending instanceof Ending.Cancelled cancelled) {
      return running.cancel(now, cancelled.detail());
    } else if (ending instanceof Ending.Skipped skipped) {
      return running.skip(now, skipped.detail());
    } else if (ending instanceof Ending.Retried retried) {
      return running.retry(Commit.micros(now.plus(retried.delay())));
    } else if (ending instanceof Ending.Snoozed snoozed) {
      return running.snooze(Commit.micros(now.plus(snoozed.delay())));
    } else if (ending instanceof Ending.HandedBack) {
      return running.handBack(due);
    } else if (ending instanceof Ending.Blocked blocked) {
      return running.block(blocked.detail());
    }
    throw new IllegalArgumentException("unknown ending: " + ending);
  }
}
