// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Run;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import dev.belfry.run.Target;
import dev.belfry.schedule.Overlap;
import dev.belfry.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The starts of a throttled job are spread evenly, whichever nodes they are on. */
class ThrottleTest {
  private static final EventType<String> WANTED = EventType.of("call/wanted", String.class);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final World world = new World();
  private final List<String> begun = new ArrayList<>();
  private final List<Instant> starts = new ArrayList<>();

  private static Job.Builder<String> throttled() {
    return Job.named("call", String.class).throttle(10, MINUTE);
  }

  private Job<String> noting(Job.Builder<String> builder) {
    return builder.handler(
        (ctx, input) -> {
          begun.add(input);
          starts.add(world.time.now());
        });
  }

  private static List<String> inputs(int count) {
    return IntStream.range(0, count).mapToObj(i -> "r" + i).toList();
  }

  /** Returns the beginnings of slots of 6 s. */
  private static List<Instant> slots(Instant first, int count) {
    return IntStream.range(0, count).mapToObj(i -> first.plusSeconds(6L * i)).toList();
  }

  @Test
  void anHourOfFourNodes_hasAStartAtTheBeginOfEachSlot_inOrder() {
    Job<String> job = noting(throttled());
    List<Scheduler> nodes = Stream.generate(() -> world.start(job)).limit(4).toList();
    nodes.get(0).enqueueAll(job, inputs(300));
    world.time.advance(Duration.ofMinutes(10));
    nodes.get(1).enqueueAll(job, inputs(300));

    world.time.advance(Duration.ofMinutes(50));

    assertThat(starts).containsExactlyElementsOf(slots(World.START, 600));
    assertThat(begun.subList(0, 300)).containsExactlyElementsOf(inputs(300));
    assertThat(world.runsOf("call")).extracting(Run::status).containsOnly(Status.COMPLETED);
    nodes.forEach(Scheduler::close);
  }

  @Test
  void afterAPause_nothingIsMadeUpFor() {
    Job<String> job = noting(throttled());
    try (Scheduler scheduler = world.start(job)) {
      scheduler.enqueueAll(job, inputs(5));
      world.time.advance(Duration.ofSeconds(6));
      scheduler.pause(Target.job("call"), "ann");
      world.time.advance(Duration.ofHours(1));
      starts.clear();

      scheduler.resume(Target.job("call"), "ann");
      Instant resumed = world.time.now();
      world.time.advance(MINUTE);

      assertThat(starts).containsExactlyElementsOf(slots(resumed, 3));
      assertThat(begun).containsExactlyElementsOf(inputs(5));
    }
  }

  @Test
  void workersThatAreBusy_delayStartsAndLoseNone() {
    Job<String> job =
        throttled()
            .handler(
                (ctx, input) -> {
                  begun.add(input);
                  world.time.pause();
                });
    try (Scheduler scheduler = world.builder(world.time.newHost(), job).workers(1).start()) {
      scheduler.enqueueAll(job, inputs(4));
      for (int i = 0; i < 4; i++) {
        world.time.advance(Duration.ofSeconds(20));
        assertThat(begun).containsExactlyElementsOf(inputs(i + 1));
        world.time.resumeAll();
      }
      world.time.runDue();
      assertThat(world.runsOf("call")).extracting(Run::status).containsOnly(Status.COMPLETED);
    }
  }

  @Test
  void keys_areThrottledEachByItself_howeverTheirRunsAreMade() {
    Job<String> job =
        noting(
            Job.named("call", String.class)
                .throttle(1, MINUTE, input -> input.substring(0, 1))
                .onEvent(WANTED)
                .schedule(Schedule.every(MINUTE).withOverlap(Overlap.ALLOW), "s"));
    try (Scheduler scheduler = world.start(job)) {
      scheduler.enqueue(job, "a1");
      scheduler.send(WANTED, "a2");
      scheduler.send(WANTED, "b1");
      world.time.runDue();
      assertThat(begun).containsExactlyInAnyOrder("a1", "b1");
      world.time.advance(MINUTE);
      assertThat(begun).containsExactlyInAnyOrder("a1", "b1", "a2", "s");
    }
  }

  @Test
  void retryByHand_waitsForASlot_retriesOfItsOwnDoNot() {
    Job<String> job =
        throttled()
            .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).withMaxAttempts(2))
            .handler(
                (ctx, input) -> {
                  begun.add(input + " " + ctx.attempt());
                  throw new IllegalStateException("no");
                });
    try (Scheduler scheduler = world.start(job)) {
      RunHandle failed = scheduler.enqueue(job, "a");
      world.time.advance(Duration.ofSeconds(1));
      assertThat(begun).containsExactly("a 1", "a 2");

      scheduler.retry(failed.id(), "ann");
      world.time.advance(Duration.ofSeconds(4));
      assertThat(begun).hasSize(2);
      world.time.advance(Duration.ofSeconds(1));
      assertThat(begun).containsExactly("a 1", "a 2", "a 1");
    }
  }

  @Test
  void explain_saysUntilWhen() {
    Job<String> job = noting(throttled());
    try (Scheduler scheduler = world.start(job)) {
      List<RunHandle> runs = scheduler.enqueueAll(job, inputs(3));
      world.time.runDue();

      assertThat(scheduler.explain(runs.get(1).id()))
          .isEqualTo(
              "run "
                  + runs.get(1).id()
                  + " has the next slot of limit \"throttle of job call\", at 2026-03-02T08:00:06Z");
      assertThat(scheduler.explain(runs.get(2).id()))
          .isEqualTo(
              "run "
                  + runs.get(2).id()
                  + " is due since 2026-03-02T08:00:00Z and waits for a slot of limit \"throttle of"
                  + " job call\"");
      assertThat(scheduler.runs(RunQuery.ofJob("call")).items()).hasSize(3);
    }
  }

  @Test
  void whatIsNoThrottle_isRefusedWithASentence() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> throttled().throttle(1, MINUTE))
        .withMessage("job \"call\" has two throttles; give it one");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Job.named("call").throttle(0, MINUTE))
        .withMessage("throttle of job \"call\" must let at least 1 run start, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Job.named("call").throttle(2, Duration.ofNanos(1_999)))
        .withMessage(
            "throttle of job \"call\" must give each start a microsecond at least, was 2 in"
                + " PT0.000001999S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> noting(throttled().inOrder(input -> input)))
        .withMessage(
            "job \"call\" can't have inOrder beside throttle: it moves runs to other times, which"
                + " the order goes by");
  }
}
