// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerEvent;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Failure;
import dev.belfry.run.Pass;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Handlers that take too long, and such as will not end. */
class TimeoutTest {
  private final World world = new World();
  private final List<Duration> starts = new ArrayList<>();

  private Job.Builder<String> job() {
    return Job.named("work", String.class)
        .retry(RetryPolicy.fixed(Duration.ofSeconds(10)).withMaxAttempts(3));
  }

  @Test
  void timeout_interruptsTheHandlerAndFailsTheAttempt() {
    RunHandle handle =
        world.runOne(
            job()
                .timeout(Duration.ofSeconds(30))
                .handler(
                    (ctx, input) -> {
                      starts.add(world.elapsed());
                      world.time.pause();
                    }));

    assertThat(starts)
        .containsExactly(Duration.ZERO, Duration.ofSeconds(40), Duration.ofSeconds(80));
    assertThat(world.history(handle.id()))
        .containsExactly(Pass.Event.RETRIED, Pass.Event.RETRIED, Pass.Event.TIMED_OUT);
    assertThat(world.state(handle.id()))
        .isInstanceOfSatisfying(
            RunState.TimedOut.class,
            timedOut ->
                assertThat(timedOut.failure())
                    .extracting(Failure::type, Failure::message)
                    .containsExactly(
                        TimeoutException.class.getName(), "ran longer than its timeout of PT30S"));
  }

  @Test
  void handlerThatIgnoresItsInterrupt_isReportedAsStuckAndItsWorkerReplaced() {
    Job<String> stubborn =
        job()
            .timeout(Duration.ofSeconds(30))
            .retry(RetryPolicy.none())
            .handler((ctx, input) -> ignoreInterrupts());
    Job<String> other = Job.named("other", String.class).handler((ctx, input) -> {});
    Scheduler scheduler = world.builder(world.time.newHost(), stubborn, other).workers(1).start();
    RunHandle stuck = scheduler.enqueue(stubborn, "a");
    RunHandle next = scheduler.enqueue(other, "b");
    world.time.advance(Duration.ofSeconds(39));
    assertThat(world.run(next.id()).status()).isEqualTo(Status.SCHEDULED);

    world.time.advance(Duration.ofSeconds(1));

    assertThat(world.run(next.id()).status()).isEqualTo(Status.COMPLETED);
    assertThat(world.run(stuck.id()).status()).isEqualTo(Status.TIMED_OUT);
    assertThat(world.events(SchedulerEvent.RunStuck.class))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.run()).isEqualTo(stuck.id());
              assertThat(event.ran()).isEqualTo(Duration.ofSeconds(40));
              assertThat(event.stack()).contains("TimeoutTest.ignoreInterrupts");
            });
  }

  @Test
  void handlerWithoutTimeout_isWarnedOfAfterAnHourAndGoesOn() {
    Job<String> slow = Job.named("work", String.class).handler((ctx, input) -> world.time.pause());
    Scheduler scheduler = world.start(slow);
    RunHandle handle = scheduler.enqueue(slow, "a");
    world.time.advance(Duration.ofMinutes(59));
    assertThat(world.events(SchedulerEvent.RunLong.class)).isEmpty();

    world.time.advance(Duration.ofHours(5));
    assertThat(world.events(SchedulerEvent.RunLong.class)).hasSize(1);

    world.time.resumeAll();
    world.time.runDue();
    assertThat(world.run(handle.id()).status()).isEqualTo(Status.COMPLETED);
  }

  private void ignoreInterrupts() {
    while (true) {
      try {
        world.time.pause();
      } catch (InterruptedException ignored) {
        // the point of the test
      }
    }
  }

  @Test
  void retryPolicyOfAStuckHandler_isNotAskedOnTheLoop() {
    var host = new WatchedHost(world.time.newHost(), Duration.ZERO);
    var askedOnLoop = new ArrayList<Boolean>();
    Job<String> stubborn =
        Job.named("work", String.class)
            .timeout(Duration.ofSeconds(30))
            .retry(RetryPolicy.defaults().failIf(thrown -> askedOnLoop.add(host.isOnLoop())))
            .handler((ctx, input) -> ignoreInterrupts());
    Scheduler scheduler = world.builder(world.time.newHost(), stubborn).host(host).start();

    RunHandle handle = scheduler.enqueue(stubborn, "a");
    world.time.advance(Duration.ofMinutes(1));

    assertThat(askedOnLoop).containsExactly(false);
    assertThat(world.run(handle.id()).status()).isEqualTo(Status.TIMED_OUT);
  }

  @Test
  void retryPolicyThatTakesLong_holdsUpNobodyElse() {
    Job<String> undecided =
        Job.named("work", String.class)
            .timeout(Duration.ofSeconds(1))
            .retry(RetryPolicy.defaults().failIf(thrown -> pausedOnce()))
            .handler(
                (ctx, input) -> {
                  throw new IllegalStateException("no");
                });
    Job<String> other = Job.named("other", String.class).handler((ctx, input) -> {});
    Scheduler scheduler = world.start(undecided, other);
    RunHandle first = scheduler.enqueue(undecided, "a");
    world.time.runDue();

    RunHandle second = scheduler.enqueue(other, "b");
    world.time.runDue();
    assertThat(world.run(first.id()).status()).isEqualTo(Status.RUNNING);
    assertThat(world.run(second.id()).status()).isEqualTo(Status.COMPLETED);

    world.time.advance(Duration.ofSeconds(5)); // the timeout falls into the decision
    assertThat(world.run(first.id()).status()).isEqualTo(Status.TIMED_OUT);
  }

  /** Stands still until it is interrupted, and then no more. */
  private boolean pausedOnce() {
    if (starts.isEmpty()) {
      starts.add(world.elapsed());
      try {
        world.time.pause();
      } catch (InterruptedException told) {
        return true;
      }
    }
    return true;
  }
}
