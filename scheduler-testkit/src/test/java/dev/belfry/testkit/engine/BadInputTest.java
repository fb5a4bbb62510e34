// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.EnqueueOptions;
import dev.belfry.Job;
import dev.belfry.JobContext;
import dev.belfry.Scheduler;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Unique;
import dev.belfry.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Each kind of bad input is refused early, with one sentence. */
class BadInputTest {
  private final World world = new World();
  private final Job<String> job = Job.named("job", String.class).handler((ctx, in) -> {});

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  @Test
  void names_areRefusedThatAreNotOfTheForm() {
    assertRefused(
        () -> Job.named("send email"),
        "job name must have 1 to 100 letters, digits and . _ - / : and begin with a letter or a"
            + " digit, was \"send email\"");
    assertRefused(
        () -> Job.named(""),
        "job name must have 1 to 100 letters, digits and . _ - / : and begin with a letter or a"
            + " digit, was \"\"");
    assertRefused(
        () -> Job.named("a").queue("-x"),
        "queue name must have 1 to 100 letters, digits and . _ - / : and begin with a letter or a"
            + " digit, was \"-x\"");
    assertRefused(
        () -> Job.named("a").tags("ok", " "),
        "tag must have 1 to 100 characters that are not all blank, was \" \"");
  }

  @Test
  void durations_areRefusedThatAreZeroOrNegative() {
    assertRefused(
        () -> Job.named("a").timeout(Duration.ZERO), "timeout must be positive, was PT0S");
    assertRefused(
        () -> Job.named("a").timeout(Duration.ofSeconds(-1)),
        "timeout must be positive, was PT-1S");
    assertRefused(
        () -> EnqueueOptions.after(Duration.ofSeconds(-5)),
        "delay must not be negative, was PT-5S");
    assertRefused(
        () -> Unique.within(Duration.ZERO, "key"), "unique window must be positive, was PT0S");
    assertRefused(
        () -> Scheduler.builder().pollInterval(Duration.ZERO),
        "pollInterval must be PT0.01S to PT1H, was PT0S");
    assertRefused(
        () -> Scheduler.builder().lease(Duration.ofMillis(1)),
        "lease must be PT0.3S to PT1H, was PT0.001S");
    assertRefused(
        () -> Scheduler.builder().grace(Duration.ofSeconds(-1)),
        "grace must be PT0S to PT24H, was PT-1S");
    assertRefused(
        () -> Scheduler.builder().keepHistory(Duration.ZERO, Duration.ofDays(1)),
        "history of ended runs must be PT1M to PT876600H, was PT0S");
  }

  @Test
  void numbers_areRefusedThatAreOutOfRange() {
    assertRefused(() -> Job.named("a").priority(5), "priority must be -4 to 4, was 5");
    assertRefused(() -> EnqueueOptions.now().withPriority(-5), "priority must be -4 to 4, was -5");
    assertRefused(
        () -> Scheduler.builder().workers(0),
        "workers of queue \"default\" must be at least 1, was 0");
    assertRefused(() -> RunQuery.all().limit(0), "limit must be 1 to 1000, was 0");
    assertRefused(
        () -> EnqueueOptions.at(Instant.MAX),
        "due time must lie in the years 1 to 9999, was +1000000000-12-31T23:59:59.999999999Z");
  }

  @Test
  void duplicateJobNames_areRefusedAtTheStart() {
    assertRefused(
        () -> world.start(job, Job.named("job").handler(ctx -> {})),
        "two jobs are named \"job\" now or formerly; a name is a job's identity and must be"
            + " unique");
    assertRefused(
        () -> world.start(job, Job.named("other").formerly("job").handler(ctx -> {})),
        "two jobs are named \"job\" now or formerly; a name is a job's identity and must be"
            + " unique");
  }

  @Test
  void schedules_areRefusedThatCannotWork() {
    assertRefused(
        () -> Job.named("a", String.class).schedule(Schedule.every(Duration.ofMinutes(1))),
        "job \"a\" takes java.lang.String: use schedule(schedule, input), so that its scheduled"
            + " runs have one");
    assertRefused(
        () ->
            Job.named("a")
                .schedule(Schedule.every(Duration.ofMinutes(1)))
                .schedule(Schedule.every(Duration.ofMinutes(2)))
                .handler(ctx -> {}),
        "job \"a\" has two schedules with the id \"a\"; give each its own: schedule(id, schedule,"
            + " input)");
    assertRefused(
        () ->
            world.start(
                Job.named("a", String.class)
                    .schedule("x", Schedule.every(Duration.ofMinutes(1)), "")
                    .handler((ctx, in) -> {}),
                Job.named("b", String.class)
                    .schedule("x", Schedule.every(Duration.ofMinutes(1)), "")
                    .handler((ctx, in) -> {})),
        "two jobs have a schedule with the id \"x\"");
  }

  @Test
  void queueWithoutJobs_isRefusedAtTheStart() {
    assertRefused(
        () -> world.builder(world.time.newHost(), job).queue("mails", 3).start(),
        "queue \"mails\" has workers but no job; queues of jobs: [default]");
  }

  @Test
  void jobThatIsNotRegistered_isRefusedAtEnqueue() {
    try (Scheduler scheduler = world.start(job)) {
      Job<String> slip = Job.named("jbo", String.class).handler((ctx, in) -> {});

      assertRefused(
          () -> scheduler.enqueue(slip, "x"),
          "job \"jbo\" is not registered with this scheduler; registered: [job]; to enqueue for"
              + " another node use SchedulerClient.of(store, job)");
    }
  }

  @Test
  void inputThatIsTooLarge_isRefusedAtEnqueueWithSizeAndLimit() {
    try (Scheduler scheduler = world.start(job)) {
      assertRefused(
          () -> scheduler.enqueue(job, "x".repeat(1024 * 1024)),
          "input of job \"job\" has 1048578 bytes, the limit is 1048576; keep large data elsewhere"
              + " and enqueue a reference to it");
      assertThat(scheduler.runs(RunQuery.all()).items()).isEmpty();
    }
  }

  @Test
  void inputThatCannotBeEncoded_isRefusedAtEnqueueAndNoneOfItsBatchIsKept() {
    try (Scheduler scheduler = world.start(job)) {
      assertThatThrownBy(() -> scheduler.enqueueAll(job, List.of("fine", "\ud800")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("input of job \"job\" can't be encoded: ");
      assertThat(scheduler.runs(RunQuery.all()).items()).isEmpty();
    }
  }

  @Test
  void typeThatTheCodecCannotCarry_isRefusedAtTheStart() {
    Job<Thread> odd = Job.named("odd", Thread.class).handler((ctx, in) -> {});

    assertThatThrownBy(() -> world.start(odd))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("job \"odd\": ");
    assertThat(world.store.nodes()).isEmpty();
  }

  @Test
  void runId_isRefusedThatIsNotOne() {
    assertRefused(() -> RunId.parse("42"), "run id must be a UUID, was \"42\"");
  }

  @Test
  void contextUsedFromAnotherThreadOrAfterThePass_throws() {
    var contexts = new ArrayList<JobContext>();
    Job<String> leaking = Job.named("leak", String.class).handler((ctx, in) -> contexts.add(ctx));
    try (Scheduler scheduler = world.start(leaking)) {
      var handle = scheduler.enqueue(leaking, "x");
      world.time.runDue();

      assertThatThrownBy(() -> contexts.get(0).log("late"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "the pass of run " + handle.id() + " has ended; its context can't be used any more");
    }
  }
}
