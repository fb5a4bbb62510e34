// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belfry.Job;
import dev.belfry.On;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Of the runs of a time so many are let through, and the others end without a handler. */
class RateLimitTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final World world = new World();
  private final List<String> begun = new ArrayList<>();

  private static Job.Builder<String> limited() {
    return Job.named("alert", String.class).rateLimit(2, MINUTE, input -> input.substring(0, 1));
  }

  private Job<String> noting(Job.Builder<String> builder) {
    return builder.handler((ctx, input) -> begun.add(input));
  }

  @Test
  void runsAboveTheRate_endSkipped_withTheReason() {
    Job<String> job = noting(limited());
    try (Scheduler scheduler = world.start(job)) {
      List<RunHandle> runs = scheduler.enqueueAll(job, List.of("a1", "a2", "a3", "b1"));
      world.time.runDue();

      assertThat(begun).containsExactlyInAnyOrder("a1", "a2", "b1");
      assertThat(world.history(runs.get(2).id())).containsExactly(Pass.Event.SKIPPED);
      assertThat(scheduler.explain(runs.get(2).id()))
          .endsWith("SKIPPED: the rate of job alert lets 2 runs of key \"a\" through in PT1M");
      world.time.advance(MINUTE);
      scheduler.enqueue(job, "a4");
      world.time.runDue();
      assertThat(begun).contains("a4");
    }
  }

  @Test
  void endOfADroppedRun_isSeenByHooksAndDependants() {
    Job<String> job = noting(limited().onEnd((ctx, end) -> begun.add("hook " + end.status())));
    Job<String> after =
        Job.named("after", String.class)
            .after(job)
            .on(On.ALWAYS)
            .handler((ctx, input) -> begun.add("after " + input));
    try (Scheduler scheduler = world.start(job, after)) {
      scheduler.enqueueAll(job, List.of("a1", "a2", "a3"));
      world.time.advance(Duration.ofSeconds(5));

      assertThat(begun).contains("after a3", "hook SKIPPED").doesNotContain("a3");
    }
  }

  @Test
  void anHourOfFourNodes_letsNoMoreThrough() {
    Job<String> job = noting(limited());
    List<Scheduler> nodes = Stream.generate(() -> world.start(job)).limit(4).toList();
    for (int second = 0; second < 3_600; second++) {
      nodes.get(second % 4).enqueue(job, "a" + second);
      world.time.advance(Duration.ofSeconds(1));
    }
    List<String> expected = new ArrayList<>();
    for (int minute = 0; minute < 60; minute++) {
      expected.addAll(List.of("a" + minute * 60, "a" + (minute * 60 + 1)));
    }

    assertThat(begun).containsExactlyElementsOf(expected);
    nodes.forEach(Scheduler::close);
  }

  @Test
  void rateCountsDueTimes_alsoAfterAnOutage() {
    Job<String> job = noting(limited());
    SchedulerClient client = SchedulerClient.of(world.store, job);
    for (int i = 0; i < 6; i++) {
      client.enqueue(job, "a" + i);
      world.time.advance(Duration.ofSeconds(20));
    }
    try (Scheduler scheduler = world.start(job)) {
      world.time.runDue();
      assertThat(begun).containsExactlyInAnyOrder("a0", "a1", "a3", "a4");
    }
  }

  @Test
  void droppedRun_whoseClaimHasNoAnswer_endsSkippedAllTheSame() {
    Job<String> job = noting(limited());
    try (Scheduler scheduler = world.start(job)) {
      world.faults.loseAnswers("exchange", 1);
      scheduler.enqueueAll(job, List.of("a1", "a2", "a3"));
      world.time.advance(MINUTE);

      assertThat(begun).containsExactlyInAnyOrder("a1", "a2");
      assertThat(world.runsOf("alert"))
          .extracting(Run::status)
          .containsExactly(Status.COMPLETED, Status.COMPLETED, Status.SKIPPED);
    }
  }

  @Test
  void throttleBesideARate_spreadsWhatItLetsThrough() {
    Job<String> job =
        noting(Job.named("alert", String.class).rateLimit(3, MINUTE).throttle(6, MINUTE));
    try (Scheduler scheduler = world.start(job)) {
      scheduler.enqueueAll(job, List.of("a", "b", "c", "d"));
      world.time.advance(Duration.ofSeconds(19));
      assertThat(begun).containsExactly("a", "b");
      world.time.advance(Duration.ofMinutes(5));

      assertThat(begun).containsExactly("a", "b", "c");
    }
  }

  @Test
  void whatIsNoRate_isRefusedWithASentence() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limited().rateLimit(1, MINUTE))
        .withMessage("job \"alert\" has two rate limits; give it one");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Job.named("alert").rateLimit(-1, MINUTE))
        .withMessage("rateLimit of job \"alert\" must let at least 1 run start, was -1");
  }
}
