// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.SchedulerEvent;
import dev.belfry.retry.NonRetryableException;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.retry.SnoozeException;
import dev.belfry.run.Pass;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.run.Target;
import dev.belfry.run.TypeRef;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of runs whose handlers fail, take too long, or misbehave. */
class FailureTest {
  private final World world = new World();
  private final List<Duration> starts = new ArrayList<>();

  private Job.Builder<String> job() {
    return Job.named("work", String.class)
        .retry(RetryPolicy.fixed(Duration.ofSeconds(10)).withMaxAttempts(3));
  }

  @Test
  void failedAttempt_isTriedAgainAfterItsDelay() {
    RunHandle handle =
        world.runOne(
            job()
                .handler(
                    (ctx, input) -> {
                      starts.add(world.elapsed());
                      if (ctx.attempt() < 3) {
                        throw new IOException("attempt " + ctx.attempt());
                      }
                    }));

    assertThat(starts)
        .containsExactly(Duration.ZERO, Duration.ofSeconds(10), Duration.ofSeconds(20));
    assertThat(world.history(handle.id()))
        .containsExactly(Pass.Event.RETRIED, Pass.Event.RETRIED, Pass.Event.COMPLETED);
  }

  @Test
  void usedUpAttempts_endTheRunFailedWithTheLastFailure() {
    var thrown = new IOException("down");
    RunHandle handle =
        world.runOne(
            job()
                .handler(
                    (ctx, input) -> {
                      throw thrown;
                    }));

    assertThat(world.history(handle.id()))
        .containsExactly(Pass.Event.RETRIED, Pass.Event.RETRIED, Pass.Event.FAILED);
    assertThat(world.state(handle.id()))
        .isInstanceOfSatisfying(
            RunState.Failed.class,
            failed -> {
              assertThat(failed.failure().type()).isEqualTo("java.io.IOException");
              assertThat(failed.failure().message()).isEqualTo("down");
              assertThat(failed.failure().trace()).startsWith("java.io.IOException: down\n\tat ");
            });
    assertThat(world.events(SchedulerEvent.AttemptFailed.class))
        .hasSize(3)
        .allSatisfy(event -> assertThat(event.thrown()).isSameAs(thrown))
        .extracting(SchedulerEvent.AttemptFailed::last)
        .containsExactly(false, false, true);
    assertThat(world.events(SchedulerEvent.RunEnded.class))
        .singleElement()
        .satisfies(event -> assertThat(event.status()).isEqualTo(Status.FAILED));
  }

  @Test
  void nonRetryableFailure_endsTheRunAtOnce() {
    RunHandle handle =
        world.runOne(
            job()
                .handler(
                    (ctx, input) -> {
                      throw new NonRetryableException("no repository: p1");
                    }));

    assertThat(world.history(handle.id())).containsExactly(Pass.Event.FAILED);
  }

  @Test
  void snooze_usesNoAttempt() {
    var attempts = new ArrayList<Integer>();
    RunHandle handle =
        world.runOne(
            job()
                .handler(
                    (ctx, input) -> {
                      attempts.add(ctx.attempt());
                      if (attempts.size() < 6) {
                        throw new SnoozeException(Duration.ofMinutes(1));
                      }
                    }));

    assertThat(attempts).containsExactly(1, 1, 1, 1, 1, 1);
    assertThat(world.run(handle.id()).status()).isEqualTo(Status.COMPLETED);
  }

  @Test
  void pauseJobOn_pausesTheJobBeforeTheRunIsLetGo() {
    var healthy = new boolean[1];
    Job<String> job =
        Job.named("work", String.class)
            .retry(RetryPolicy.defaults().pauseJobOn(IllegalStateException.class))
            .handler(
                (ctx, input) -> {
                  starts.add(world.elapsed());
                  if (!healthy[0]) {
                    throw new IllegalStateException("bad credentials");
                  }
                });
    try (Scheduler scheduler = world.start(job)) {
      RunHandle handle = scheduler.enqueue(job, "a");
      world.time.advance(Duration.ofHours(1));

      assertThat(starts).hasSize(1);
      assertThat(scheduler.paused()).containsExactly(Target.job("work"));
      assertThat(scheduler.explain(handle.id()))
          .isEqualTo(
              "run "
                  + handle.id()
                  + " is due since "
                  + World.START
                  + " and waits: job work is paused");

      healthy[0] = true;
      scheduler.resume(Target.job("work"), "operator");
      world.time.advance(Duration.ofSeconds(3));
      assertThat(world.run(handle.id()).status()).isEqualTo(Status.COMPLETED);
    }
  }

  @Test
  void error_isAFailedAttemptAndTheNodeGoesOn() {
    RunHandle handle =
        world.runOne(
            job()
                .handler(
                    (ctx, input) -> {
                      if (ctx.attempt() == 1) {
                        throw new NoClassDefFoundError("com/x/Gone");
                      } else if (ctx.attempt() == 2) {
                        throw new StackOverflowError();
                      }
                    }));

    assertThat(world.history(handle.id()))
        .containsExactly(Pass.Event.RETRIED, Pass.Event.RETRIED, Pass.Event.COMPLETED);
  }

  @Test
  void failure_whoseMessageThrows_isKeptAllTheSame() {
    RunHandle handle =
        world.runOne(
            job()
                .retry(RetryPolicy.none())
                .handler(
                    (ctx, input) -> {
                      throw new IllegalStateException() {
                        private static final long serialVersionUID = 1;

                        @Override
                        public String getMessage() {
                          throw new UnsupportedOperationException("no message");
                        }
                      };
                    }));

    assertThat(world.state(handle.id()))
        .isInstanceOfSatisfying(
            RunState.Failed.class,
            failed ->
                assertThat(failed.failure().message())
                    .isEqualTo("(its getMessage() threw java.lang.UnsupportedOperationException)"));
  }

  @Test
  void undecodableInput_blocksTheRunUntilItIsReleased() {
    Job<Integer> older = Job.named("work", Integer.class).handler((ctx, number) -> {});
    Job<List<String>> newer =
        Job.named("work", new TypeRef<List<String>>() {}).handler((ctx, texts) -> {});
    RunHandle handle = SchedulerClient.of(world.store, older).enqueue(older, 17);
    try (Scheduler scheduler = world.start(newer)) {
      world.time.advance(Duration.ofSeconds(3));

      assertThat(scheduler.run(handle.id()).orElseThrow().state())
          .isEqualTo(
              new RunState.Blocked(
                  "its input can't be decoded: cannot decode List<String> at $: expected an array,"
                      + " was 17",
                  0));
      assertThat(world.events(SchedulerEvent.RunBlocked.class)).hasSize(1);
    }
    try (Scheduler fixed = world.start(older)) {
      fixed.retry(handle.id(), "operator");
      world.time.advance(Duration.ofSeconds(3));

      assertThat(world.run(handle.id()).status()).isEqualTo(Status.COMPLETED);
    }
  }

  @Test
  void resultThatIsTooLarge_failsTheRunWithSizeAndLimit() {
    var big =
        Job.named("big", String.class)
            .returning(String.class, (ctx, input) -> "x".repeat(1024 * 1024));
    try (Scheduler scheduler = world.start(big)) {
      var handle = scheduler.enqueue(big, "a");
      world.time.advance(Duration.ofHours(1));

      assertThat(world.history(handle.id())).containsExactly(Pass.Event.FAILED);
      assertThat(world.state(handle.id()))
          .isInstanceOfSatisfying(
              RunState.Failed.class,
              failed ->
                  assertThat(failed.failure().message())
                      .isEqualTo(
                          "result of job \"big\" has 1048578 bytes, the limit is 1048576; keep"
                              + " large data elsewhere and enqueue a reference to it"));
    }
  }

  @Test
  void shortRetryDelay_isKeptBetweenPolls() {
    world.runOne(
        Job.named("work", String.class)
            .retry(RetryPolicy.fixed(Duration.ofMillis(100)))
            .handler(
                (ctx, input) -> {
                  starts.add(world.elapsed());
                  if (ctx.attempt() < 4) {
                    throw new IOException("attempt " + ctx.attempt());
                  }
                }));

    assertThat(starts)
        .containsExactly(
            Duration.ZERO, Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(300));
  }
}
