// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.Branch;
import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.JobContext;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerEvent;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Pass;
import dev.belfry.run.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Branches of a handler go on side by side, each with steps and waits of its own. */
class BranchTest {
  private static final EventType<String> DONE =
      EventType.of("done", String.class).keyedBy(key -> key);

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

  private RunHandle run(Handler handler) {
    return world.runOne(job(handler));
  }

  private void call(String what) {
    calls.add(what + " at " + world.elapsed());
  }

  private Status status(RunHandle handle) {
    return world.run(handle.id()).status();
  }

  @Test
  void equalIdsInBranches_areTheirOwn() {
    var results = new ArrayList<List<String>>();
    RunHandle handle =
        run(
            ctx -> {
              results.add(
                  ctx.parallel(
                      "both",
                      List.of(
                          Branch.returning("a", b -> b.step("part", String.class, () -> "of a")),
                          Branch.returning("b", b -> b.step("part", String.class, () -> "of b")))));
              if (ctx.attempt() == 1) {
                throw new IOException("once more");
              }
            });

    assertThat(results).containsExactly(List.of("of a", "of b"), List.of("of a", "of b"));
    assertThat(status(handle)).isEqualTo(Status.COMPLETED);
  }

  @Test
  void branches_sleepAndWaitSideBySide() {
    Job<String> job =
        job(
            ctx -> {
              ctx.parallel(
                  "all",
                  Branch.of(
                      "hour",
                      b -> {
                        b.sleep("nap", Duration.ofHours(1));
                        b.step("after", () -> call("hour"));
                      }),
                  Branch.of(
                      "minute",
                      b -> {
                        b.sleep("nap", Duration.ofMinutes(1));
                        b.step("after", () -> call("minute"));
                        b.sleep("nap", Duration.ofMinutes(1));
                        b.step("after", () -> call("two minutes"));
                      }),
                  Branch.of(
                      "event",
                      b -> {
                        var event = b.waitForEvent("done", DONE, "k", Duration.ofHours(2));
                        b.step("after", () -> call("event " + event.isPresent()));
                      }));
              call("end");
            });
    try (Scheduler scheduler = world.start(job)) {
      RunHandle handle = scheduler.enqueue(job, "in");
      world.time.advance(Duration.ofMinutes(10));
      scheduler.send(DONE, "k");
      world.time.advance(Duration.ofHours(1));
      assertThat(status(handle)).isEqualTo(Status.COMPLETED);
    }

    assertThat(calls)
        .containsExactly(
            "minute at PT1M",
            "two minutes at PT2M",
            "event true at PT10M",
            "hour at PT1H",
            "end at PT1H");
  }

  @Test
  void branchThatFails_failsTheAttempt_andTheOthersKeepWhatTheyHave() {
    RunHandle handle =
        run(
            ctx -> {
              ctx.parallel(
                  "all",
                  Branch.of(
                      "bad",
                      b -> {
                        if (ctx.attempt() == 1) {
                          throw new IOException("no");
                        }
                      }),
                  Branch.of("good", b -> b.step("part", () -> call("good"))),
                  Branch.of(
                      "slow",
                      b -> {
                        b.sleep("nap", Duration.ofMinutes(1));
                        b.step("part", () -> call("slow"));
                      }));
            });

    assertThat(calls).containsExactly("good at PT0S", "slow at PT1M");
    assertThat(world.store.passes(handle.id()).get(0).failure().orElseThrow().message())
        .isEqualTo("no");
    assertThat(world.history(handle.id()))
        .containsExactly(Pass.Event.RETRIED, Pass.Event.SUSPENDED, Pass.Event.COMPLETED);
  }

  @Test
  void contextOfTheHandler_isRefusedInABranch() {
    RunHandle handle =
        run(
            ctx ->
                ctx.parallel(
                    "all",
                    Branch.of(
                        "a",
                        b ->
                            assertThatThrownBy(() -> ctx.step("part", () -> call("part")))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessage(
                                    "step \"part\" was begun inside of step \"all\"; use the"
                                        + " context that the branch is given"))));

    assertThat(calls).isEmpty();
    assertThat(status(handle)).isEqualTo(Status.COMPLETED);
  }

  @Test
  void contextOfABranch_isRefusedAfterIt() {
    var kept = new ArrayList<JobContext>();
    run(
        ctx -> {
          ctx.parallel("all", Branch.of("a", kept::add));
          assertThatThrownBy(() -> kept.get(0).step("late", () -> call("late")))
              .hasMessage(
                  "the pass of run "
                      + ctx.runId()
                      + " has ended; its context can't be used any"
                      + " more");
        });

    assertThat(calls).isEmpty();
  }

  @Test
  void branchThatCatchesEverything_canNotGoOn_andIsReported() {
    RunHandle handle =
        run(
            ctx ->
                ctx.parallel(
                    "all",
                    Branch.of(
                        "a",
                        b -> {
                          try {
                            b.sleep("nap", Duration.ofMinutes(1));
                            call("woke");
                          } catch (Throwable swallowed) {
                            calls.add("swallowed");
                          }
                        })));

    assertThat(calls).containsExactly("swallowed", "woke at PT1M");
    assertThat(status(handle)).isEqualTo(Status.COMPLETED);
    assertThat(world.events(SchedulerEvent.SuspensionSwallowed.class)).hasSize(1);
  }

  @Test
  void branches_mayHaveBranches() {
    RunHandle handle =
        run(
            ctx ->
                ctx.parallel(
                    "outer",
                    Branch.of(
                        "x/y:z",
                        outer ->
                            outer.parallel(
                                "inner",
                                Branch.of("a", b -> b.sleep("nap", Duration.ofMinutes(1))),
                                Branch.of("b", b -> b.step("part", () -> call("inner"))))),
                    Branch.of("b", b -> b.step("part", () -> call("outer")))));

    assertThat(calls).containsExactlyInAnyOrder("inner at PT0S", "outer at PT0S");
    assertThat(status(handle)).isEqualTo(Status.COMPLETED);
  }

  @Test
  void twoBranchesOfAName_areRefused() {
    run(
        ctx ->
            assertThatThrownBy(
                    () -> ctx.parallel("all", Branch.of("a", b -> {}), Branch.of("a", b -> {})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("two branches of \"all\" are named \"a\""));
  }
}
