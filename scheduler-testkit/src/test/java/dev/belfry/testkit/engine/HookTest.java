// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Run;
import dev.belfry.run.RunEnd;
import dev.belfry.run.Status;
import dev.belfry.run.Trigger;
import dev.belfry.schedule.Schedule;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every end of a run calls the hooks of its job, as runs of their own. */
class HookTest {
  private final World world = new World();
  private final List<String> calls = new ArrayList<>();
  private final List<RunEnd> ends = new ArrayList<>();

  private Job<String> job() {
    return Job.named("job", String.class)
        .queue("own")
        .retry(RetryPolicy.none())
        .timeout(Duration.ofMinutes(1))
        .onlyIf(in -> !in.equals("skipped"))
        .onSuccess((ctx, end) -> calls.add("success " + end.status()))
        .onFailure((ctx, end) -> calls.add("failure " + end.status()))
        .onEnd(
            (ctx, end) -> {
              calls.add("end " + end.status());
              ends.add(end);
            })
        .handler(
            (ctx, in) -> {
              if (in.equals("failed")) {
                throw new IOException("no disk");
              }
              if (in.equals("late")) {
                world.time.pause();
              }
            });
  }

  private RunEnd endOf(String input) {
    Job<String> job = job();
    try (Scheduler scheduler = world.start(job)) {
      RunHandle handle = scheduler.enqueue(job, input);
      if (input.equals("cancelled")) {
        scheduler.cancel(handle.id(), "no need");
      }
      world.time.advance(Duration.ofMinutes(10));
      assertThat(ends)
          .extracting(RunEnd::run, RunEnd::job)
          .containsExactly(tuple(handle.id(), "job"));
    }
    return ends.get(0);
  }

  @Test
  void completedRun_callsOnSuccess() {
    RunEnd end = endOf("fine");

    assertThat(calls).containsExactlyInAnyOrder("success COMPLETED", "end COMPLETED");
    assertThat(end.reason()).isEmpty();
  }

  @Test
  void failedRun_callsOnFailure() {
    RunEnd end = endOf("failed");

    assertThat(calls).containsExactlyInAnyOrder("failure FAILED", "end FAILED");
    assertThat(end.reason()).isEqualTo("java.io.IOException: no disk");
    assertThat(end.at()).isEqualTo(World.START);
  }

  @Test
  void runThatTimedOut_callsOnFailure() {
    RunEnd end = endOf("late");

    assertThat(calls).containsExactlyInAnyOrder("failure TIMED_OUT", "end TIMED_OUT");
    assertThat(end.reason()).contains("ran longer than its timeout of PT1M");
  }

  @Test
  void cancelledRun_callsOnEndOnly() {
    RunEnd end = endOf("cancelled");

    assertThat(calls).containsExactly("end CANCELLED");
    assertThat(end.reason()).isEqualTo("no need");
  }

  @Test
  void skippedRun_callsOnEndOnly() {
    RunEnd end = endOf("skipped");

    assertThat(calls).containsExactly("end SKIPPED");
    assertThat(end.reason()).isEqualTo("not wanted: its condition (onlyIf) is false");
  }

  @Test
  void ticksThatStartedNoRun_callNoHook() {
    Job<Void> job =
        Job.named("tick")
            .schedule(Schedule.every(Duration.ofMinutes(1)))
            .onEnd((ctx, end) -> calls.add("end " + end.status()))
            .handler(ctx -> {});
    world.start(job).close();
    world.time.advance(Duration.ofMinutes(5));
    world.startFor(Duration.ofSeconds(10), job);

    assertThat(world.runsOf("tick"))
        .extracting(Run::status)
        .containsExactlyInAnyOrder(Status.SKIPPED, Status.COMPLETED);
    assertThat(calls).containsExactly("end COMPLETED");
    assertThat(world.store.inbox(10)).isEmpty();
  }

  @Test
  void hookThatFails_isRetried_andSeen() {
    Job<String> job =
        Job.named("job", String.class)
            .title("The job")
            .onSuccess(
                (ctx, end) -> {
                  calls.add("attempt " + ctx.attempt());
                  if (ctx.attempt() == 1) {
                    throw new IOException("no mail");
                  }
                })
            .handler((ctx, in) -> {});

    RunHandle handle = world.runOne(job);

    assertThat(calls).containsExactly("attempt 1", "attempt 2");
    assertThat(world.runsOf("job/onSuccess"))
        .singleElement()
        .satisfies(
            run -> {
              assertThat(run.status()).isEqualTo(Status.COMPLETED);
              assertThat(run.trigger()).isEqualTo(Trigger.parent(handle.id()));
            });
  }

  @Test
  void hookOfANodeThatDied_isCalledByTheNext() {
    var host = world.time.newHost();
    Job<String> job = job();
    Scheduler first = world.builder(host, job).start();
    world.faults.beforeNext(
        "deliver",
        any -> {
          host.kill();
          throw new IllegalStateException("this node is dead");
        });
    first.enqueue(job, "fine");
    world.time.advance(Duration.ofMinutes(1));
    assertThat(calls).isEmpty();

    world.startFor(Duration.ofMinutes(1), job());

    assertThat(calls).containsExactlyInAnyOrder("success COMPLETED", "end COMPLETED");
  }

  @Test
  void hookThatIsTakenOutOfTheCode_isCalledNoMore() {
    world.start(job()).close();
    Job<String> plain = Job.named("job", String.class).queue("own").handler((ctx, in) -> {});
    try (Scheduler scheduler = world.start(plain)) {
      scheduler.enqueue(plain, "fine");
      world.time.advance(Duration.ofMinutes(1));
    }

    assertThat(world.runsOf("job")).extracting(Run::status).containsExactly(Status.COMPLETED);
    assertThat(world.store.inbox(10)).isEmpty();
    assertThat(calls).isEmpty();
  }

  @Test
  void nodeOfOlderCode_leavesTheHooksToTheNewerOnes() {
    Job<String> plain = Job.named("job", String.class).queue("own").handler((ctx, in) -> {});
    try (Scheduler older = world.start(plain)) {
      world.start(job()).close();
      older.enqueue(plain, "fine");
      world.time.advance(Duration.ofMinutes(1));
      assertThat(world.runsOf("job")).extracting(Run::status).containsExactly(Status.COMPLETED);
    }
    world.startFor(Duration.ofMinutes(1), job());

    assertThat(calls).containsExactlyInAnyOrder("success COMPLETED", "end COMPLETED");
  }

  @Test
  void runOfAClientThatKnowsNoHooks_callsThem() {
    Job<String> plain = Job.named("job", String.class).queue("own").handler((ctx, in) -> {});
    try (Scheduler scheduler = world.start(job())) {
      SchedulerClient.of(world.store, plain).enqueue(plain, "fine");
      world.time.advance(Duration.ofMinutes(1));
    }

    assertThat(calls).containsExactlyInAnyOrder("success COMPLETED", "end COMPLETED");
    assertThat(world.runsOf("job/onEnd")).extracting(Run::status).containsExactly(Status.COMPLETED);
  }
}
