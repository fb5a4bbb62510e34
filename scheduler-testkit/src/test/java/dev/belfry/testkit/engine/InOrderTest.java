// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belfry.EnqueueOptions;
import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Run;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import dev.belfry.testkit.VirtualTime.VirtualHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Runs of a key come one after another, whatever becomes of them. */
class InOrderTest {
  private static final RetryPolicy TWICE =
      RetryPolicy.fixed(Duration.ofMinutes(1)).withMaxAttempts(2);

  private final World world = new World();
  private final List<String> begun = new ArrayList<>();

  private static Job.Builder<String> ordered() {
    return Job.named("ordered", String.class).inOrder(input -> input.substring(0, 1));
  }

  private Job<String> stopping(Job.Builder<String> builder) {
    return builder.handler(
        (ctx, input) -> {
          begun.add(input);
          world.time.pause();
        });
  }

  private List<String> begunOf(String key) {
    return begun.stream().filter(input -> input.startsWith(key)).toList();
  }

  @Test
  void runsOfAKey_comeOneAfterAnother_thoseOfOthersBesideThem() {
    Job<String> job = stopping(ordered());
    try (Scheduler scheduler = world.start(job)) {
      scheduler.enqueueAll(job, List.of("a1", "a2", "b1", "a3", "b2"));
      world.time.runDue();
      assertThat(begun).containsExactly("a1", "b1");
      world.time.resumeAll();
      world.time.runDue();
      assertThat(begun).containsExactlyInAnyOrder("a1", "b1", "a2", "b2");
      world.time.resumeAll();
      world.time.runDue();
      assertThat(begunOf("a")).containsExactly("a1", "a2", "a3");
      world.time.resumeAll();
    }
  }

  @Test
  void runThatIsTriedAgain_keepsItsTurn() {
    Job<String> job =
        ordered()
            .retry(TWICE)
            .handler(
                (ctx, input) -> {
                  begun.add(input);
                  if (input.equals("a1")) {
                    throw new IllegalStateException("no");
                  }
                });
    try (Scheduler scheduler = world.start(job)) {
      scheduler.enqueueAll(job, List.of("a1", "a2"));
      world.time.advance(Duration.ofSeconds(59));
      assertThat(begun).containsExactly("a1");

      world.time.advance(Duration.ofSeconds(1));
      assertThat(begun).containsExactly("a1", "a1", "a2");
      assertThat(world.runsOf("ordered"))
          .extracting(Run::status)
          .containsExactly(Status.FAILED, Status.COMPLETED);
    }
  }

  @Test
  void runThatSleeps_keepsItsTurn() {
    Job<String> job =
        ordered()
            .handler(
                (ctx, input) -> {
                  ctx.sleep("nap", Duration.ofHours(1));
                  begun.add(input);
                });
    try (Scheduler scheduler = world.start(job)) {
      scheduler.enqueueAll(job, List.of("a1", "a2"));
      world.time.advance(Duration.ofMinutes(119));
      assertThat(begun).containsExactly("a1");
      world.time.advance(Duration.ofMinutes(1));
      assertThat(begun).containsExactly("a1", "a2");
    }
  }

  @Test
  void runThatIsCancelledWhileItSleeps_givesItsTurnAway() {
    Job<String> job =
        ordered()
            .handler(
                (ctx, input) -> {
                  begun.add(input);
                  ctx.sleep("nap", Duration.ofHours(1));
                });
    try (Scheduler scheduler = world.start(job)) {
      RunHandle first = scheduler.enqueue(job, "a1");
      scheduler.enqueue(job, "a2");
      world.time.runDue();
      scheduler.cancel(first.id(), "enough");
      world.time.runDue();

      assertThat(begun).containsExactly("a1", "a2");
    }
  }

  @Test
  void runThatIsCancelledBeforeItsTurn_leavesTheTurnWithItsHolder() {
    Job<String> job = stopping(ordered());
    try (Scheduler scheduler = world.start(job)) {
      scheduler.enqueue(job, "a1");
      RunHandle second = scheduler.enqueue(job, "a2");
      scheduler.enqueue(job, "a3");
      world.time.runDue();
      scheduler.cancel(second.id(), "enough");
      world.time.runDue();

      assertThat(world.run(second.id()).status()).isEqualTo(Status.CANCELLED);
      assertThat(begun).containsExactly("a1");
      world.time.resumeAll();
      world.time.runDue();
      assertThat(begun).containsExactly("a1", "a3");
      world.time.resumeAll();
    }
  }

  @Test
  void runOfADeadNode_keepsItsTurn() {
    Job<String> job = stopping(ordered());
    VirtualHost doomed = world.time.newHost();
    Scheduler first = world.builder(doomed, job).start();
    first.enqueueAll(job, List.of("a1", "a2"));
    world.time.runDue();
    doomed.kill();
    try (Scheduler second = world.start(job)) {
      world.time.advance(Duration.ofSeconds(25));
      assertThat(begun).containsExactly("a1", "a1");
      world.time.resumeAll();
      world.time.runDue();
      assertThat(begun).containsExactly("a1", "a1", "a2");
      world.time.resumeAll();
      assertThat(second.runs(RunQuery.ofJob("ordered")).items()).hasSize(2);
    }
  }

  @Test
  void orderIsByDueTime_amongThoseThatAreDue() {
    Job<String> job = stopping(ordered());
    try (Scheduler scheduler = world.start(job)) {
      scheduler.enqueue(job, "a1");
      world.time.runDue();
      scheduler.enqueue(job, "a-late", EnqueueOptions.after(Duration.ofSeconds(20)));
      scheduler.enqueue(job, "a-soon", EnqueueOptions.after(Duration.ofSeconds(10)));
      world.time.advance(Duration.ofSeconds(30));
      world.time.resumeAll();
      world.time.runDue();
      assertThat(begun).containsExactly("a1", "a-soon");
      world.time.resumeAll();
      world.time.runDue();
      assertThat(begun).containsExactly("a1", "a-soon", "a-late");
      world.time.resumeAll();
    }
  }

  @Test
  void runThatHasItsTurnAndNoOtherSlot_isNotOvertaken() {
    Job<String> job =
        stopping(ordered().limitRuns(1, input -> input.substring(input.length() - 1)));
    try (Scheduler scheduler = world.start(job)) {
      scheduler.enqueueAll(job, List.of("b-x", "a1-x", "a2-y"));
      world.time.runDue();
      assertThat(begun).containsExactly("b-x"); // a1 waits for x, and a2 for a1, though y is free

      world.time.resumeAll();
      world.time.runDue();
      assertThat(begun).containsExactly("b-x", "a1-x");
      world.time.resumeAll();
      world.time.runDue();
      assertThat(begun).containsExactly("b-x", "a1-x", "a2-y");
      world.time.resumeAll();
    }
  }

  @Test
  void fourNodes_neverOvertake() {
    Job<String> job =
        ordered()
            .retry(TWICE)
            .handler(
                (ctx, input) -> {
                  begun.add(input + " " + ctx.attempt());
                  world.time.pause();
                  if (ctx.attempt() == 1 && input.endsWith("3")) {
                    throw new IllegalStateException("once more");
                  }
                });
    List<Scheduler> nodes = Stream.generate(() -> world.start(job)).limit(4).toList();
    List<String> expected = new ArrayList<>();
    for (int i = 10; i < 40; i++) {
      nodes.get(i % 4).enqueueAll(job, List.of("a" + i, "b" + i));
      world.time.advance(Duration.ofMillis(1));
      expected.add("a" + i + " 1");
      if (i % 10 == 3) {
        expected.add("a" + i + " 2");
      }
    }
    for (int i = 0; i < 60; i++) {
      world.time.resumeAll();
      world.time.advance(Duration.ofSeconds(10));
    }
    world.time.resumeAll();
    world.time.runDue();

    assertThat(begunOf("a")).containsExactlyElementsOf(expected);
    assertThat(world.runsOf("ordered")).extracting(Run::status).containsOnly(Status.COMPLETED);
    nodes.forEach(Scheduler::close);
  }

  @Test
  void explain_namesTheKey() {
    Job<String> job = stopping(ordered());
    try (Scheduler scheduler = world.start(job)) {
      scheduler.enqueue(job, "a1");
      RunHandle second = scheduler.enqueue(job, "a2");
      world.time.runDue();

      assertThat(scheduler.explain(second.id()))
          .endsWith(" and waits for its turn in the order of key \"a\"");
      world.time.resumeAll();
    }
  }

  @Test
  void whatHasNoOrder_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ordered().inOrder(input -> input))
        .withMessage("job \"ordered\" has two orders; give it one key");
    Job<String> job = ordered().handler((ctx, input) -> {});
    try (Scheduler scheduler = world.start(job)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> scheduler.enqueue(job, "a", EnqueueOptions.now().withPriority(1)))
          .withMessage(
              "runs of job \"ordered\" come in order, so all have the job's priority; leave that of"
                  + " this run out");
    }
  }
}
