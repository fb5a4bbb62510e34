// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belfry.EnqueueOptions;
import dev.belfry.EventType;
import dev.belfry.InputBody;
import dev.belfry.Job;
import dev.belfry.On;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.retry.SnoozeException;
import dev.belfry.run.Failure;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run that has not ended some time after it was due ends then, whatever it does. */
class FinishWithinTest {
  private static final Duration LIMIT = Duration.ofHours(1);
  private static final String WORDS = "not finished within PT1H of 2026-03-02T08:00:00Z";
  private static final EventType<String> NEVER =
      EventType.of("never", String.class).keyedBy(text -> text);

  private final World world = new World();
  private final List<String> done = new ArrayList<>();

  private static Job.Builder<String> builder() {
    return Job.named("bounded", String.class).finishWithin(LIMIT);
  }

  private static Job<String> bounded(InputBody<String> body) {
    return builder().handler(body);
  }

  /** Has a run of a job go on until just before its limit, and then until after it. */
  private RunHandle endsAtItsLimit(Job<String> job, Job<?>... others) {
    RunHandle run;
    try (Scheduler scheduler = world.builder(world.time.newHost(), others).register(job).start()) {
      run = scheduler.enqueue(job, "in");
      world.time.advance(LIMIT.minusNanos(1_000));
      assertThat(world.run(run.id()).status().isFinal()).isFalse();
      world.time.advance(Duration.ofSeconds(1));
      assertThat(scheduler.explain(run.id())).endsWith("TIMED_OUT: " + WORDS);
      world.time.advance(Duration.ofDays(1));
    }
    assertThat(world.state(run.id()))
        .isEqualTo(
            new RunState.TimedOut(World.START.plus(LIMIT), Failure.of("late finish", WORDS)));
    return run;
  }

  private String lastDetail(RunHandle run) {
    List<Pass> passes = world.store.passes(run.id());
    return passes.get(passes.size() - 1).detail();
  }

  @Test
  void runThatSleeps_endsAtItsLimit() {
    RunHandle run =
        endsAtItsLimit(
            bounded(
                (ctx, in) -> {
                  ctx.sleep("nap", Duration.ofHours(3));
                  done.add("woke");
                }));

    assertThat(done).isEmpty();
    assertThat(world.history(run.id())).containsExactly(Pass.Event.SUSPENDED, Pass.Event.TIMED_OUT);
    assertThat(lastDetail(run)).isEqualTo(WORDS + "; it was claimed at 2026-03-02T09:00:00Z");
  }

  @Test
  void runThatWaitsForAnEvent_endsAtItsLimit() {
    endsAtItsLimit(
        bounded(
            (ctx, in) -> {
              ctx.waitForEvent("answer", NEVER, in, Duration.ofDays(9));
              done.add("went on");
            }));

    assertThat(done).isEmpty();
  }

  @Test
  void runThatWaitsForAnother_endsAtItsLimit() {
    var slow =
        Job.named("slow", String.class)
            .returning(
                String.class,
                (ctx, in) -> {
                  ctx.sleep("nap", Duration.ofHours(5));
                  return "slept";
                });
    Job<String> job = bounded((ctx, in) -> done.add(ctx.invoke("child", slow, in)));
    endsAtItsLimit(job, slow);

    assertThat(done).isEmpty();
  }

  @Test
  void runThatWaitsForItsRetry_hasNoFurtherAttempt() {
    RunHandle run =
        endsAtItsLimit(
            builder()
                .retry(RetryPolicy.fixed(Duration.ofMinutes(40)).withMaxAttempts(9))
                .handler(
                    (ctx, in) -> {
                      done.add("attempt " + ctx.attempt());
                      throw new IllegalStateException("again");
                    }));

    assertThat(done).containsExactly("attempt 1", "attempt 2");
    assertThat(world.history(run.id()))
        .containsExactly(Pass.Event.RETRIED, Pass.Event.RETRIED, Pass.Event.TIMED_OUT);
  }

  @Test
  void runThatIsSnoozed_endsAtItsLimit() {
    endsAtItsLimit(
        bounded(
            (ctx, in) -> {
              throw new SnoozeException("not yet", Duration.ofHours(9));
            }));
  }

  @Test
  void handlerThatRuns_isInterruptedAtTheLimitAndNotRetried() {
    RunHandle run =
        endsAtItsLimit(
            bounded(
                (ctx, in) -> {
                  done.add("attempt " + ctx.attempt());
                  world.time.pause();
                  done.add("unreached");
                }));

    assertThat(done).containsExactly("attempt 1");
    assertThat(world.history(run.id())).containsExactly(Pass.Event.TIMED_OUT);
    assertThat(lastDetail(run)).isEqualTo(WORDS + "; its handler was interrupted");
  }

  @Test
  void handlerThatReturnsAfterItWasInterrupted_isTooLate() {
    RunHandle run =
        endsAtItsLimit(
            bounded(
                (ctx, in) -> {
                  try {
                    world.time.pause();
                  } catch (InterruptedException late) {
                    done.add("returns");
                  }
                }));

    assertThat(done).containsExactly("returns");
    assertThat(lastDetail(run)).isEqualTo(WORDS + "; its handler returned later");
  }

  @Test
  void runThatNoNodeClaimedInTime_endsUnstarted() {
    Job<String> job = bounded((ctx, in) -> done.add(in));
    RunHandle late = SchedulerClient.of(world.store, job).enqueue(job, "late");
    world.time.advance(LIMIT);
    try (Scheduler scheduler = world.start(job)) {
      world.time.runDue();

      assertThat(done).isEmpty();
      assertThat(world.history(late.id())).containsExactly(Pass.Event.TIMED_OUT);
      assertThat(scheduler.explain(late.id())).endsWith("TIMED_OUT: " + WORDS);
    }
  }

  @Test
  void runThatWasClaimedAheadOfItsWorker_endsUnstarted() {
    Job<String> job = bounded((ctx, in) -> done.add(in));
    Job<String> blocker =
        Job.named("blocker", String.class).handler((ctx, in) -> world.time.pause());
    try (Scheduler scheduler =
        world.builder(world.time.newHost(), job, blocker).workers(1).start()) {
      scheduler.enqueueAll(job, Collections.nCopies(20, "short")); // such are claimed ahead
      world.time.runDue();
      done.clear();
      scheduler.enqueue(blocker, "blocks");
      RunHandle next = scheduler.enqueue(job, "next");
      world.time.advance(Duration.ofMinutes(61));
      assertThat(world.run(next.id()).status()).isEqualTo(Status.RUNNING);
      world.time.resumeAll();
      world.time.runDue();

      assertThat(done).isEmpty();
      assertThat(world.run(next.id()).status()).isEqualTo(Status.TIMED_OUT);
      assertThat(lastDetail(next)).isEqualTo(WORDS + "; no worker was free in time");
    }
  }

  @Test
  void limitCountsFromTheFirstDueTime_notFromAnAttempt() {
    Job<String> job = bounded((ctx, in) -> ctx.sleep("nap", Duration.ofMinutes(50)));
    try (Scheduler scheduler = world.start(job)) {
      RunHandle run = scheduler.enqueue(job, "in", EnqueueOptions.after(Duration.ofHours(2)));
      world.time.advance(Duration.ofHours(3));

      assertThat(world.run(run.id()).status()).isEqualTo(Status.COMPLETED);
    }
  }

  @Test
  void runThatEndsInTime_isLeftAlone() {
    Job<String> job =
        bounded(
            (ctx, in) -> {
              ctx.sleep("nap", LIMIT.minusSeconds(1));
              done.add("woke");
            });
    try (Scheduler scheduler = world.start(job)) {
      RunHandle run = scheduler.enqueue(job, "in");
      world.time.advance(Duration.ofDays(1));

      assertThat(done).containsExactly("woke");
      assertThat(world.history(run.id()))
          .containsExactly(Pass.Event.SUSPENDED, Pass.Event.COMPLETED);
    }
  }

  @Test
  void whatComesAfterFailures_followsAndSeesTheStatus() {
    Job<String> job =
        builder()
            .onFailure((ctx, end) -> done.add(end.status() + " " + end.reason()))
            .handler((ctx, in) -> ctx.sleep("nap", Duration.ofHours(3)));
    Job<String> after =
        Job.named("after", String.class)
            .after(job)
            .on(On.FAILURE)
            .handler((ctx, in) -> done.add("after " + in));
    try (Scheduler scheduler = world.start(job, after)) {
      scheduler.enqueue(job, "in");
      world.time.advance(Duration.ofHours(2));

      assertThat(done).containsExactlyInAnyOrder("TIMED_OUT late finish: " + WORDS, "after in");
      assertThat(world.runsOf("after")).extracting(Run::status).containsExactly(Status.COMPLETED);
    }
  }

  @Test
  void noTimeOrFarTooMuch_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().finishWithin(Duration.ZERO))
        .withMessage("finishWithin must be positive and at most 36525 days, was PT0S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().finishWithin(Duration.ofDays(36_526)))
        .withMessage("finishWithin must be positive and at most 36525 days, was PT876624H");
  }
}
