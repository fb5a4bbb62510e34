// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.BatchBody;
import dev.belfry.BatchItem;
import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerEvent;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.run.Target;
import dev.belfry.testkit.VirtualTime.VirtualHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Batches that are cut short, and items that leave theirs. */
class BatchCutTest {
  private static final Duration WAIT = Duration.ofSeconds(5);

  private final World world = new World();
  private final List<String> seen = new ArrayList<>();
  private final List<BatchItem<String>> kept = new ArrayList<>();

  private Job.Builder<String> job() {
    return Job.named("batch", String.class)
        .retry(RetryPolicy.fixed(Duration.ofSeconds(10)).withMaxAttempts(2));
  }

  /** Returns a body that fails its first item, pauses, and says what it knows then. */
  private BatchBody<String> pausing() {
    return (ctx, items) -> {
      kept.addAll(items);
      items.get(0).fail(new IllegalStateException("first"));
      seen.add("begun with " + items.size());
      try {
        world.time.pause();
      } finally {
        seen.add("told " + ctx.cancelled() + " " + items.stream().map(i -> i.cancelled()).toList());
      }
    };
  }

  /** Starts a batch of three, and returns its runs. */
  private List<RunId> running(Scheduler scheduler, Job<String> job) {
    List<RunId> runs =
        scheduler.enqueueAll(job, List.of("a", "b", "c")).stream().map(RunHandle::id).toList();
    world.time.runDue();
    assertThat(runs).extracting(run -> world.run(run).status()).containsOnly(Status.RUNNING);
    return runs;
  }

  private List<String> failures(List<RunId> runs) {
    return runs.stream()
        .map(run -> world.store.passes(run).get(0).failure().orElseThrow().message())
        .toList();
  }

  @Test
  void timeout_failsTheItemsThatHadNotFailedBefore_eachToBeRetried() {
    Job<String> job = job().timeout(Duration.ofSeconds(30)).batch(3, WAIT, pausing());
    try (Scheduler scheduler = world.start(job)) {
      List<RunId> runs = running(scheduler, job);

      world.time.advance(Duration.ofSeconds(30));

      assertThat(seen).containsExactly("begun with 3", "told true [true, true, true]");
      assertThat(failures(runs))
          .containsExactly(
              "first",
              "ran longer than its timeout of PT30S",
              "ran longer than its timeout of PT30S");
      world.time.advance(Duration.ofMinutes(5));
      assertThat(runs)
          .extracting(run -> world.run(run).status())
          .containsExactly(Status.FAILED, Status.TIMED_OUT, Status.TIMED_OUT);
    }
  }

  @Test
  void bodyThatIgnoresItsInterrupt_isGivenUpForAllItsRuns() {
    Job<String> job =
        job()
            .timeout(Duration.ofSeconds(30))
            .retry(RetryPolicy.none())
            .batch(
                3,
                WAIT,
                (ctx, items) -> {
                  kept.addAll(items);
                  for (int i = 0; i < 2; i++) {
                    try {
                      world.time.pause();
                    } catch (InterruptedException ignored) {
                      seen.add("ignored");
                    }
                  }
                });
    Scheduler scheduler = world.start(job);
    List<RunId> runs = running(scheduler, job);
    world.time.advance(Duration.ofSeconds(40));

    assertThat(seen).containsExactly("ignored");
    assertThat(runs).extracting(run -> world.run(run).status()).containsOnly(Status.TIMED_OUT);
    assertThat(world.events(SchedulerEvent.RunStuck.class))
        .extracting(SchedulerEvent.RunStuck::run)
        .containsExactlyElementsOf(runs);
    assertThatThrownBy(() -> kept.get(1).fail(new IllegalStateException("too late")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the batch of run "
                + runs.get(1)
                + " is over; say what failed before the body of the batch returns");
    world.time.resumeAll();
    scheduler.close();
  }

  @Test
  void runThatIsNotFinishedInTime_endsAlone_andTheBatchGoesOn() {
    Job<String> job =
        job()
            .finishWithin(Duration.ofSeconds(10))
            .batch(
                2,
                WAIT,
                (ctx, items) -> {
                  world.time.pause();
                  seen.add("told " + items.stream().map(BatchItem::cancelled).toList());
                });
    try (Scheduler scheduler = world.start(job)) {
      RunId first = scheduler.enqueue(job, "a").id();
      world.time.advance(Duration.ofSeconds(4));
      RunId second = scheduler.enqueue(job, "b").id();

      world.time.advance(Duration.ofSeconds(8));
      world.time.resumeAll();
      world.time.runDue();

      assertThat(seen).containsExactly("told [true, false]");
      assertThat(world.run(first).status()).isEqualTo(Status.TIMED_OUT);
      assertThat(world.run(second).status()).isEqualTo(Status.COMPLETED);
    }
  }

  @Test
  void eventThatCancelsARun_takesItOutOfWhatIsGathered() {
    EventType<String> gone = EventType.of("user/gone", String.class).keyedBy(user -> user);
    Job<String> job =
        job()
            .cancelOn(gone, user -> user)
            .batch(
                2,
                WAIT,
                (ctx, items) -> items.forEach(item -> seen.add("begun with " + item.input())));
    try (Scheduler scheduler = world.start(job)) {
      RunId cancelled = scheduler.enqueue(job, "a").id();
      world.time.advance(Duration.ofSeconds(1));
      scheduler.send(gone, "a");
      world.time.advance(Duration.ofSeconds(1));
      assertThat(world.run(cancelled).status()).isEqualTo(Status.CANCELLED);

      scheduler.enqueueAll(job, List.of("b", "c"));
      world.time.runDue();

      assertThat(seen).containsExactly("begun with b", "begun with c");
    }
  }

  @Test
  void cancel_ofOneRun_tellsItsItemAndLetsTheBatchGoOn() {
    Job<String> job = job().batch(3, WAIT, pausing());
    try (Scheduler scheduler = world.start(job)) {
      List<RunId> runs = running(scheduler, job);

      scheduler.cancel(runs.get(1), "ann");
      world.time.advance(Duration.ofSeconds(3));
      assertThat(seen).containsExactly("begun with 3");
      world.time.resumeAll();
      world.time.runDue();

      assertThat(seen).containsExactly("begun with 3", "told false [false, true, false]");
      assertThat(runs)
          .extracting(run -> world.run(run).status())
          .containsExactly(Status.SCHEDULED, Status.CANCELLED, Status.COMPLETED);
    }
  }

  @Test
  void cancel_ofTheLastRunThatHadNotFailed_interruptsTheBody() {
    Job<String> job = job().batch(3, WAIT, pausing());
    try (Scheduler scheduler = world.start(job)) {
      List<RunId> runs = running(scheduler, job);

      scheduler.cancel(runs.get(1), "ann");
      scheduler.cancel(runs.get(2), "bob");
      world.time.runDue();

      assertThat(seen).containsExactly("begun with 3", "told true [true, true, true]");
      assertThat(world.state(runs.get(0)))
          .isInstanceOfSatisfying(
              RunState.Scheduled.class, state -> assertThat(state.attempt()).isEqualTo(1));
      assertThat(runs.subList(1, 3))
          .extracting(run -> ((RunState.Cancelled) world.state(run)).reason())
          .containsExactly("ann", "bob");
    }
  }

  @Test
  void cancel_ofAGatheredRun_endsItWithoutABody() {
    Job<String> job = job().batch(3, WAIT, pausing());
    try (Scheduler scheduler = world.start(job)) {
      RunHandle run = scheduler.enqueue(job, "a");
      world.time.advance(Duration.ofSeconds(1));

      scheduler.cancel(run.id(), "ann");
      world.time.runDue();

      assertThat(seen).isEmpty();
      assertThat(world.run(run.id()).status()).isEqualTo(Status.CANCELLED);
    }
  }

  @Test
  void close_handsBackWhatItCutsShort_andAnotherNodeStartsItTogether() {
    Job<String> job = job().batch(3, WAIT, pausing());
    Scheduler scheduler = world.start(job);
    List<RunId> runs = running(scheduler, job);
    scheduler.close();

    assertThat(runs)
        .allSatisfy(run -> assertThat(world.history(run)).containsExactly(Pass.Event.HANDED_BACK));
    try (Scheduler next = world.start(job)) {
      world.time.runDue();
      assertThat(seen).last().isEqualTo("begun with 3");
      assertThat(kept.get(3).attempt()).isEqualTo(1);
      world.time.resumeAll();
    }
  }

  @Test
  void close_letsBatchesEndWithinTheGracePeriod() {
    Job<String> job = job().batch(3, WAIT, pausing());
    Scheduler scheduler = world.start(job);
    List<RunId> runs = running(scheduler, job);
    world.time.newHost().after(Duration.ofSeconds(20), world.time::resumeAll);
    scheduler.close();

    assertThat(world.elapsed()).isEqualTo(Duration.ofSeconds(20));
    assertThat(runs)
        .extracting(run -> world.run(run).status())
        .containsExactly(Status.SCHEDULED, Status.COMPLETED, Status.COMPLETED);
  }

  @Test
  void batchOfAKilledNode_startsAgainTogether() {
    Job<String> job = job().batch(3, WAIT, pausing());
    VirtualHost doomed = world.time.newHost();
    List<RunId> runs = running(world.builder(doomed, job).start(), job);
    doomed.kill();
    try (Scheduler rescuer = world.start(job)) {
      world.time.advance(Duration.ofMinutes(1));

      assertThat(seen).containsExactly("begun with 3", "begun with 3");
      assertThat(runs)
          .allSatisfy(run -> assertThat(world.history(run)).containsExactly(Pass.Event.LOST));
      assertThat(kept.subList(3, 6)).extracting(BatchItem::attempt).containsOnly(2);
      world.time.resumeAll();
      world.time.runDue();
      assertThat(rescuer.run(runs.get(2)).orElseThrow().status()).isEqualTo(Status.COMPLETED);
    }
  }

  @Test
  void claimWhoseAnswerIsLost_isHandedBackAndStartsAsABatch() {
    Job<String> job = job().batch(3, WAIT, pausing());
    try (Scheduler scheduler = world.start(job)) {
      world.time.advance(Duration.ofSeconds(30));
      world.faults.loseAnswers("exchange", 1);
      List<RunHandle> runs = scheduler.enqueueAll(job, List.of("a", "b", "c"));
      world.time.advance(Duration.ofSeconds(5));

      assertThat(seen).containsExactly("begun with 3");
      assertThat(runs)
          .allSatisfy(
              run -> assertThat(world.history(run.id())).containsExactly(Pass.Event.HANDED_BACK));
      world.time.resumeAll();
    }
  }

  @Test
  void policyThatPausesTheJob_doesSoBeforeTheRunsAreLetGo() {
    Job<String> job =
        job()
            .retry(RetryPolicy.defaults().pauseJobOn(IllegalStateException.class))
            .batch(3, WAIT, (ctx, items) -> items.get(0).fail(new IllegalStateException("down")));
    try (Scheduler scheduler = world.start(job)) {
      List<RunHandle> runs = scheduler.enqueueAll(job, List.of("a", "b", "c"));
      world.time.advance(Duration.ofMinutes(1));

      assertThat(world.store.catalog().paused()).containsExactly(Target.job("batch"));
      assertThat(runs)
          .extracting(run -> world.run(run.id()).status())
          .containsExactly(Status.SCHEDULED, Status.COMPLETED, Status.COMPLETED);
    }
  }

  @Test
  void jobsOfBatches_refuseWhatTheyCanNotBe() {
    assertRefused(
        () -> job().batch(0, WAIT, pausing()),
        "maxSize of \"batch of job batch\" must be 1 to 1000, was 0");
    assertRefused(
        () -> job().batch(10, Duration.ZERO, pausing()),
        "maxWait of \"batch of job batch\" must be PT0.001S to PT24H, was PT0S");
    assertRefused(
        () -> job().limitRuns(5).batch(10, WAIT, pausing()),
        "job \"batch\" takes batches and limits its runs: a batch starts or waits as a whole; leave"
            + " one of the two out");
    assertRefused(
        () -> job().inOrder(input -> input).batch(10, WAIT, input -> input, pausing()),
        "job \"batch\" takes batches and limits its runs: a batch starts or waits as a whole; leave"
            + " one of the two out");
  }

  private static void assertRefused(Runnable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call::run).withMessage(message);
  }
}
