// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.Job;
import dev.belfry.JobContext;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerEvent;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Pass;
import dev.belfry.run.RunState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A run that sleeps holds nothing, and goes on where it was, with the values that it had drawn. */
class SleepTest {
  private final World world = new World();
  private final List<String> calls = new ArrayList<>();

  /** What a handler of these tests does. */
  private interface Handler {
    void run(JobContext ctx) throws Exception;
  }

  private static Job<String> job(Handler handler) {
    return Job.named("job", String.class)
        .retry(RetryPolicy.fixed(Duration.ofSeconds(10)).withMaxAttempts(3))
        .handler((ctx, input) -> handler.run(ctx));
  }

  private RunHandle run(Handler handler, Duration time) {
    Job<String> job = job(handler);
    try (Scheduler scheduler = world.start(job)) {
      RunHandle handle = scheduler.enqueue(job, "input");
      world.time.advance(time);
      return handle;
    }
  }

  private void call(String what) {
    calls.add(what + " at " + world.elapsed());
  }

  private void assertCompleted(RunHandle handle) {
    assertThat(world.state(handle.id())).isInstanceOf(RunState.Completed.class);
  }

  @Test
  void sleep_endsThePass_andTheRunGoesOnWhenItIsOver() {
    RunHandle handle =
        run(
            ctx -> {
              ctx.step("a", () -> call("a"));
              ctx.sleep("nap", Duration.ofDays(1));
              ctx.step("b", () -> call("b"));
              ctx.sleepUntil("later", World.START.plus(Duration.ofDays(3)));
              ctx.step("c", () -> call("c"));
            },
            Duration.ofDays(4));

    assertThat(calls).containsExactly("a at PT0S", "b at PT24H", "c at PT72H");
    assertThat(world.history(handle.id()))
        .containsExactly(Pass.Event.SUSPENDED, Pass.Event.SUSPENDED, Pass.Event.COMPLETED);
    assertThat(world.store.passes(handle.id())).extracting(Pass::attempt).containsOnly(1);
    assertThat(world.store.passes(handle.id()).get(0).detail()).isEqualTo("sleep \"nap\" of PT24H");
  }

  @Test
  void endOfASleep_isStoredWhenItBegins_andNotMovedByLaterCode() {
    RunHandle handle =
        run(
            ctx -> {
              ctx.sleep("nap", ctx.fence() == 1 ? Duration.ofHours(1) : Duration.ofDays(9));
              call("done");
            },
            Duration.ofHours(2));

    assertThat(calls).containsExactly("done at PT1H");
    assertCompleted(handle);
  }

  @Test
  void sleepingRun_holdsNoWorker() {
    Job<String> job =
        job(
            ctx -> {
              ctx.sleep("nap", Duration.ofDays(1));
              calls.add("woke");
            });
    try (Scheduler scheduler = world.builder(world.time.newHost(), job).workers(1).start()) {
      for (int i = 0; i < 50; i++) {
        scheduler.enqueue(job, "input");
      }
      world.time.advance(Duration.ofMinutes(1));
      assertThat(calls).isEmpty();
      world.time.advance(Duration.ofDays(1));
    }

    assertThat(calls).hasSize(50);
  }

  // Swallowed

  @Test
  void handlerThatCatchesEverything_canNotGoOn_andIsReported() {
    RunHandle handle =
        run(
            ctx -> {
              try {
                ctx.sleep("nap", Duration.ofDays(1));
              } catch (Throwable swallowed) {
                calls.add("swallowed");
                assertThatThrownBy(() -> ctx.step("a", () -> calls.add("a"))).isSameAs(swallowed);
                return; // "completed", it would say
              }
              ctx.step("b", () -> call("b"));
            },
            Duration.ofDays(2));

    assertThat(calls).containsExactly("swallowed", "b at PT24H");
    assertCompleted(handle);
    assertThat(world.events(SchedulerEvent.SuspensionSwallowed.class))
        .extracting(SchedulerEvent.SuspensionSwallowed::waitsFor)
        .containsExactly("sleep \"nap\" of PT24H");
  }

  @Test
  @SuppressWarnings({"Finally", "finally"}) // what a handler should not do is what is tested
  void exceptionInPlaceOfTheSignal_failsNothing_andIsReported() {
    RunHandle handle =
        run(
            ctx -> {
              try {
                ctx.sleep("nap", Duration.ofDays(1));
              } finally {
                if (ctx.fence() == 1) {
                  throw new IOException("closing failed");
                }
              }
            },
            Duration.ofDays(2));

    assertThat(world.history(handle.id()))
        .containsExactly(Pass.Event.SUSPENDED, Pass.Event.COMPLETED);
    assertThat(world.events(SchedulerEvent.SuspensionSwallowed.class)).hasSize(1);
  }

  @Test
  void handlerThatLetsItselfBeUnwound_isNotReported() {
    run(ctx -> ctx.sleep("nap", Duration.ofDays(1)), Duration.ofDays(2));

    assertThat(world.events(SchedulerEvent.SuspensionSwallowed.class)).isEmpty();
  }

  // Crashes and cancels

  @Test
  void nodeThatDiesWhileARunSleeps_isReplacedByAnother() {
    var host = world.time.newHost();
    Job<String> job =
        job(
            ctx -> {
              ctx.step("a", () -> call("a"));
              ctx.sleep("nap", Duration.ofHours(1));
              ctx.step("b", () -> call("b"));
            });
    RunHandle handle = world.builder(host, job).start().enqueue(job, "input");
    world.time.advance(Duration.ofMinutes(1));
    host.kill();

    try (Scheduler second = world.start(job)) {
      world.time.advance(Duration.ofHours(2));
      assertThat(second.run(handle.id())).isPresent();
    }

    assertThat(calls).containsExactly("a at PT0S", "b at PT1H");
    assertCompleted(handle);
  }

  @Test
  void runThatIsCancelledWhileItSleeps_endsWithoutAnotherPass() {
    Job<String> job =
        job(
            ctx -> {
              call("begun");
              ctx.sleep("nap", Duration.ofDays(1));
            });
    try (Scheduler scheduler = world.start(job)) {
      RunHandle handle = scheduler.enqueue(job, "input");
      world.time.advance(Duration.ofHours(1));
      scheduler.cancel(handle.id(), "not needed");
      world.time.advance(Duration.ofMinutes(1));

      assertThat(world.state(handle.id())).isInstanceOf(RunState.Cancelled.class);
      assertThat(calls).containsExactly("begun at PT0S");
    }
  }

  // Values

  @Test
  void valuesThatWereDrawn_areTheSameInEveryPass() {
    var times = new ArrayList<Instant>();
    var numbers = new ArrayList<Long>();
    var uuids = new ArrayList<UUID>();
    run(
        ctx -> {
          times.add(ctx.now());
          numbers.add(ctx.random().nextLong());
          numbers.add(ctx.random().nextLong());
          uuids.add(ctx.uuid());
          ctx.sleep("nap", Duration.ofDays(1));
          times.add(ctx.now());
          failFirst(ctx);
        },
        Duration.ofDays(2));

    Instant woke = World.START.plus(Duration.ofDays(1));
    assertThat(times)
        .containsExactly(
            World.START, World.START, woke, World.START, woke.plus(Duration.ofSeconds(10)));
    assertThat(numbers).hasSize(6);
    assertThat(numbers.subList(0, 2)).isEqualTo(numbers.subList(2, 4)).doesNotHaveDuplicates();
    assertThat(uuids).hasSize(3).containsOnly(uuids.get(0));
    assertThat(uuids.get(0).version()).isEqualTo(4);
  }

  private static void failFirst(JobContext ctx) throws IOException {
    if (ctx.attempt() == 1) {
      throw new IOException("the first time");
    }
  }

  @Test
  void version_isTheNewestForANewRun_andTheOldestForOneThatWasFurther() {
    var versions = new ArrayList<Integer>();
    run(
        ctx -> {
          if (ctx.fence() > 1) { // the code was changed while the run slept
            versions.add(ctx.version("before the nap", 0, 1));
          }
          ctx.sleep("nap", Duration.ofDays(1));
          versions.add(ctx.version("after the nap", 3, 4));
          ctx.sleep("second nap", Duration.ofDays(1));
        },
        Duration.ofDays(3));

    assertThat(versions).containsExactly(0, 4, 0, 4);
  }

  @Test
  void versionThatTheCodeDoesNotKnow_isRefused() {
    RunHandle handle =
        run(
            ctx -> {
              int max = ctx.attempt() == 1 ? 1 : 3;
              ctx.version("change", max, max);
              ctx.step("a", () -> {});
              failFirst(ctx);
            },
            Duration.ofDays(1));

    assertThat(world.store.passes(handle.id()).get(1).failure())
        .hasValueSatisfying(
            failure ->
                assertThat(failure.message())
                    .isEqualTo(
                        "run "
                            + handle.id()
                            + " came by change \"change\" with version 1; this code knows 3 to"
                            + " 3"));
  }

  @Test
  void sleepOutOfRange_isRefused() {
    run(
        ctx -> {
          assertThatThrownBy(() -> ctx.sleep("nap", Duration.ofSeconds(-1)))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessage("sleep must be zero to 100 years, was PT-1S");
          assertThatThrownBy(() -> ctx.sleepUntil("nap", Instant.MAX))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessage("sleep must end in the years 1 to 9999, was " + Instant.MAX);
        },
        Duration.ofMinutes(1));
  }
}
