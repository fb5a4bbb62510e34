// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.EnqueueOptions;
import dev.belfry.Job;
import dev.belfry.NotCompletedException;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Counters;
import dev.belfry.run.KeyHeldException;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.run.Trigger;
import dev.belfry.run.Unique;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** From enqueue to the end of a run, when nothing goes wrong. */
class RunLifeTest {
  private final World world = new World();
  private final List<String> done = new ArrayList<>();
  private final Job<String> greet =
      Job.named("greet", String.class).handler((ctx, name) -> done.add(name));

  @Test
  void enqueuedRun_startsAtOnceAndCompletes() throws Exception {
    try (Scheduler scheduler = world.start(greet)) {
      RunHandle handle = scheduler.enqueue(greet, "Ada");
      world.time.runDue();

      assertThat(done).containsExactly("Ada");
      assertThat(handle.created()).isTrue();
      assertThat(world.state(handle.id())).isEqualTo(new RunState.Completed(World.START));
      assertThat(world.history(handle.id())).containsExactly(Pass.Event.COMPLETED);
      assertThat(handle.await(Duration.ofSeconds(1))).map(Run::status).contains(Status.COMPLETED);
    }
  }

  @Test
  void enqueueAfter_startsNotEarlierAndNotLater() {
    try (Scheduler scheduler = world.start(greet)) {
      scheduler.enqueue(greet, "later", EnqueueOptions.after(Duration.ofMinutes(10)));

      world.time.advance(Duration.ofMinutes(10).minusNanos(1_000));
      assertThat(done).isEmpty();

      world.time.advance(Duration.ofNanos(1_000));
      assertThat(done).containsExactly("later");
    }
  }

  @Test
  void enqueueAfter_lessThanAPoll_startsOnTime() {
    var starts = new ArrayList<Duration>();
    Job<String> job =
        Job.named("job", String.class).handler((ctx, in) -> starts.add(world.elapsed()));
    try (Scheduler scheduler = world.start(job)) {
      world.time.advance(Duration.ofSeconds(10));
      scheduler.enqueue(job, "soon", EnqueueOptions.after(Duration.ofMillis(100)));
      world.time.advance(Duration.ofSeconds(20));

      assertThat(starts).containsExactly(Duration.ofMillis(10_100));
    }
  }

  @Test
  void enqueueAt_inThePast_startsAtOnce() {
    try (Scheduler scheduler = world.start(greet)) {
      scheduler.enqueue(greet, "old", EnqueueOptions.at(Instant.parse("2020-01-01T00:00:00Z")));
      world.time.runDue();

      assertThat(done).containsExactly("old");
    }
  }

  @Test
  void enqueueAll_runsEachInputOnceInOrder() {
    try (Scheduler scheduler = world.start(greet)) {
      List<String> names = IntStream.range(0, 2_500).mapToObj(i -> "n" + i).toList();
      List<RunHandle> handles = scheduler.enqueueAll(greet, names);
      world.time.runDue();

      assertThat(handles).hasSize(2_500).allMatch(RunHandle::created);
      assertThat(done).containsExactlyInAnyOrderElementsOf(names);
    }
  }

  @Test
  void higherPriority_goesFirstWhenWorkersAreScarce() {
    Job<String> slow =
        Job.named("slow", String.class)
            .handler(
                (ctx, name) -> {
                  done.add(name);
                  world.time.pause();
                });
    try (Scheduler scheduler = world.builder(world.time.newHost(), slow).workers(1).start()) {
      scheduler.enqueue(slow, "first");
      world.time.runDue();
      scheduler.enqueue(slow, "low", EnqueueOptions.now().withPriority(-2));
      scheduler.enqueue(slow, "usual");
      scheduler.enqueue(slow, "high", EnqueueOptions.now().withPriority(3));
      world.time.runDue();
      for (int i = 0; i < 4; i++) {
        world.time.resumeAll();
        world.time.runDue();
      }

      assertThat(done).containsExactly("first", "high", "usual", "low");
    }
  }

  @Test
  void workers_limitHowManyHandlersOfAQueueRunAtOnce() {
    Job<Integer> mail = pausing("mail", "mail");
    Job<Integer> report = pausing("report", "reports");
    try (Scheduler scheduler =
        world
            .builder(world.time.newHost(), mail, report)
            .queue("mail", 3)
            .queue("reports", 1)
            .start()) {
      scheduler.enqueueAll(mail, List.of(1, 2, 3, 4, 5));
      scheduler.enqueueAll(report, List.of(1, 2, 3));
      world.time.runDue();

      assertThat(done).containsOnly("mail", "reports");
      assertThat(done.stream().filter("mail"::equals)).hasSize(3);
      assertThat(done.stream().filter("reports"::equals)).hasSize(1);
      world.time.resumeAll();
      world.time.runDue();
      world.time.resumeAll();
      world.time.runDue();
      world.time.resumeAll();
      world.time.runDue();
    }
  }

  private Job<Integer> pausing(String name, String queue) {
    return Job.named(name, Integer.class)
        .queue(queue)
        .handler(
            (ctx, number) -> {
              done.add(queue);
              world.time.pause();
            });
  }

  @Test
  void context_tellsTheRunAndKeepsCountersNotesAndLog() {
    Job<String> counting =
        Job.named("count", String.class)
            .tags("nightly")
            .handler(
                (ctx, text) -> {
                  done.add(ctx.job() + " " + ctx.attempt() + " " + ctx.fence() + " " + ctx.tags());
                  done.add(ctx.idempotencyKey());
                  ctx.items(3, 1);
                  ctx.items(2, 0);
                  ctx.note("calls", "1");
                  ctx.note("calls", "2");
                  ctx.log("half way");
                });
    try (Scheduler scheduler = world.start(counting)) {
      RunHandle handle =
          scheduler.enqueue(
              counting, "x", EnqueueOptions.now().withTags("blue").withActor("user-7"));
      world.time.runDue();

      Run run = world.run(handle.id());
      assertThat(done).containsExactly("count 1 1 [nightly, blue]", handle.id().toString());
      assertThat(run.counters()).isEqualTo(new Counters(5, 1));
      assertThat(run.notes()).isEqualTo(Map.of("calls", "2"));
      assertThat(run.tags()).containsExactly("nightly", "blue");
      assertThat(run.trigger()).isEqualTo(Trigger.enqueue().by("user-7"));
      assertThat(scheduler.passes(handle.id()))
          .singleElement()
          .satisfies(pass -> assertThat(pass.log()).isEqualTo("+0.000s half way\n"));
    }
  }

  @Test
  void result_isWhatTheHandlerReturned() throws Exception {
    var length =
        Job.named("length", String.class).returning(Integer.class, (ctx, text) -> text.length());
    try (Scheduler scheduler = world.start(length)) {
      assertThat(scheduler.enqueue(length, "four").result(Duration.ofSeconds(1))).isEqualTo(4);
    }
  }

  @Test
  void result_ofARunThatFailed_saysHowItEnded() {
    var failing =
        Job.named("failing", String.class)
            .retry(RetryPolicy.none())
            .returning(
                Integer.class,
                (ctx, text) -> {
                  throw new IllegalStateException(text);
                });
    try (Scheduler scheduler = world.start(failing)) {
      var handle = scheduler.enqueue(failing, "no");
      var withoutMessage = scheduler.enqueue(failing, "");

      assertThatThrownBy(() -> handle.result(Duration.ofSeconds(1)))
          .isInstanceOf(NotCompletedException.class)
          .hasMessage("run " + handle.id() + " ended FAILED: java.lang.IllegalStateException: no");
      assertThatThrownBy(() -> withoutMessage.result(Duration.ofSeconds(1)))
          .isInstanceOf(NotCompletedException.class)
          .hasMessage(
              "run " + withoutMessage.id() + " ended FAILED: java.lang.IllegalStateException");
    }
  }

  @Test
  void uniqueKey_whileActive_leadsToTheFirstRun() {
    try (Scheduler scheduler = world.start(greet)) {
      EnqueueOptions once =
          EnqueueOptions.after(Duration.ofHours(1)).withUnique(Unique.whileActive("order-1"));
      RunHandle first = scheduler.enqueue(greet, "a", once);
      RunHandle second = scheduler.enqueue(greet, "b", once);

      assertThat(second.id()).isEqualTo(first.id());
      assertThat(second.created()).isFalse();

      world.time.advance(Duration.ofHours(1));
      assertThat(done).containsExactly("a");
      assertThat(scheduler.enqueue(greet, "c", once).created()).isTrue();
    }
  }

  @Test
  void uniqueKey_thatRejects_saysWhoHoldsIt() {
    try (Scheduler scheduler = world.start(greet)) {
      EnqueueOptions once =
          EnqueueOptions.after(Duration.ofHours(1))
              .withUnique(Unique.whileActive("order-1").on(Unique.OnConflict.REJECT));
      RunHandle first = scheduler.enqueue(greet, "a", once);

      assertThatThrownBy(() -> scheduler.enqueue(greet, "b", once))
          .isInstanceOf(KeyHeldException.class)
          .hasMessage("unique key \"order-1\" of job \"greet\" is held by run " + first.id());
    }
  }

  @Test
  void formerName_runsWhatWasStoredUnderIt() {
    SchedulerClient.of(world.store, Job.named("hello", String.class).handler((ctx, name) -> {}))
        .enqueue(Job.named("hello", String.class).handler((ctx, name) -> {}), "old");
    Job<String> renamed =
        Job.named("greet", String.class).formerly("hello").handler((ctx, name) -> done.add(name));
    try (Scheduler scheduler = world.start(renamed)) {
      world.time.advance(Duration.ofSeconds(3));

      assertThat(done).containsExactly("old");
    }
  }

  @Test
  void otherNode_findsTheRunByItsPoll() {
    SchedulerClient client = SchedulerClient.of(world.store, greet);
    try (Scheduler scheduler = world.start(greet)) {
      world.time.advance(Duration.ofMinutes(1));
      client.enqueue(greet, "from elsewhere");
      world.time.advance(Duration.ofSeconds(2));

      assertThat(done).containsExactly("from elsewhere");
    }
  }
}
