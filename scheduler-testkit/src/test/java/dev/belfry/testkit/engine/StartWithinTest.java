// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belfry.EnqueueOptions;
import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Failure;
import dev.belfry.run.Pass;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run that comes too late is not started. */
class StartWithinTest {
  private final World world = new World();
  private final List<String> begun = new ArrayList<>();

  private static Job.Builder<String> prompt() {
    return Job.named("prompt", String.class).startWithin(Duration.ofMinutes(5));
  }

  private final Job<String> job = prompt().handler((ctx, input) -> begun.add(input));

  @Test
  void runThatNoNodeCouldStartInTime_endsTimedOutWithoutAHandler() {
    RunHandle late = SchedulerClient.of(world.store, job).enqueue(job, "late");
    world.time.advance(Duration.ofMinutes(5).plusNanos(1_000));
    RunHandle intime = SchedulerClient.of(world.store, job).enqueue(job, "in time");
    try (Scheduler scheduler = world.start(job)) {
      world.time.runDue();

      assertThat(begun).containsExactly("in time");
      assertThat(world.history(late.id())).containsExactly(Pass.Event.TIMED_OUT);
      assertThat(world.state(late.id()))
          .isInstanceOfSatisfying(
              RunState.TimedOut.class,
              timedOut ->
                  assertThat(timedOut.failure())
                      .isEqualTo(
                          Failure.of(
                              "late start", "not started within PT5M of 2026-03-02T08:00:00Z")));
      assertThat(scheduler.explain(late.id()))
          .endsWith("TIMED_OUT: not started within PT5M of 2026-03-02T08:00:00Z");
      assertThat(world.run(intime.id()).status()).isEqualTo(Status.COMPLETED);
    }
  }

  @Test
  void runThatIsClaimedJustInTime_starts() {
    SchedulerClient.of(world.store, job).enqueue(job, "just");
    world.time.advance(Duration.ofMinutes(5));
    try (Scheduler scheduler = world.start(job)) {
      world.time.runDue();
    }
    assertThat(begun).containsExactly("just");
  }

  @Test
  void timeCountsFromTheDueTime() {
    try (Scheduler scheduler = world.start(job)) {
      scheduler.enqueue(job, "later", EnqueueOptions.after(Duration.ofHours(1)));
      world.time.advance(Duration.ofHours(1));
    }
    assertThat(begun).containsExactly("later");
  }

  @Test
  void runThatWaitsForASlot_timesOutWhenItGetsIt() {
    Job<String> limited =
        prompt()
            .limitRuns(1)
            .handler(
                (ctx, input) -> {
                  begun.add(input);
                  world.time.pause();
                });
    try (Scheduler scheduler = world.start(limited)) {
      scheduler.enqueue(limited, "first");
      RunHandle second = scheduler.enqueue(limited, "second");
      world.time.advance(Duration.ofMinutes(10));
      assertThat(world.run(second.id()).status()).isEqualTo(Status.SCHEDULED);
      world.time.resumeAll();
      world.time.runDue();

      assertThat(begun).containsExactly("first");
      assertThat(world.run(second.id()).status()).isEqualTo(Status.TIMED_OUT);
    }
  }

  @Test
  void whatGoesOn_hasStarted() {
    Job<String> slow =
        prompt()
            .retry(RetryPolicy.fixed(Duration.ofHours(1)).withMaxAttempts(2))
            .handler(
                (ctx, input) -> {
                  begun.add(input + " " + ctx.attempt());
                  ctx.sleep("nap", Duration.ofHours(1));
                  if (ctx.attempt() == 1) {
                    throw new IllegalStateException("once more");
                  }
                });
    try (Scheduler scheduler = world.start(slow)) {
      RunHandle handle = scheduler.enqueue(slow, "a");
      world.time.advance(Duration.ofHours(3));

      assertThat(begun).containsExactly("a 1", "a 1", "a 2");
      assertThat(world.run(handle.id()).status()).isEqualTo(Status.COMPLETED);
    }
  }

  @Test
  void noTime_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> prompt().startWithin(Duration.ZERO))
        .withMessage("startWithin must be positive, was PT0S");
  }
}
