// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belfry.EnqueueOptions;
import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.EventId;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.Delivery;
import dev.belfry.store.InboxEntry;
import dev.belfry.store.NewEvent;
import dev.belfry.store.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An event cancels the runs of a job that are about the same thing. */
class CancelOnTest {
  private static final EventType<String> GONE =
      EventType.of("user/gone", String.class).keyedBy(user -> user);
  private static final EventType<Integer> STOP = EventType.of("stop", Integer.class);

  private final World world = new World();
  private final List<String> done = new ArrayList<>();

  private static Job.Builder<String> greet() {
    return Job.named("greet", String.class).cancelOn(GONE, user -> user);
  }

  private final Job<String> greetLater =
      greet()
          .handler(
              (ctx, user) -> {
                ctx.sleep("nap", Duration.ofDays(1));
                done.add(user);
              });

  private void isCancelledBy(EventId event, RunHandle run) {
    assertThat(world.state(run.id()))
        .isInstanceOfSatisfying(
            RunState.Cancelled.class,
            state -> assertThat(state.reason()).isEqualTo("event user/gone " + event));
  }

  private void isCancelledOnceBegun(Job<String> job) {
    try (Scheduler scheduler = world.start(job)) {
      RunHandle run = scheduler.enqueue(job, "ann");
      world.time.runDue();
      EventId event = scheduler.send(GONE, "ann");
      world.time.runDue();

      isCancelledBy(event, run);
    }
  }

  private Status status(RunHandle run) {
    return world.run(run.id()).status();
  }

  @Test
  void event_cancelsTheRunsOfItsKey() {
    try (Scheduler scheduler = world.start(greetLater)) {
      RunHandle ann = scheduler.enqueue(greetLater, "ann");
      RunHandle again = scheduler.enqueue(greetLater, "ann");
      RunHandle bob = scheduler.enqueue(greetLater, "bob");
      world.time.advance(Duration.ofHours(1));

      EventId event = scheduler.send(GONE, "ann");
      world.time.runDue();

      isCancelledBy(event, ann);
      isCancelledBy(event, again);
      assertThat(world.history(ann.id()))
          .containsExactly(Pass.Event.SUSPENDED, Pass.Event.MOVED, Pass.Event.CANCELLED);
      assertThat(status(bob)).isEqualTo(Status.SCHEDULED);
      world.time.advance(Duration.ofDays(2));
      assertThat(done).containsExactly("bob");
    }
  }

  @Test
  void runThatIsNotDueYet_isCancelledUnstarted() {
    Job<String> job = greet().handler((ctx, user) -> done.add(user));
    try (Scheduler scheduler = world.start(job)) {
      RunHandle run = scheduler.enqueue(job, "ann", EnqueueOptions.after(Duration.ofDays(9)));
      EventId event = scheduler.send(GONE, "ann");
      world.time.runDue();

      isCancelledBy(event, run);
      assertThat(done).isEmpty();
    }
  }

  @Test
  void runThatWaits_isCancelled() {
    Job<String> job =
        greet()
            .handler(
                (ctx, user) -> ctx.waitForEvent("answer", STOP, n -> true, Duration.ofDays(1)));

    isCancelledOnceBegun(job);
  }

  @Test
  void runThatWaitsForItsRetry_isCancelled() {
    Job<String> job =
        greet()
            .retry(RetryPolicy.fixed(Duration.ofHours(1)))
            .handler(
                (ctx, user) -> {
                  throw new IllegalStateException("down");
                });

    isCancelledOnceBegun(job);
  }

  @Test
  void handlerThatRunsOnAnotherNode_isInterruptedWithinTwoSeconds() {
    var interrupted = new ArrayList<Instant>();
    Job<String> job =
        greet()
            .handler(
                (ctx, user) -> {
                  try {
                    world.time.pause();
                  } catch (InterruptedException cut) {
                    interrupted.add(world.time.now());
                    throw cut;
                  }
                });
    try (Scheduler holder = world.start(job)) {
      RunHandle run = holder.enqueue(job, "ann");
      world.time.runDue();
      world.time.advance(Duration.ofMinutes(1));
      EventId event;
      Instant sent = world.time.now();
      try (Scheduler other = world.start()) {
        event = other.send(GONE, "ann");
        world.time.advance(Duration.ofSeconds(5));
      }

      isCancelledBy(event, run);
      assertThat(interrupted)
          .singleElement()
          .satisfies(at -> assertThat(at).isBeforeOrEqualTo(sent.plusSeconds(2)));
    }
  }

  @Test
  void eventThatWasSentBeforeTheRunWasMade_doesNotConcernIt() {
    try (Scheduler scheduler = world.start(greetLater)) {
      scheduler.send(GONE, "ann");
      world.time.advance(Duration.ofSeconds(1));
      RunHandle run = scheduler.enqueue(greetLater, "ann");
      world.time.advance(Duration.ofDays(2));

      assertThat(status(run)).isEqualTo(Status.COMPLETED);
    }
  }

  @Test
  void runThatWasCommittedAfterTheDelivery_isFoundByItsFirstClaim() {
    Job<String> job = greet().handler((ctx, user) -> done.add(user));
    try (Scheduler scheduler = world.start(job)) {
      RunHandle run = scheduler.enqueue(job, "ann", EnqueueOptions.after(Duration.ofHours(1)));
      // The delivery does not see the run, as if its transaction were still open.
      EventId event = new EventId(run.id().value());
      world.store.send(List.of(newEvent(event)));
      deliverUnseen();
      world.time.advance(Duration.ofHours(2));

      isCancelledBy(event, run);
      assertThat(done).isEmpty();
    }
  }

  private static NewEvent newEvent(EventId id) {
    return NewEvent.of(id, GONE.name(), Payload.of("json", "\"ann\"".getBytes(UTF_8)))
        .withKey("ann");
  }

  private void deliverUnseen() {
    for (InboxEntry entry : world.store.inbox(10)) {
      world.store.deliver(List.of(new Delivery(entry.id(), List.of())));
    }
  }

  @Test
  void storeThatCanNotBeAsked_delaysTheStart() {
    Job<String> job =
        greet().retry(RetryPolicy.none()).handler((ctx, user) -> done.add(user + ctx.attempt()));
    try (Scheduler scheduler = world.start(job)) {
      world.faults.loseCalls("lookBack", 1);
      RunHandle run = scheduler.enqueue(job, "ann");
      world.time.advance(Duration.ofMinutes(1));

      assertThat(done).containsExactly("ann1");
      assertThat(world.history(run.id()))
          .containsExactly(Pass.Event.HANDED_BACK, Pass.Event.COMPLETED);
      assertThat(world.store.passes(run.id()).get(0).detail())
          .isEqualTo("the store did not say what cancels it: planned: lookBack");
    }
  }

  @Test
  void storeThatRefusesTheQuestionForGood_failsTheAttempt() {
    Job<String> job = greet().retry(RetryPolicy.none()).handler((ctx, user) -> done.add(user));
    try (Scheduler scheduler = world.start(job)) {
      world.faults.refuse("lookBack", any -> true);
      RunHandle run = scheduler.enqueue(job, "ann");
      world.time.advance(Duration.ofMinutes(1));

      assertThat(status(run)).isEqualTo(Status.FAILED);
      assertThat(done).isEmpty();
    }
  }

  @Test
  void runOfAnEventWhoseKeyCanNotBeHad_isCancelledByEventsOfAnyKeyOnly() {
    Job<String> job =
        Job.named("keyless", String.class)
            .onEvent(GONE)
            .cancelOn(GONE, user -> null)
            .cancelOn(STOP)
            .handler((ctx, user) -> ctx.sleep("nap", Duration.ofDays(1)));
    try (Scheduler scheduler = world.start(job)) {
      scheduler.send(GONE, "ann");
      world.time.advance(Duration.ofSeconds(1));
      scheduler.send(GONE, "ann");
      world.time.advance(Duration.ofSeconds(1));
      assertThat(world.runsOf("keyless"))
          .extracting(found -> found.status())
          .containsExactly(Status.SCHEDULED, Status.SCHEDULED);
      scheduler.send(STOP, 1);
      world.time.advance(Duration.ofSeconds(1));

      assertThat(world.runsOf("keyless"))
          .extracting(found -> found.status())
          .containsExactly(Status.CANCELLED, Status.CANCELLED);
    }
  }

  @Test
  void newerEventOfAKey_cancelsTheRunOfTheOlder() {
    Job<String> job =
        Job.named("index", String.class)
            .onEvent(GONE)
            .cancelOn(GONE, user -> user)
            .handler(
                (ctx, user) -> {
                  ctx.sleep("settle", Duration.ofMinutes(1));
                  done.add(user);
                });
    try (Scheduler scheduler = world.start(job)) {
      for (int i = 0; i < 3; i++) {
        scheduler.send(GONE, "ann");
        world.time.advance(Duration.ofSeconds(1));
      }
      world.time.advance(Duration.ofHours(1));

      assertThat(world.runsOf("index"))
          .extracting(found -> found.status())
          .containsExactly(Status.CANCELLED, Status.CANCELLED, Status.COMPLETED);
      assertThat(done).containsExactly("ann");
    }
  }

  @Test
  void newerEventOfAKey_cancelsTheRunOfTheOlder_alsoWhenBothAreDeliveredTogether() {
    Job<String> job =
        Job.named("index", String.class)
            .onEvent(GONE)
            .cancelOn(GONE, user -> user)
            .handler((ctx, user) -> done.add(user));
    world.start(job).close();
    SchedulerClient client = SchedulerClient.of(world.store, job);
    client.send(GONE, "ann");
    world.time.advance(Duration.ofSeconds(1));
    client.send(GONE, "ann");
    world.startFor(Duration.ofMinutes(1), job);

    assertThat(done).containsExactly("ann");
    assertThat(world.runsOf("index"))
        .extracting(found -> found.status())
        .containsExactlyInAnyOrder(Status.CANCELLED, Status.COMPLETED);
  }

  @Test
  void eventWithoutAKey_cancelsAllRunsOfTheJob() {
    Job<String> job =
        Job.named("crawl", String.class)
            .cancelOn(STOP)
            .cancelOn(GONE, user -> user)
            .handler((ctx, user) -> ctx.sleep("nap", Duration.ofDays(1)));
    try (Scheduler scheduler = world.start(job, greetLater)) {
      List<RunHandle> runs = scheduler.enqueueAll(job, List.of("ann", "bob"));
      RunHandle other = scheduler.enqueue(greetLater, "ann");
      world.time.runDue();
      scheduler.send(STOP, 1);
      world.time.runDue();

      assertThat(runs).extracting(this::status).containsOnly(Status.CANCELLED);
      assertThat(status(other)).isEqualTo(Status.SCHEDULED);
    }
  }

  @Test
  void runsOfSchedulesAndRetries_areCancelledToo() {
    Job<String> job =
        greet()
            .schedule(Schedule.every(Duration.ofHours(1)), "ann")
            .handler((ctx, user) -> ctx.sleep("nap", Duration.ofDays(1)));
    try (Scheduler scheduler = world.start(job)) {
      world.time.advance(Duration.ofMinutes(61));
      RunId tick = world.runsOf("greet").get(0).id();
      scheduler.send(GONE, "ann");
      world.time.advance(Duration.ofSeconds(1));
      assertThat(world.run(tick).status()).isEqualTo(Status.CANCELLED);
      RunHandle manual = scheduler.schedules().trigger("greet", "ann");
      world.time.advance(Duration.ofSeconds(1));
      RunHandle again = scheduler.retry(tick, "ann");
      world.time.advance(Duration.ofSeconds(1));
      assertThat(status(again)).isEqualTo(Status.SCHEDULED);
      scheduler.send(GONE, "ann");
      world.time.advance(Duration.ofSeconds(1));

      assertThat(status(manual)).isEqualTo(Status.CANCELLED);
      assertThat(status(again)).isEqualTo(Status.CANCELLED);
    }
  }

  @Test
  void storeThatIsDown_delaysTheCancel() {
    try (Scheduler scheduler = world.start(greetLater)) {
      RunHandle run = scheduler.enqueue(greetLater, "ann");
      world.time.runDue();
      world.faults.refuse("deliver", any -> true);
      scheduler.send(GONE, "ann");
      world.time.advance(Duration.ofMinutes(1));
      assertThat(status(run)).isEqualTo(Status.SCHEDULED);
      world.faults.mend();
      world.time.advance(Duration.ofMinutes(1));

      assertThat(status(run)).isEqualTo(Status.CANCELLED);
    }
  }

  @Test
  void declaration_isChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> greet().cancelOn(STOP, user -> user))
        .withMessage(
            "event \"stop\" has no key by which it could cancel runs of job \"greet\": give the"
                + " type one with keyedBy, or leave the key out here");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> greet().cancelOn(GONE))
        .withMessage("event \"user/gone\" cancels runs of job \"greet\" twice");
  }

  @Test
  void keyThatCanNotBeHad_isRefusedByEnqueue() {
    Job<String> job =
        Job.named("broken", String.class)
            .cancelOn(GONE, user -> user.isEmpty() ? null : user)
            .handler((ctx, user) -> {});
    try (Scheduler scheduler = world.start(job)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> scheduler.enqueue(job, ""))
          .withMessage(
              "the key of event \"user/gone\" that cancels a run of job \"broken\" can't be had:"
                  + " it is null");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> scheduler.enqueue(job, "u".repeat(201)))
          .withMessage(
              "the key of event \"user/gone\" that cancels a run of job \"broken\" can't be had:"
                  + " key of an event must have at most 200 characters, had 201");
    }
  }
}
