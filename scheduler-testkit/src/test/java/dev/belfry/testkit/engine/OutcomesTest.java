// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerEvent;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Pass;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.store.Demand;
import dev.belfry.store.Ending;
import dev.belfry.store.Lane;
import dev.belfry.store.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Exchanges whose answers are lost, and such as the store will never take. */
class OutcomesTest {
  private final World world = new World();
  private final List<String> done = new ArrayList<>();
  private final Job<String> quick =
      Job.named("quick", String.class).handler((ctx, name) -> done.add(name));
  private final Job<String> slow =
      Job.named("slow", String.class)
          .handler(
              (ctx, name) -> {
                world.time.pause();
                done.add(name);
              });

  /**
   * Does something while the next exchange is under way, so that all that follows from it goes with
   * one exchange, and something else right before that.
   */
  private void duringAnExchange(Runnable action, Runnable beforeTheNext) {
    world.faults.beforeNext(
        "exchange",
        first -> {
          action.run();
          world.faults.beforeNext("exchange", second -> beforeTheNext.run());
        });
  }

  /** Has the store refuse for ever whatever claims runs of a job. */
  private void refuseClaimsOf(String job) {
    int lane =
        world.store.catalog().lanes().stream()
            .filter(known -> known.job().equals(job))
            .map(Lane::id)
            .findFirst()
            .orElseThrow();
    world.faults.refuse(
        "exchange",
        arguments ->
            ((List<?>) arguments[2])
                .stream()
                    .map(Demand.class::cast)
                    .flatMap(demand -> demand.lanes().stream())
                    .anyMatch(quota -> quota.lane() == lane));
  }

  @Test
  void claimWhoseAnswerIsLost_isFoundAndStarted() {
    Scheduler scheduler = world.start(quick);
    world.time.advance(Duration.ofSeconds(30));
    world.faults.loseAnswers("exchange", 1);
    RunHandle handle = scheduler.enqueue(quick, "a");
    world.time.advance(Duration.ofSeconds(1));

    assertThat(done).containsExactly("a");
    assertThat(world.history(handle.id())).containsExactly(Pass.Event.COMPLETED);
  }

  @Test
  void outcomeWhoseAnswerIsLost_isRecordedOnce() {
    Scheduler scheduler = world.start(slow);
    RunHandle handle = scheduler.enqueue(slow, "a");
    world.time.advance(Duration.ofSeconds(1));
    world.faults.loseAnswers("exchange", 3);
    world.time.resumeAll();
    world.time.advance(Duration.ofSeconds(10));

    assertThat(world.history(handle.id())).containsExactly(Pass.Event.COMPLETED);
    assertThat(world.events(SchedulerEvent.RunEnded.class)).hasSize(1);
    assertThat(world.events(SchedulerEvent.OutcomeRefused.class)).isEmpty();
  }

  @Test
  void outcomeThatTheStoreWillNeverTake_failsAloneAndItsGroupIsWritten() {
    Scheduler scheduler = world.builder(world.time.newHost(), slow).workers(20).start();
    List<RunHandle> handles =
        scheduler.enqueueAll(slow, IntStream.range(0, 20).mapToObj(i -> "n" + i).toList());
    world.time.advance(Duration.ofSeconds(1));
    var culprit = handles.get(13).id();
    world.faults.refuse(
        "exchange",
        arguments ->
            ((List<?>) arguments[1])
                .stream()
                    .map(Outcome.class::cast)
                    .anyMatch(
                        outcome ->
                            outcome.run().equals(culprit)
                                && outcome.ending() instanceof Ending.Completed));
    world.time.resumeAll();
    world.time.advance(Duration.ofMinutes(1));

    assertThat(handles)
        .allSatisfy(
            handle ->
                assertThat(world.run(handle.id()).status())
                    .isEqualTo(handle.id().equals(culprit) ? Status.FAILED : Status.COMPLETED));
    assertThat(world.state(culprit))
        .isInstanceOfSatisfying(
            RunState.Failed.class,
            failed ->
                assertThat(failed.failure().message())
                    .isEqualTo("the store refused the outcome of this pass"));
  }

  @Test
  void outcomeThatWentWithAClaim_isReportedOnceThoughTheAnswerIsLost() {
    Scheduler scheduler = world.builder(world.time.newHost(), slow).workers(1).start();
    world.time.advance(Duration.ofSeconds(10));
    RunHandle first = scheduler.enqueue(slow, "a");
    world.time.runDue();
    scheduler.enqueue(slow, "b"); // what ends the first run also claims this one
    world.time.advance(Duration.ofSeconds(1));

    world.faults.loseAnswers("exchange", 1);
    world.time.resumeAll();
    world.time.advance(Duration.ofSeconds(30));

    assertThat(world.history(first.id())).containsExactly(Pass.Event.COMPLETED);
    assertThat(world.events(SchedulerEvent.RunEnded.class))
        .extracting(SchedulerEvent.RunEnded::run)
        .containsExactly(first.id());
    assertThat(world.events(SchedulerEvent.OutcomeRefused.class)).isEmpty();
  }

  @Test
  void runClaimedAgainTogetherWithItsOutcome_isAdoptedWhenTheAnswerIsLost() {
    Job<String> flaky =
        Job.named("flaky", String.class)
            .retry(RetryPolicy.fixed(Duration.ofMillis(1)))
            .handler(
                (ctx, name) -> {
                  if (name.equals("a") && ctx.attempt() == 1) {
                    world.time.pause();
                    throw new IllegalStateException("once");
                  }
                  done.add(name + ", attempt " + ctx.attempt());
                });
    Scheduler scheduler = world.builder(world.time.newHost(), flaky).workers(4).start();
    RunHandle handle = scheduler.enqueue(flaky, "a");
    world.time.advance(Duration.ofSeconds(40));

    duringAnExchange(
        () -> {
          world.time.resumeAll();
          scheduler.enqueue(flaky, "b");
        },
        () -> world.faults.loseAnswers("exchange", 2)); // sent again, it claims the run too
    world.time.advance(Duration.ofSeconds(3));

    assertThat(done).containsExactlyInAnyOrder("a, attempt 2", "b, attempt 1");
    assertThat(world.history(handle.id()))
        .containsExactly(Pass.Event.RETRIED, Pass.Event.COMPLETED);
  }

  @Test
  void outcomesWhenNoneIsTaken_stayHeldAndAreWrittenAsTheyWereOnceTheyAre() {
    Scheduler scheduler = world.start(quick);
    world.time.advance(Duration.ofSeconds(10));
    world.faults.refuse("exchange", arguments -> !((List<?>) arguments[1]).isEmpty());
    RunHandle handle = scheduler.enqueue(quick, "a");
    world.time.advance(Duration.ofMinutes(10));
    assertThat(world.run(handle.id()).status()).isEqualTo(Status.RUNNING);

    world.faults.mend();
    world.time.advance(Duration.ofSeconds(10));

    assertThat(done).containsExactly("a");
    assertThat(world.history(handle.id())).containsExactly(Pass.Event.COMPLETED);
  }

  @Test
  void claimThatIsRefused_doesNotFailTheOutcomeBesideIt() {
    Scheduler scheduler = world.start(slow, quick);
    world.time.advance(Duration.ofSeconds(10));
    RunHandle innocent = scheduler.enqueue(slow, "a");
    world.time.advance(Duration.ofSeconds(1));

    duringAnExchange(
        () -> {
          world.time.resumeAll();
          scheduler.enqueue(quick, "b");
        },
        () -> refuseClaimsOf("quick"));
    world.time.advance(Duration.ofSeconds(5));

    assertThat(world.history(innocent.id())).containsExactly(Pass.Event.COMPLETED);
  }

  @Test
  void laneWhoseClaimsAreRefused_restsAMinuteAndHoldsUpNoOther() {
    Scheduler scheduler = world.start(slow, quick);
    world.time.advance(Duration.ofSeconds(10));
    RunHandle before = scheduler.enqueue(slow, "a");
    world.time.advance(Duration.ofSeconds(1));
    refuseClaimsOf("quick");
    RunHandle culprit = scheduler.enqueue(quick, "b");
    world.time.advance(Duration.ofSeconds(3));

    RunHandle after = scheduler.enqueue(slow, "c");
    world.time.advance(Duration.ofSeconds(3));
    world.time.resumeAll();
    world.time.advance(Duration.ofSeconds(3));
    assertThat(List.of(before, after))
        .allSatisfy(
            run -> assertThat(world.history(run.id())).containsExactly(Pass.Event.COMPLETED));
    assertThat(world.run(culprit.id()).status()).isEqualTo(Status.SCHEDULED);

    world.faults.mend();
    world.time.advance(Duration.ofMinutes(1));
    assertThat(world.history(culprit.id())).containsExactly(Pass.Event.COMPLETED);
  }
}
