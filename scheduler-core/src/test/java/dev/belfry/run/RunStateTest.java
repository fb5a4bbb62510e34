// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.RunState.Blocked;
import dev.belfry.run.RunState.Cancelled;
import dev.belfry.run.RunState.Completed;
import dev.belfry.run.RunState.Failed;
import dev.belfry.run.RunState.Running;
import dev.belfry.run.RunState.Scheduled;
import dev.belfry.run.RunState.Skipped;
import dev.belfry.run.RunState.TimedOut;
import dev.belfry.run.RunState.Waiting;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The moves of a run, and what each does to the count of its attempts. */
class RunStateTest {
  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  private static final Instant LATER = NOON.plusSeconds(60);
  private static final NodeId NODE = new NodeId(new UUID(1, 2));
  private static final Failure FAILURE = Failure.of("Broken", "it broke");
  private static final Running FIRST = new Running(NODE, NOON, 1, true);
  private static final Running RESUMED = new Running(NODE, NOON, 3, false);

  @Test
  void claim_opensAnAttemptUnlessItGoesOnWithOne() {
    assertThat(Scheduled.first(NOON)).isEqualTo(new Scheduled(NOON, 0, true));
    assertThat(Scheduled.first(NOON).claim(NODE, LATER))
        .isEqualTo(new Running(NODE, LATER, 1, true));
    assertThat(new Scheduled(NOON, 3, false).claim(NODE, LATER))
        .isEqualTo(new Running(NODE, LATER, 3, false));
  }

  @Test
  void moveTo_changesNothingButTheDueTime() {
    assertThat(new Scheduled(NOON, 2, false).moveTo(LATER))
        .isEqualTo(new Scheduled(LATER, 2, false));
  }

  @Test
  void retryAndLoss_openAnotherAttempt_aSnoozeDoesNot() {
    assertThat(FIRST.retry(LATER)).isEqualTo(new Scheduled(LATER, 1, true));
    assertThat(FIRST.lose(LATER)).isEqualTo(new Scheduled(LATER, 1, true));
    assertThat(RESUMED.lose(LATER)).isEqualTo(new Scheduled(LATER, 3, true));
    assertThat(FIRST.snooze(LATER)).isEqualTo(new Scheduled(LATER, 1, false));
    assertThat(FIRST.await("an event")).isEqualTo(new Waiting("an event", 1));
    assertThat(new Waiting("an event", 1).wake(LATER)).isEqualTo(new Scheduled(LATER, 1, false));
  }

  @Test
  void handBackAndBlock_takeBackTheAttemptThatTheClaimOpened_andNoOther() {
    assertThat(FIRST.handBack(LATER)).isEqualTo(Scheduled.first(LATER));
    assertThat(RESUMED.handBack(LATER)).isEqualTo(new Scheduled(LATER, 3, false));
    assertThat(FIRST.block("bad input")).isEqualTo(new Blocked("bad input", 0));
    assertThat(RESUMED.block("bad input")).isEqualTo(new Blocked("bad input", 3));
    assertThat(new Blocked("bad input", 3).release(LATER)).isEqualTo(new Scheduled(LATER, 3, true));
  }

  @Test
  void ends_keepWhenAndWhy() {
    assertThat(FIRST.complete(LATER)).isEqualTo(new Completed(LATER));
    assertThat(FIRST.fail(LATER, FAILURE)).isEqualTo(new Failed(LATER, FAILURE));
    assertThat(FIRST.timeOut(LATER, FAILURE)).isEqualTo(new TimedOut(LATER, FAILURE));
    assertThat(FIRST.skip(LATER, "a newer one")).isEqualTo(new Skipped(LATER, "a newer one"));
    assertThat(Scheduled.first(NOON).skip(LATER, "overlap"))
        .isEqualTo(new Skipped(LATER, "overlap"));
    assertThat(open().map(state -> state.cancel(LATER, "by hand")))
        .containsOnly(new Cancelled(LATER, "by hand"));
  }

  @Test
  void status_namesTheState() {
    assertThat(open().map(RunState::status))
        .containsExactly(Status.SCHEDULED, Status.WAITING, Status.BLOCKED, Status.RUNNING);
    assertThat(open().map(RunState.Open::attempt)).containsExactly(0, 1, 2, 3);
    assertThat(
            Stream.of(
                    new Completed(NOON),
                    new Failed(NOON, FAILURE),
                    new TimedOut(NOON, FAILURE),
                    new Cancelled(NOON, ""),
                    new Skipped(NOON, ""))
                .map(RunState::status))
        .containsExactly(
            Status.COMPLETED, Status.FAILED, Status.TIMED_OUT, Status.CANCELLED, Status.SKIPPED);
  }

  @Test
  void isFinal_ofEndsAndOfNothingElse() {
    assertThat(Stream.of(Status.values()).filter(Status::isFinal))
        .containsExactly(
            Status.COMPLETED, Status.FAILED, Status.TIMED_OUT, Status.CANCELLED, Status.SKIPPED);
    assertThat(Stream.of(Pass.Event.values()).filter(Pass.Event::isFinal))
        .containsExactly(
            Pass.Event.COMPLETED,
            Pass.Event.FAILED,
            Pass.Event.TIMED_OUT,
            Pass.Event.CANCELLED,
            Pass.Event.SKIPPED);
  }

  private static Stream<RunState.Open> open() {
    return Stream.of(
        Scheduled.first(NOON), new Waiting("an event", 1), new Blocked("bad input", 2), RESUMED);
  }
}
