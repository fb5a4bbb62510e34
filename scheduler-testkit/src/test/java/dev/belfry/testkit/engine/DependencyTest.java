// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.Job;
import dev.belfry.On;
import dev.belfry.ResultJob;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.run.Trigger;
import dev.belfry.schedule.CatchUp;
import dev.belfry.schedule.Schedule;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A run that comes after another starts once, whoever ends that one, and is not lost. */
class DependencyTest {
  private final World world = new World();
  private final List<String> calls = new ArrayList<>();

  /** Fails for {@code bad}, once for {@code shaky}. */
  private final ResultJob<String, Integer> parent =
      Job.named("parent", String.class)
          .retry(RetryPolicy.fixed(Duration.ofSeconds(10)).withMaxAttempts(2))
          .returning(
              Integer.class,
              (ctx, in) -> {
                calls.add("parent " + in);
                if (in.equals("bad") || (in.equals("shaky") && ctx.attempt() == 1)) {
                  throw new IOException("no " + in);
                }
                if (in.equals("partly")) {
                  ctx.items(1, 1);
                }
                return in.length();
              });

  private final Job<String> well = follower("well", On.SUCCESS);
  private final Job<String> badly = follower("badly", On.FAILURE);
  private final Job<String> anyway = follower("anyway", On.ALWAYS);

  private Job<String> follower(String name, On on) {
    return Job.named(name, String.class)
        .after(parent)
        .on(on)
        .handler((ctx, in) -> calls.add(name + " " + in));
  }

  private List<Status> statusesOf(String job) {
    return world.runsOf(job).stream().map(Run::status).toList();
  }

  // When

  @Test
  void run_comesAfterTheEndsThatItIsFor_andOnceForEach() {
    try (Scheduler scheduler = world.start(parent, well, badly, anyway)) {
      scheduler.enqueue(parent, "good");
      scheduler.enqueue(parent, "bad");
      scheduler.enqueue(parent, "partly");
      world.time.advance(Duration.ofMinutes(5));
    }

    assertThat(calls.stream().filter(call -> !call.startsWith("parent")))
        .containsExactlyInAnyOrder(
            "well good", "well partly", "badly bad", "anyway good", "anyway bad", "anyway partly");
    assertThat(world.store.inbox(10)).isEmpty();
  }

  @Test
  void run_comesAfterTheLastAttempt() {
    try (Scheduler scheduler = world.start(parent, well, badly)) {
      scheduler.enqueue(parent, "shaky");
      world.time.advance(Duration.ofMinutes(5));
    }

    assertThat(calls).containsExactly("parent shaky", "parent shaky", "well shaky");
  }

  @Test
  void run_saysWhichRunItCameAfter() {
    RunHandle before;
    try (Scheduler scheduler = world.start(parent, well)) {
      before = scheduler.enqueue(parent, "good");
      world.time.advance(Duration.ofSeconds(5));
    }

    assertThat(world.runsOf("well"))
        .extracting(Run::trigger)
        .containsExactly(Trigger.parent(before.id()));
  }

  @Test
  void cancelledRun_isNeitherSuccessNorFailure() {
    try (Scheduler scheduler = world.start(parent, well, badly, anyway)) {
      RunHandle handle = scheduler.enqueue(parent, "bad");
      world.time.advance(Duration.ofSeconds(1));
      scheduler.cancel(handle.id(), "no need");
      world.time.advance(Duration.ofMinutes(1));
    }

    assertThat(calls).containsExactly("parent bad", "anyway bad");
  }

  @Test
  void mapping_getsInputAndResult() {
    Job<String> report =
        Job.named("report", String.class)
            .after(parent, (in, length) -> in + " " + length)
            .on(On.ALWAYS)
            .handler((ctx, in) -> calls.add(in));
    Job<Integer> sizes =
        Job.named("sizes", Integer.class)
            .after(parent, in -> -in.length())
            .on(On.SUCCESS)
            .handler((ctx, size) -> calls.add("size " + size));
    try (Scheduler scheduler = world.start(parent, report, sizes)) {
      scheduler.enqueue(parent, "good");
      scheduler.enqueue(parent, "bad");
      world.time.advance(Duration.ofMinutes(1));
    }

    assertThat(calls)
        .contains("good Optional[4]", "bad " + Optional.empty(), "size -4")
        .doesNotContain("size -3");
  }

  @Test
  void chain_goesOn_andOneRunMayComeAfterSeveralJobs() {
    Job<String> second = follower("second", On.SUCCESS);
    Job<String> third =
        Job.named("third", String.class)
            .after(second, in -> in + "!")
            .on(On.SUCCESS)
            .after(parent)
            .on(On.FAILURE)
            .handler((ctx, in) -> calls.add("third " + in));
    try (Scheduler scheduler = world.start(parent, second, third)) {
      scheduler.enqueue(parent, "good");
      scheduler.enqueue(parent, "bad");
      world.time.advance(Duration.ofMinutes(1));
    }

    assertThat(calls).contains("second good", "third good!", "third bad");
    assertThat(world.runsOf("third")).hasSize(2);
  }

  @Test
  void mappingThatThrows_leavesABlockedRun_andTheOthersTheirs() {
    Job<String> broken =
        Job.named("broken", String.class)
            .after(
                parent,
                in -> {
                  throw new IllegalStateException("no");
                })
            .on(On.SUCCESS)
            .handler((ctx, in) -> calls.add("never"));
    try (Scheduler scheduler = world.start(parent, broken, well)) {
      scheduler.enqueue(parent, "good");
      world.time.advance(Duration.ofMinutes(1));
    }

    assertThat(calls).containsExactly("parent good", "well good");
    assertThat(world.runsOf("broken"))
        .singleElement()
        .satisfies(run -> assertThat(run.state()).isInstanceOf(RunState.Blocked.class));
  }

  // By whom

  @Test
  void nodesThatDoNotKnowEachOthersJobs_startEachDependantOnce() {
    try (Scheduler first = world.start(parent);
        Scheduler second = world.start(well);
        Scheduler third = world.start(anyway)) {
      first.enqueue(parent, "good");
      world.time.advance(Duration.ofSeconds(10));
      SchedulerClient.of(world.store, parent).enqueue(parent, "bad");
      world.time.advance(Duration.ofMinutes(1));
    }

    assertThat(calls)
        .containsExactlyInAnyOrder(
            "parent good", "parent bad", "parent bad", "well good", "anyway good", "anyway bad");
    assertThat(world.store.inbox(10)).isEmpty();
  }

  @Test
  void nodeOfOlderCode_thatKnowsTheDependantButNotItsDependency_leavesItToTheNewerOnes() {
    Job<String> before = Job.named("well", String.class).handler((ctx, in) -> calls.add(in));
    try (Scheduler older = world.start(parent, before)) {
      world.start(well).close();
      older.enqueue(parent, "good");
      world.time.advance(Duration.ofMinutes(1));
      assertThat(calls).containsExactly("parent good");
    }
    world.startFor(Duration.ofMinutes(1), well);

    assertThat(calls).containsExactly("parent good", "well good");
  }

  @Test
  void dependantThatIsDown_getsItsRunWhenItComesBack() {
    world.start(well).close();
    try (Scheduler first = world.start(parent)) {
      first.enqueue(parent, "good");
      world.time.advance(Duration.ofHours(5));
      assertThat(calls).containsExactly("parent good");
    }
    world.startFor(Duration.ofSeconds(5), well);

    assertThat(calls).containsExactly("parent good", "well good");
  }

  @Test
  void dependantThatNobodyKnowsAnyMore_isGivenUpAfterTheTimeOfEvents() {
    world.start(well).close();
    try (Scheduler first = world.start(parent)) {
      first.enqueue(parent, "good");
      world.time.advance(Duration.ofDays(6));
      assertThat(world.store.inbox(10)).hasSize(1);
      world.time.advance(Duration.ofDays(2));
    }

    assertThat(world.store.inbox(10)).isEmpty();
    assertThat(world.runsOf("well")).isEmpty();
  }

  @Test
  void deliveryThatIsRepeated_startsOneRun() {
    try (Scheduler scheduler = world.start(parent, well)) {
      world.faults.loseAnswers("deliver", 2);
      scheduler.enqueue(parent, "good");
      world.time.advance(Duration.ofMinutes(1));
    }

    assertThat(calls).containsExactly("parent good", "well good");
  }

  @Test
  void nodeThatDiesBeforeItDelivers_leavesThatToTheNext() {
    var host = world.time.newHost();
    Scheduler first = world.builder(host, parent, well).start();
    world.faults.beforeNext(
        "deliver",
        any -> {
          host.kill();
          throw new IllegalStateException("this node is dead");
        });
    first.enqueue(parent, "good");
    world.time.advance(Duration.ofMinutes(1));
    assertThat(calls).containsExactly("parent good");

    world.startFor(Duration.ofMinutes(1), parent, well);

    assertThat(calls).containsExactly("parent good", "well good");
  }

  @Test
  void renamedJobs_goOnDependingOnEachOther() {
    world.start(well).close();
    world.start(parent).close();
    SchedulerClient.of(world.store, parent).enqueue(parent, "good"); // by its former name
    Job<String> renamed =
        Job.named("new-parent", String.class)
            .formerly("parent")
            .handler((ctx, in) -> calls.add("new-parent " + in));
    Job<String> dependant =
        Job.named("new-well", String.class)
            .formerly("well")
            .after(renamed)
            .on(On.SUCCESS)
            .handler((ctx, in) -> calls.add("new-well " + in));
    try (Scheduler scheduler = world.start(renamed, dependant)) {
      world.time.advance(Duration.ofMinutes(1));
      scheduler.enqueue(renamed, "fine");
      world.time.advance(Duration.ofMinutes(1));
    }

    assertThat(calls)
        .containsExactly("new-parent good", "new-well good", "new-parent fine", "new-well fine");
  }

  @Test
  void runsOfASchedule_areFollowedByNodesThatDoNotKnowTheSchedule() {
    Job<Void> nightly =
        Job.named("nightly")
            .schedule(Schedule.afterCompletion(Duration.ofMinutes(10)))
            .handler(ctx -> calls.add("nightly"));
    Job<String> tidy =
        Job.named("tidy", String.class)
            .after(nightly, none -> "tidy")
            .on(On.SUCCESS)
            .handler((ctx, in) -> calls.add(in));
    try (Scheduler second = world.start(tidy);
        Scheduler first = world.start(nightly)) {
      world.time.advance(Duration.ofMinutes(25));
    }

    assertThat(calls).containsExactly("nightly", "tidy", "nightly", "tidy", "nightly", "tidy");
    assertThat(world.store.inbox(10)).isEmpty();
  }

  @Test
  void ticksThatWereMissed_wereNoRuns_soNothingComesAfterThem() {
    Job<Void> hourly =
        Job.named("hourly")
            .schedule(Schedule.every(Duration.ofHours(1)).withCatchUp(CatchUp.skip()))
            .handler(ctx -> calls.add("hourly"));
    Job<String> tidy =
        Job.named("tidy", String.class)
            .after(hourly, none -> "tidy")
            .on(On.ALWAYS)
            .handler((ctx, in) -> calls.add(in));
    world.start(hourly, tidy).close();
    world.time.advance(Duration.ofMinutes(150));
    world.startFor(Duration.ofMinutes(40), hourly, tidy);

    assertThat(statusesOf("hourly")).containsExactly(Status.SKIPPED, Status.COMPLETED);
    assertThat(calls).containsExactly("hourly", "tidy");
  }

  // Runs that are not wanted

  @Test
  void runThatIsNotWanted_isSkippedWithAReason() {
    RunId skipped;
    Job<String> job =
        Job.named("picky", String.class)
            .onlyIf(in -> in.startsWith("g"))
            .handler((ctx, in) -> calls.add("picky " + in));
    try (Scheduler scheduler = world.start(job)) {
      skipped = scheduler.enqueue(job, "bad").id();
      scheduler.enqueue(job, "good");
      world.time.advance(Duration.ofMinutes(1));
      assertThat(scheduler.explain(skipped)).contains("not wanted");
    }

    assertThat(calls).containsExactly("picky good");
    assertThat(world.state(skipped))
        .isEqualTo(
            new RunState.Skipped(World.START, "not wanted: its condition (onlyIf) is false"));
  }

  @Test
  void skippedRun_isFollowedOnAlwaysOnly() {
    Job<String> picky =
        Job.named("picky", String.class)
            .after(parent)
            .on(On.SUCCESS)
            .onlyIf(in -> false)
            .handler((ctx, in) -> calls.add("never"));
    Job<String> onSuccess =
        Job.named("well", String.class)
            .after(picky)
            .on(On.SUCCESS)
            .handler((ctx, in) -> calls.add("never"));
    Job<String> onEnd =
        Job.named("anyway", String.class)
            .after(picky)
            .on(On.ALWAYS)
            .handler((ctx, in) -> calls.add("anyway " + in));
    try (Scheduler scheduler = world.start(parent, picky, onSuccess, onEnd)) {
      scheduler.enqueue(parent, "good");
      world.time.advance(Duration.ofMinutes(1));
    }

    assertThat(calls).containsExactly("parent good", "anyway good");
    assertThat(statusesOf("picky")).containsExactly(Status.SKIPPED);
  }

  @Test
  void condition_isAskedBeforeEachAttempt_andNotAfterAWait() {
    Job<String> job =
        Job.named("picky", String.class)
            .retry(RetryPolicy.fixed(Duration.ofSeconds(10)).withMaxAttempts(2))
            .onlyIf(in -> calls.add("asked"))
            .handler(
                (ctx, in) -> {
                  ctx.sleep("nap", Duration.ofMinutes(1));
                  calls.add("attempt " + ctx.attempt());
                  if (ctx.attempt() == 1) {
                    throw new IOException("the first time");
                  }
                });

    RunHandle handle = world.runOne(job);

    assertThat(calls).containsExactly("asked", "attempt 1", "asked", "attempt 2");
    assertThat(world.run(handle.id()).status()).isEqualTo(Status.COMPLETED);
  }

  @Test
  void conditionThatThrows_failsTheAttempt() {
    Job<String> job =
        Job.named("picky", String.class)
            .retry(RetryPolicy.fixed(Duration.ofSeconds(10)).withMaxAttempts(3))
            .onlyIf(
                in -> {
                  calls.add("asked");
                  throw new IllegalStateException("can't tell");
                })
            .handler((ctx, in) -> calls.add("never"));

    RunHandle handle = world.runOne(job);

    assertThat(calls).containsExactly("asked", "asked", "asked");
    assertThat(world.run(handle.id()).status()).isEqualTo(Status.FAILED);
  }

  // What can't be meant

  @Test
  void whatCannotBeMeant_isRefused() {
    Job<String> namesake = Job.named("twin", String.class).handler((ctx, in) -> {});

    assertThatThrownBy(() -> Job.named("twin", String.class).after(namesake).on(On.SUCCESS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("job \"twin\" can't come after itself: its runs would never end");
    assertThatThrownBy(
            () ->
                Job.named("job", String.class)
                    .after(parent)
                    .on(On.SUCCESS)
                    .after(parent)
                    .on(On.ALWAYS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "job \"job\" comes after job [parent] on SUCCESS and on ALWAYS; an end may start one"
                + " run of it");
    assertThatThrownBy(() -> Job.named("job").onlyIf(in -> true).onlyIf(in -> true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("job \"job\" has an onlyIf already; join the two conditions by &&");
    assertThatThrownBy(() -> Job.named("job").onEnd((ctx, e) -> {}).onEnd((ctx, e) -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("job \"job\" has a hook onEnd already; let one do both");
  }
}
