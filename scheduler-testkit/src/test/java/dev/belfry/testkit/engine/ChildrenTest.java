// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.Poll;
import dev.belfry.Polling;
import dev.belfry.Progress;
import dev.belfry.ResultJob;
import dev.belfry.RunGroup;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.StepFailedException;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.GroupEnd;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.run.Trigger;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a handler starts elsewhere is started once; what it polls and says is seen while it runs.
 */
class ChildrenTest extends HandlerBase {
  private static final EventType<String> TOLD = EventType.of("told", String.class);

  private final ResultJob<Integer, Integer> square =
      Job.named("square", Integer.class)
          .retry(RetryPolicy.none())
          .returning(
              Integer.class,
              (ctx, number) -> {
                ctx.step("note", () -> calls.add("square " + number));
                if (number < 0) {
                  throw new IOException("no negative numbers");
                }
                ctx.sleep("nap", Duration.ofMinutes(1));
                return number * number;
              });

  private RunHandle run(Job<String> job, Job<?>... others) {
    var all = new ArrayList<Job<?>>(List.of(others));
    all.add(job);
    try (Scheduler scheduler = world.start(all.toArray(Job<?>[]::new))) {
      RunHandle handle = scheduler.enqueue(job, "input");
      world.time.advance(Duration.ofHours(1));
      return handle;
    }
  }

  @Test
  void invoke_returnsTheResultOfTheOtherRun_andHoldsNothingMeanwhile() {
    var results = new ArrayList<Integer>();
    Job<String> job =
        Job.named("job", String.class)
            .retry(RetryPolicy.fixed(Duration.ofSeconds(10)))
            .handler(
                (ctx, in) -> {
                  results.add(ctx.invoke("first", square, 3));
                  results.add(ctx.invoke("second", square, 4));
                  failFirst(ctx);
                });

    RunHandle handle = run(job, square);

    assertThat(calls).containsExactly("square 3", "square 4");
    assertThat(results).containsExactly(9, 9, 16, 9, 16);
    assertThat(status(handle)).isEqualTo(Status.COMPLETED);
    assertThat(world.runsOf("square"))
        .extracting(Run::trigger)
        .containsOnly(Trigger.parent(handle.id()));
  }

  @Test
  void invokedRunThatFails_failsThePart_whichMayBeCompensated() {
    Job<String> job =
        Job.named("job", String.class)
            .handler(
                (ctx, in) -> {
                  try {
                    ctx.invoke("first", square, -1);
                  } catch (StepFailedException failed) {
                    ctx.step("compensate", () -> calls.add(String.valueOf(failed.getMessage())));
                  }
                });

    RunHandle handle = run(job, square);

    assertThat(calls)
        .containsExactly(
            "square -1", "invoke \"first\" has failed: java.io.IOException: no negative numbers");
    assertThat(status(handle)).isEqualTo(Status.COMPLETED);
  }

  @Test
  void nodeThatDiesBetweenTheWaitAndTheChild_startsItOnce() {
    var host = world.time.newHost();
    Job<String> job =
        Job.named("job", String.class)
            .handler((ctx, in) -> calls.add("got " + ctx.invoke("first", square, 3)));
    Scheduler first = world.builder(host, job, square).start();
    RunHandle handle = first.enqueue(job, "in");
    world.faults.beforeNext(
        "record",
        any ->
            world.faults.beforeNext(
                "insert",
                insert -> {
                  host.kill();
                  throw new IllegalStateException("this node is dead");
                }));
    world.time.advance(Duration.ofMinutes(1));

    try (Scheduler second = world.start(job, square)) {
      world.time.advance(Duration.ofHours(1));
      assertThat(second.run(handle.id())).isPresent();
    }

    assertThat(calls).containsExactly("square 3", "got 9");
    assertThat(world.runsOf("square")).hasSize(1);
  }

  @Test
  void enqueueAndSend_happenOnce_thoughTheMemoIsLost() {
    var ids = new ArrayList<RunId>();
    Job<String> told =
        Job.named("told", String.class).onEvent(TOLD).handler((ctx, in) -> calls.add(in));
    Job<String> job =
        Job.named("job", String.class)
            .retry(RetryPolicy.fixed(Duration.ofSeconds(10)))
            .handler(
                (ctx, in) -> {
                  if (ctx.attempt() <= 2) {
                    world.faults.refuse("record", any -> true); // nothing is remembered
                  } else {
                    world.faults.mend();
                  }
                  if (ctx.attempt() == 2) {
                    ctx.send("tell", TOLD, "event");
                  }
                  ids.add(ctx.enqueue("child", told, "run"));
                  ctx.send("tell", TOLD, "event");
                  assertThat(ctx.attempt()).isEqualTo(3);
                });

    RunHandle handle = run(job, told);

    assertThat(calls).containsExactlyInAnyOrder("run", "event");
    assertThat(ids).hasSize(1);
    assertThat(status(handle)).isEqualTo(Status.COMPLETED);
    assertThat(world.run(ids.get(0)).trigger()).isEqualTo(Trigger.parent(handle.id()));
  }

  @Test
  void enqueueGroup_happensOnce_thoughTheMemoIsLost() {
    var ids = new ArrayList<RunId>();
    Job<String> page = Job.named("page", String.class).handler((ctx, in) -> calls.add(in));
    Job<GroupEnd> publish =
        Job.named("publish", GroupEnd.class)
            .handler((ctx, end) -> calls.add(end.name() + " " + end.completed()));
    RunGroup group = RunGroup.named("book").addAll(page, List.of("a", "b")).then(publish);
    Job<String> job =
        Job.named("job", String.class)
            .retry(RetryPolicy.fixed(Duration.ofSeconds(10)))
            .handler(
                (ctx, in) -> {
                  if (ctx.attempt() <= 2) {
                    world.faults.refuse("record", any -> true); // nothing is remembered
                  } else {
                    world.faults.mend();
                  }
                  ids.add(ctx.enqueueGroup("pages", group));
                  ctx.sleep("nap", Duration.ofSeconds(1));
                  ids.add(ctx.runId());
                });

    RunHandle handle = run(job, page, publish);

    assertThat(status(handle)).isEqualTo(Status.COMPLETED);
    assertThat(calls).containsExactlyInAnyOrder("a", "b", "book 2");
    assertThat(ids).hasSize(3).endsWith(handle.id());
    assertThat(ids.get(0)).isEqualTo(ids.get(1)).isEqualTo(world.runsOf("publish").get(0).id());
  }

  // Looking again and again

  @Test
  void waitUntil_looksUntilItIsOver_andCarriesWhatItHasSeen() {
    Job<String> job =
        Job.named("job", String.class)
            .retry(RetryPolicy.fixed(Duration.ofSeconds(10)))
            .handler(
                (ctx, in) -> {
                  int found =
                      ctx.waitUntil(
                          "found",
                          Integer.class,
                          Polling.every(Duration.ofMinutes(1)).upTo(10),
                          last -> {
                            calls.add("look " + last + " at " + world.elapsed());
                            int seen = last.orElse(0) + 1;
                            return seen == 3 ? Poll.done(seen * 10) : Poll.again(seen);
                          });
                  assertThat(found).isEqualTo(30);
                  failFirst(ctx);
                });

    RunHandle handle = run(job);

    assertThat(calls)
        .containsExactly(
            "look Optional.empty at PT0S", "look Optional[1] at PT1M", "look Optional[2] at PT2M");
    assertThat(world.history(handle.id()))
        .containsExactly(
            Pass.Event.SUSPENDED, Pass.Event.SUSPENDED, Pass.Event.RETRIED, Pass.Event.COMPLETED);
  }

  @Test
  void waitUntil_thatIsInVain_fails() {
    Job<String> job =
        Job.named("job", String.class)
            .handler(
                (ctx, in) ->
                    ctx.waitUntil(
                        "found",
                        Integer.class,
                        Polling.every(Duration.ofMinutes(1)).upTo(2),
                        last -> Poll.again(0)));

    RunHandle handle = run(job);

    assertThat(world.state(handle.id()))
        .isInstanceOfSatisfying(
            RunState.Failed.class,
            failed ->
                assertThat(failed.failure().message())
                    .isEqualTo(
                        "step \"found\" has failed: looks used up: nothing has come of 2 looks"));
  }

  // Seen from outside

  @Test
  void progress_isShownWhileTheRunRuns_onceASecond() {
    Job<String> job =
        Job.named("job", String.class)
            .handler(
                (ctx, in) -> {
                  ctx.progress(0, 100);
                  ctx.progress(1, 100);
                  world.time.pause();
                  ctx.progress(50, 100);
                  world.time.pause();
                  ctx.progress(99, 100);
                  ctx.progress(100, 100);
                });
    try (Scheduler scheduler = world.start(job)) {
      RunHandle handle = scheduler.enqueue(job, "in");
      world.time.runDue();
      assertThat(scheduler.progress(handle.id())).contains(new Progress(0, 100, World.START));
      world.time.advance(Duration.ofSeconds(5));
      world.time.resumeAll();
      assertThat(scheduler.progress(handle.id()))
          .contains(new Progress(50, 100, World.START.plusSeconds(5)));
      world.time.resumeAll();
      world.time.runDue();
      assertThat(scheduler.progress(handle.id()).map(Progress::done)).contains(100L);
      assertThat(status(handle)).isEqualTo(Status.COMPLETED);
    }

    assertThat(world.faults.calls("record")).isEqualTo(3);
  }

  @Test
  void onFinish_runsOnce_atTheEnd() {
    Job<String> job =
        Job.named("job", String.class)
            .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).withMaxAttempts(2))
            .handler(
                (ctx, in) -> {
                  ctx.onFinish(status -> calls.add("finished " + status));
                  ctx.onFinish(
                      status -> {
                        throw new IllegalStateException("no");
                      });
                  ctx.sleep("nap", Duration.ofMinutes(1));
                  throw new IOException("no");
                });

    RunHandle handle = run(job);

    assertThat(calls).containsExactly("finished FAILED");
    assertThat(status(handle)).isEqualTo(Status.FAILED);
  }
}
