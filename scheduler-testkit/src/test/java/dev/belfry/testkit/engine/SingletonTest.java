// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.run.OnActive;
import dev.belfry.run.Run;
import dev.belfry.run.Status;
import dev.belfry.testkit.VirtualTime.VirtualHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One run of a key is active at a time. */
class SingletonTest {
  private final World world = new World();
  private final List<String> begun = new ArrayList<>();

  private static Job.Builder<String> single(OnActive onActive) {
    return Job.named("sync", String.class).singleton(onActive, input -> input.substring(0, 1));
  }

  /** Sleeps for an hour, so that a run is active without a worker. */
  private Job<String> sleeping(Job.Builder<String> builder) {
    return builder.handler(
        (ctx, input) -> {
          if (!begun.contains(input)) {
            begun.add(input);
          }
          ctx.sleep("nap", Duration.ofHours(1));
        });
  }

  @Test
  void skip_dropsRunsThatComeWhileOneIsActive() {
    Job<String> job = sleeping(single(OnActive.SKIP));
    try (Scheduler scheduler = world.start(job)) {
      RunHandle first = scheduler.enqueue(job, "a1");
      world.time.runDue();
      RunHandle second = scheduler.enqueue(job, "a2");
      scheduler.enqueue(job, "b1");
      world.time.runDue();

      assertThat(scheduler.explain(second.id()))
          .endsWith("SKIPPED: run " + first.id() + " of key \"a\" is active");
      world.time.advance(Duration.ofHours(1));
      scheduler.enqueue(job, "a3");
      world.time.runDue();
      assertThat(begun).containsExactly("a1", "b1", "a3");
    }
  }

  @Test
  void cancel_hasTheActiveRunMakeRoomForTheNewOne() {
    Job<String> job = sleeping(single(OnActive.CANCEL));
    try (Scheduler scheduler = world.start(job)) {
      RunHandle first = scheduler.enqueue(job, "a1");
      world.time.runDue();
      RunHandle second = scheduler.enqueue(job, "a2");
      world.time.runDue();

      assertThat(begun).containsExactly("a1", "a2");
      assertThat(scheduler.explain(first.id()))
          .endsWith("CANCELLED: replaced by run " + second.id());
      world.time.advance(Duration.ofHours(1));
      assertThat(world.run(second.id()).status()).isEqualTo(Status.COMPLETED);
    }
  }

  @Test
  void cancel_interruptsAHandler_andTheLastOneStartsOnceItHasEnded() {
    Job<String> job =
        single(OnActive.CANCEL)
            .handler(
                (ctx, input) -> {
                  begun.add(input);
                  world.time.pause();
                });
    try (Scheduler scheduler = world.start(job)) {
      scheduler.enqueue(job, "a1");
      world.time.runDue();
      scheduler.enqueue(job, "a2");
      RunHandle third = scheduler.enqueue(job, "a3");
      assertThat(begun).containsExactly("a1");
      world.time.advance(Duration.ofSeconds(5));

      assertThat(begun).containsExactly("a1", "a3");
      assertThat(world.runsOf("sync"))
          .extracting(Run::status)
          .containsExactly(Status.CANCELLED, Status.CANCELLED, Status.RUNNING);
      world.time.resumeAll();
      world.time.runDue();
      assertThat(world.run(third.id()).status()).isEqualTo(Status.COMPLETED);
    }
  }

  @Test
  void runOfADeadNode_isActiveUntilItHasEnded() {
    Job<String> job = sleeping(single(OnActive.SKIP));
    VirtualHost doomed = world.time.newHost();
    Job<String> stopping =
        single(OnActive.SKIP)
            .handler(
                (ctx, input) -> {
                  begun.add(input);
                  world.time.pause();
                });
    Scheduler first = world.builder(doomed, stopping).start();
    first.enqueue(stopping, "a1");
    world.time.runDue();
    doomed.kill();
    try (Scheduler second = world.start(job)) {
      world.time.advance(Duration.ofMillis(1));
      second.enqueue(job, "a2");
      world.time.advance(Duration.ofSeconds(30));
      world.time.resumeAll();

      assertThat(world.runsOf("sync"))
          .extracting(Run::status)
          .containsExactly(Status.SCHEDULED, Status.SKIPPED);
    }
  }

  @Test
  void fourNodes_haveOneActive() {
    Job<String> job =
        single(OnActive.SKIP)
            .handler(
                (ctx, input) -> {
                  begun.add(input);
                  world.time.pause();
                });
    List<Scheduler> nodes = Stream.generate(() -> world.start(job)).limit(4).toList();
    for (int i = 0; i < 100; i++) {
      nodes.get(i % 4).enqueueAll(job, List.of("a" + i, "a" + i));
      world.time.advance(Duration.ofSeconds(1));
      assertThat(world.runsOf("sync").stream().filter(run -> run.status() == Status.RUNNING))
          .hasSize(1);
      if (i % 5 == 4) {
        world.time.resumeAll();
        world.time.runDue();
      }
    }

    assertThat(begun).hasSize(20);
    nodes.forEach(Scheduler::close);
  }

  @Test
  void explain_saysWhatIsWaitedFor() {
    Job<String> job =
        single(OnActive.CANCEL)
            .handler(
                (ctx, input) -> {
                  begun.add(input);
                  try {
                    world.time.pause();
                  } catch (InterruptedException asked) {
                    world.time.pause(); // it takes its time
                  }
                });
    try (Scheduler scheduler = world.start(job)) {
      scheduler.enqueue(job, "a1");
      world.time.runDue();
      RunHandle second = scheduler.enqueue(job, "a2");
      world.time.advance(Duration.ofSeconds(5));

      assertThat(scheduler.explain(second.id()))
          .endsWith(" and waits for the end of the run of key \"a\" that is active");
      world.time.resumeAll();
      world.time.runDue();
      assertThat(begun).containsExactly("a1", "a2");
      world.time.resumeAll();
    }
  }

  @Test
  void whatDoesNotGoTogether_isRefusedWithASentence() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> single(OnActive.SKIP).singleton(OnActive.SKIP))
        .withMessage("job \"sync\" has two singletons; give it one");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sleeping(single(OnActive.SKIP).inOrder(input -> input)))
        .withMessage(
            "job \"sync\" can't have inOrder beside singleton: it ends or replaces runs that the"
                + " order has wait");
  }
}
