// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belfry.EnqueueOptions;
import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.run.Run;
import dev.belfry.run.Status;
import dev.belfry.schedule.Schedule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Of runs that come soon after each other the last one starts. */
class DebounceTest {
  private static final EventType<String> EDITED = EventType.of("doc/edited", String.class);
  private static final Duration QUIET = Duration.ofSeconds(10);

  private final World world = new World();
  private final List<String> begun = new ArrayList<>();

  private static Job.Builder<String> debounced() {
    return Job.named("index", String.class).debounce(QUIET, input -> input.substring(0, 1));
  }

  private Job<String> noting(Job.Builder<String> builder) {
    return builder.handler(
        (ctx, input) ->
            begun.add(Duration.between(World.START, world.time.now()).toSeconds() + " " + input));
  }

  @Test
  void lastOfManyStarts_onceNoOtherHasCome() {
    Job<String> job = noting(debounced().onEvent(EDITED));
    List<Scheduler> nodes = Stream.generate(() -> world.start(job)).limit(4).toList();
    for (int second = 0; second < 60; second++) {
      nodes.get(second % 4).send(EDITED, "a" + second);
      if (second % 20 == 0) {
        nodes.get(second % 4).enqueue(job, "b" + second);
      }
      world.time.advance(Duration.ofSeconds(1));
    }
    world.time.advance(Duration.ofMinutes(1));

    assertThat(begun).containsExactly("10 b0", "30 b20", "50 b40", "69 a59");
    assertThat(world.runsOf("index"))
        .extracting(Run::status)
        .containsOnly(Status.COMPLETED, Status.SKIPPED);
    nodes.forEach(Scheduler::close);
  }

  @Test
  void max_hasOneStartNowAndThen() {
    Job<String> job =
        noting(
            Job.named("index", String.class)
                .debounce(QUIET, Duration.ofSeconds(30), input -> input.substring(0, 1)));
    try (Scheduler scheduler = world.start(job)) {
      for (int second = 0; second < 100; second++) {
        scheduler.enqueue(job, "a" + second);
        world.time.advance(Duration.ofSeconds(1));
      }
      world.time.advance(Duration.ofMinutes(1));
    }

    assertThat(begun).containsExactly("30 a20", "51 a41", "72 a62", "93 a83", "109 a99");
  }

  @Test
  void whatIsAskedForByHand_waitsForNoOthers() {
    Job<String> job = noting(debounced().schedule(Schedule.every(Duration.ofHours(1)), "s"));
    try (Scheduler scheduler = world.start(job)) {
      RunHandle first = scheduler.enqueue(job, "a1");
      world.time.advance(QUIET);
      scheduler.retry(first.id(), "ann");
      scheduler.schedules().trigger("index", "ann");
      world.time.runDue();
      assertThat(begun).containsExactlyInAnyOrder("10 a1", "10 a1", "10 s");

      begun.clear();
      world.time.advance(Duration.ofHours(1));
      assertThat(begun).containsExactly("3610 s");
    }
  }

  @Test
  void explain_saysWhatIsWaitedFor() {
    Job<String> job = noting(debounced());
    try (Scheduler scheduler = world.start(job)) {
      RunHandle first = scheduler.enqueue(job, "a1");
      world.time.advance(Duration.ofSeconds(5));
      assertThat(scheduler.explain(first.id()))
          .isEqualTo(
              "run "
                  + first.id()
                  + " is due at 2026-03-02T08:00:10Z, and ends then if another run of key \"a\" has"
                  + " come");

      RunHandle second = scheduler.enqueue(job, "a2");
      world.time.advance(Duration.ofSeconds(5));
      assertThat(scheduler.explain(first.id()))
          .endsWith("SKIPPED: run " + second.id() + " of key \"a\" came after it");
    }
  }

  @Test
  void whatIsNoDebounce_isRefusedWithASentence() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> debounced().debounce(QUIET))
        .withMessage("job \"index\" has two debounces; give it one");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Job.named("index").debounce(Duration.ZERO))
        .withMessage("debounce of job \"index\" must be positive, was PT0S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Job.named("index").debounce(QUIET, Duration.ofSeconds(9)))
        .withMessage(
            "max of the debounce of job \"index\" must be longer than its quiet time of PT10S, was"
                + " PT9S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> noting(debounced().inOrder(input -> input)))
        .withMessage(
            "job \"index\" can't have inOrder beside debounce: it ends runs that the order has"
                + " wait");
    Job<String> job = noting(debounced());
    try (Scheduler scheduler = world.start(job)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> scheduler.enqueue(job, "a", EnqueueOptions.after(QUIET)))
          .withMessage(
              "runs of job \"index\" are debounced, so each is due PT10S after it is made; leave the"
                  + " time of this run out");
    }
  }
}
