// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.CancelResult;
import dev.belfry.EnqueueOptions;
import dev.belfry.Job;
import dev.belfry.JobStatistics;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Page;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.run.Target;
import dev.belfry.run.Trigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What people do to runs from outside: cancel, retry, pause, look. */
class OperatorTest {
  private final World world = new World();
  private final List<String> done = new ArrayList<>();
  private final Job<String> quick =
      Job.named("quick", String.class).handler((ctx, name) -> done.add(name));
  private final Job<String> slow =
      Job.named("slow", String.class)
          .handler(
              (ctx, name) -> {
                try {
                  world.time.pause();
                } finally {
                  done.add(name + (ctx.cancelled() ? " was told" : " was not told"));
                }
              });

  @Test
  void cancel_ofARunThatWaits_endsItUnstarted() {
    try (Scheduler scheduler = world.start(quick)) {
      RunHandle handle = scheduler.enqueue(quick, "a", EnqueueOptions.after(Duration.ofDays(1)));

      assertThat(scheduler.cancel(handle.id(), "wrong customer")).isEqualTo(CancelResult.REQUESTED);
      world.time.advance(Duration.ofSeconds(3));

      assertThat(world.state(handle.id()))
          .isInstanceOfSatisfying(
              RunState.Cancelled.class,
              cancelled -> assertThat(cancelled.reason()).isEqualTo("wrong customer"));
      assertThat(done).isEmpty();
      assertThat(scheduler.cancel(handle.id(), "again")).isEqualTo(CancelResult.ALREADY_ENDED);
      assertThat(scheduler.cancel(RunId.of(1, 1, 1), "x")).isEqualTo(CancelResult.UNKNOWN);
    }
  }

  @Test
  void cancel_ofARunningRun_tellsAndInterruptsItsHandler() {
    try (Scheduler scheduler = world.start(slow)) {
      RunHandle handle = scheduler.enqueue(slow, "a");
      world.time.runDue();

      scheduler.cancel(handle.id(), "user-7");
      world.time.runDue();

      assertThat(done).containsExactly("a was told");
      assertThat(world.state(handle.id()))
          .isInstanceOfSatisfying(
              RunState.Cancelled.class,
              cancelled -> assertThat(cancelled.reason()).isEqualTo("user-7"));
    }
  }

  @Test
  void cancel_fromElsewhere_reachesTheHandlerWithinTwoSeconds() {
    try (Scheduler scheduler = world.start(slow)) {
      RunHandle handle = scheduler.enqueue(slow, "a");
      world.time.advance(Duration.ofSeconds(30));

      SchedulerClient.of(world.store, slow).cancel(handle.id(), "elsewhere");
      world.time.advance(Duration.ofSeconds(2));

      assertThat(done).containsExactly("a was told");
      assertThat(world.state(handle.id()))
          .isInstanceOfSatisfying(
              RunState.Cancelled.class,
              cancelled -> assertThat(cancelled.reason()).isEqualTo("elsewhere"));
    }
  }

  @Test
  void retry_ofARunThatWaitsForItsNextAttempt_makesItDue() {
    Job<String> flaky =
        Job.named("flaky", String.class)
            .retry(RetryPolicy.fixed(Duration.ofHours(6)).withMaxAttempts(2))
            .handler(
                (ctx, name) -> {
                  if (ctx.attempt() == 1) {
                    throw new IllegalStateException("first");
                  }
                });
    try (Scheduler scheduler = world.start(flaky)) {
      RunHandle handle = scheduler.enqueue(flaky, "a");
      world.time.advance(Duration.ofMinutes(1));

      assertThat(scheduler.retry(handle.id(), "operator").id()).isEqualTo(handle.id());
      world.time.advance(Duration.ofSeconds(3));

      assertThat(world.run(handle.id()).status()).isEqualTo(Status.COMPLETED);
    }
  }

  @Test
  void retry_ofAnEndedRun_isANewRunWithFreshAttempts() {
    try (Scheduler scheduler = world.start(quick)) {
      RunHandle first =
          scheduler.enqueue(quick, "a", EnqueueOptions.now().withPriority(2).withTags("t"));
      world.time.runDue();

      RunHandle again = scheduler.retry(first.id(), "operator");
      world.time.runDue();

      Run run = world.run(again.id());
      assertThat(done).containsExactly("a", "a");
      assertThat(again.id()).isNotEqualTo(first.id());
      assertThat(run.trigger()).isEqualTo(Trigger.retry(first.id(), "operator"));
      assertThat(run.priority()).isEqualTo(2);
      assertThat(run.tags()).containsExactly("t");
    }
  }

  @Test
  void retry_ofARunningRun_isRefused() {
    Scheduler scheduler = world.start(slow);
    RunHandle handle = scheduler.enqueue(slow, "a");
    world.time.runDue();

    assertThatThrownBy(() -> scheduler.retry(handle.id(), "operator"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("run " + handle.id() + " is RUNNING; cancel it first");
  }

  @Test
  void pausedJob_keepsItsRunsWaitingWhileOthersGoOn() {
    Job<String> other = Job.named("other", String.class).handler((ctx, name) -> done.add(name));
    try (Scheduler scheduler = world.start(quick, other)) {
      scheduler.pause(Target.job("quick"), "operator");
      world.time.advance(Duration.ofSeconds(3));
      scheduler.enqueue(quick, "paused");
      scheduler.enqueue(other, "other");
      world.time.advance(Duration.ofHours(1));
      assertThat(done).containsExactly("other");

      scheduler.resume(Target.job("quick"), "operator");
      world.time.runDue();
      assertThat(done).containsExactly("other", "paused");
    }
  }

  @Test
  void pauseOfAQueueAndOfAll_holdEveryJobOfThem() {
    Job<String> mail =
        Job.named("mail", String.class).queue("mail").handler((ctx, name) -> done.add(name));
    try (Scheduler scheduler = world.start(quick, mail)) {
      scheduler.pause(Target.queue("mail"), "operator");
      scheduler.enqueue(mail, "mail");
      scheduler.enqueue(quick, "quick");
      world.time.advance(Duration.ofMinutes(1));
      assertThat(done).containsExactly("quick");

      scheduler.pause(Target.all(), "operator");
      scheduler.resume(Target.queue("mail"), "operator");
      scheduler.enqueue(quick, "more");
      world.time.advance(Duration.ofMinutes(1));
      assertThat(done).containsExactly("quick");
      assertThat(scheduler.paused()).containsExactly(Target.all());

      scheduler.resume(Target.all(), "operator");
      world.time.advance(Duration.ofSeconds(3));
      assertThat(done).containsExactlyInAnyOrder("quick", "mail", "more");
    }
  }

  @Test
  void pauseByAnotherNode_isSeenWithinAPoll() {
    try (Scheduler scheduler = world.start(quick)) {
      world.time.advance(Duration.ofMinutes(1));
      SchedulerClient elsewhere = SchedulerClient.of(world.store, quick);
      elsewhere.pause(Target.all(), "operator");
      world.time.advance(Duration.ofSeconds(2));

      scheduler.enqueue(quick, "a");
      world.time.advance(Duration.ofMinutes(1));

      assertThat(done).isEmpty();
    }
  }

  @Test
  void runs_arePagedNewestFirstWhileMoreAreAdded() {
    try (Scheduler scheduler = world.start(quick)) {
      scheduler.enqueueAll(quick, List.of("1", "2", "3", "4", "5"));
      world.time.runDue();
      Page<Run> first = scheduler.runs(RunQuery.ofJob("quick").limit(2));
      scheduler.enqueue(quick, "6");

      Page<Run> second =
          scheduler.runs(RunQuery.ofJob("quick").limit(2).olderThan(first.items().get(1).id()));
      Page<Run> third =
          scheduler.runs(RunQuery.ofJob("quick").limit(2).olderThan(second.items().get(1).id()));

      assertThat(first.items()).doesNotContainAnyElementsOf(second.items());
      assertThat(first.more()).isTrue();
      assertThat(second.more()).isTrue();
      assertThat(third.items()).hasSize(1);
      assertThat(third.more()).isFalse();
    }
  }

  @Test
  void statistics_tellHowAJobHasFared() {
    Job<Integer> job =
        Job.named("sometimes", Integer.class)
            .retry(RetryPolicy.none())
            .handler(
                (ctx, number) -> {
                  if (number % 4 == 0) {
                    throw new IllegalStateException("every fourth");
                  }
                });
    try (Scheduler scheduler = world.start(job)) {
      scheduler.enqueueAll(job, List.of(1, 2, 3, 4, 5, 6, 7, 8));
      RunHandle later = scheduler.enqueue(job, 9, EnqueueOptions.after(Duration.ofHours(2)));
      world.time.advance(Duration.ofMinutes(5));

      JobStatistics statistics = scheduler.statistics(job);

      assertThat(statistics.total()).isEqualTo(8);
      assertThat(statistics.completed()).isEqualTo(6);
      assertThat(statistics.failed()).isEqualTo(2);
      assertThat(statistics.successRate()).hasValue(0.75);
      assertThat(statistics.mean()).contains(Duration.ZERO);
      assertThat(statistics.lastSuccess()).map(Run::status).contains(Status.COMPLETED);
      assertThat(statistics.lastFailure()).map(Run::status).contains(Status.FAILED);
      assertThat(statistics.nextRun()).contains(World.START.plus(Duration.ofHours(2)));
      assertThat(statistics.lastRuns()).hasSize(9);
      assertThat(statistics.lastRuns().get(0).id()).isEqualTo(later.id());
    }
  }

  @Test
  void statistics_ofAJobThatNeverRan_areEmpty() {
    try (Scheduler scheduler = world.start(quick)) {
      JobStatistics statistics = scheduler.statistics(quick);

      assertThat(statistics.total()).isZero();
      assertThat(statistics.successRate()).isEmpty();
      assertThat(statistics.mean()).isEmpty();
      assertThat(statistics.lastRun()).isEmpty();
      assertThat(statistics.nextRun()).isEmpty();
    }
  }

  @Test
  void explain_saysWhereARunIsAndWhyItHasNotStarted() {
    Job<String> unknown = Job.named("unknown", String.class).handler((ctx, name) -> {});
    SchedulerClient client = SchedulerClient.of(world.store, unknown);
    Scheduler scheduler =
        world.builder(world.time.newHost(), slow, quick).name("web-1").workers(1).start();
    RunHandle orphan = client.enqueue(unknown, "a");
    RunHandle running = scheduler.enqueue(slow, "a");
    world.time.runDue();
    RunHandle waiting = scheduler.enqueue(quick, "b");
    RunHandle later = scheduler.enqueue(quick, "c", EnqueueOptions.after(Duration.ofHours(1)));
    world.time.advance(Duration.ofSeconds(1));

    assertThat(scheduler.explain(orphan.id()))
        .isEqualTo(
            "run %s is due since %s and waits: no live node has a handler for job \"unknown\";"
                    .formatted(orphan.id(), World.START)
                + " live nodes know [quick, slow]");
    assertThat(scheduler.explain(running.id()))
        .isEqualTo(
            "run %s is running on web-1 since %s, attempt 1, under a lease until 2026-03-02T08:00:09Z"
                .formatted(running.id(), World.START));
    assertThat(scheduler.explain(waiting.id()))
        .isEqualTo(
            "run %s is due since %s and waits for a free worker"
                .formatted(waiting.id(), World.START));
    assertThat(scheduler.explain(later.id()))
        .isEqualTo("run %s is due at 2026-03-02T09:00:00Z".formatted(later.id()));
    assertThat(scheduler.explain(RunId.of(1, 1, 1)))
        .isEqualTo(
            "there is no run 00000000-0001-7001-8000-000000000001; its history may have been"
                + " deleted");
  }

  @Test
  void run_ofAnUnknownId_isEmpty() {
    try (Scheduler scheduler = world.start(quick)) {
      assertThat(scheduler.run(RunId.of(1, 1, 1))).isEqualTo(Optional.empty());
    }
  }
}
