// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.run.EventId;
import dev.belfry.run.Run;
import dev.belfry.run.RunQuery;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.run.Trigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** An event starts one run of each job that subscribes to it. */
class EventTest {
  record Order(String id, int total) {}

  private static final EventType<Order> PLACED =
      EventType.of("order/placed", Order.class).keyedBy(Order::id);
  private static final Order ORDER = new Order("o-1", 30);

  private final World world = new World();
  private final List<String> calls = new ArrayList<>();

  private Job<Order> subscribed(String name) {
    return Job.named(name, Order.class)
        .onEvent(PLACED)
        .handler((ctx, order) -> calls.add(name + " " + order.id()));
  }

  @Test
  void send_startsARunOfEachJobThatSubscribes_atOnce() {
    Job<Order> other = Job.named("other", Order.class).handler((ctx, order) -> calls.add("other"));
    try (Scheduler scheduler = world.start(subscribed("bill"), subscribed("ship"), other)) {
      scheduler.send(PLACED, ORDER);
      world.time.runDue();
    }

    assertThat(calls).containsExactlyInAnyOrder("bill o-1", "ship o-1");
  }

  @Test
  void run_saysWhichEventStartedIt() {
    var seen = new ArrayList<Object>();
    Job<Order> job =
        Job.named("bill", Order.class)
            .onEvent(PLACED)
            .handler(
                (ctx, order) -> {
                  seen.add(ctx.event(PLACED).orElseThrow().id());
                  seen.add(ctx.event(PLACED).orElseThrow().data());
                  seen.add(ctx.event(PLACED).orElseThrow().key().orElseThrow());
                  seen.add(ctx.event(EventType.of("other", Order.class)));
                  seen.add(ctx.dueAt());
                });
    EventId id;
    try (Scheduler scheduler = world.start(job)) {
      world.time.advance(Duration.ofSeconds(1));
      id = scheduler.send(PLACED, ORDER);
      world.time.runDue();
    }

    assertThat(seen)
        .containsExactly(id, ORDER, "o-1", Optional.empty(), World.START.plusSeconds(1));
    assertThat(world.runsOf("bill"))
        .extracting(Run::trigger)
        .containsExactly(Trigger.event(id, World.START.plusSeconds(1)));
  }

  @Test
  void filterAndMapping_areForTheSubscription() {
    Job<String> job =
        Job.named("large", String.class)
            .onEvent(PLACED, order -> order.total() > 20, Order::id)
            .handler((ctx, id) -> calls.add(id));
    try (Scheduler scheduler = world.start(job)) {
      scheduler.sendAll(PLACED, List.of(ORDER, new Order("o-2", 10), new Order("o-3", 40)));
      world.time.runDue();
    }

    assertThat(calls).containsExactly("o-1", "o-3");
  }

  @Test
  void mappingThatThrows_leavesABlockedRun_andTheOthersTheirs() {
    Job<String> broken =
        Job.named("broken", String.class)
            .onEvent(
                PLACED,
                order -> {
                  throw new IllegalStateException("no");
                })
            .handler((ctx, in) -> calls.add("never"));
    try (Scheduler scheduler = world.start(broken, subscribed("bill"))) {
      scheduler.send(PLACED, ORDER);
      world.time.runDue();
    }

    assertThat(calls).containsExactly("bill o-1");
    assertThat(world.runsOf("broken"))
        .singleElement()
        .satisfies(run -> assertThat(run.state()).isInstanceOf(RunState.Blocked.class));
  }

  @Test
  void eventThatIsSentAgain_isTheSame() {
    var id = new EventId(UUID.fromString("0190b5f2-0000-7000-8000-000000000001"));
    try (Scheduler scheduler = world.start(subscribed("bill"))) {
      scheduler.send(PLACED, ORDER, id);
      world.time.runDue();
      scheduler.send(PLACED, ORDER, id);
      world.time.runDue();
    }

    assertThat(calls).containsExactly("bill o-1");
  }

  @Test
  void nodesThatDoNotKnowEachOthersJobs_startEachOneOnce() {
    try (Scheduler first = world.start(subscribed("bill"));
        Scheduler second = world.start(subscribed("ship"))) {
      first.send(PLACED, ORDER);
      world.time.advance(Duration.ofSeconds(5));
      second.send(PLACED, new Order("o-2", 1));
      world.time.advance(Duration.ofSeconds(5));
    }

    assertThat(calls).containsExactlyInAnyOrder("bill o-1", "ship o-1", "bill o-2", "ship o-2");
    assertThat(world.store.inbox(10)).isEmpty();
  }

  @Test
  void nodeOfOlderCode_thatKnowsTheJobButNotItsSubscription_leavesItToTheNewerOnes() {
    Job<Order> before = Job.named("ship", Order.class).handler((ctx, order) -> calls.add("older"));
    try (Scheduler older = world.start(subscribed("bill"), before)) {
      world.start(subscribed("ship")).close();
      older.send(PLACED, ORDER);
      world.time.advance(Duration.ofMinutes(5));
      assertThat(calls).containsExactly("bill o-1");
    }
    world.startFor(Duration.ofSeconds(5), subscribed("ship"));

    assertThat(calls).containsExactly("bill o-1", "ship o-1");
    assertThat(world.store.inbox(10)).isEmpty();
  }

  @Test
  void subscriberThatIsDown_getsItsRunWhenItComesBack() {
    world.start(subscribed("ship")).close();
    try (Scheduler first = world.start(subscribed("bill"))) {
      first.send(PLACED, ORDER);
      world.time.advance(Duration.ofMinutes(5));
      assertThat(calls).containsExactly("bill o-1");
    }
    try (Scheduler second = world.start(subscribed("ship"))) {
      world.time.advance(Duration.ofSeconds(5));
      assertThat(second.runs(RunQuery.ofJob("ship")).items())
          .extracting(Run::status)
          .containsExactly(Status.COMPLETED);
    }

    assertThat(calls).containsExactly("bill o-1", "ship o-1");
  }

  @Test
  void subscriberThatNobodyKnowsAnyMore_isGivenUpWhenItsEventIsPastItsTime() {
    world.start(subscribed("ship")).close();
    try (Scheduler first = world.start(subscribed("bill"))) {
      first.send(PLACED, ORDER);
      world.time.advance(Duration.ofDays(6));
      assertThat(world.store.inbox(10)).hasSize(1);
      world.time.advance(Duration.ofDays(2));
    }

    assertThat(world.store.inbox(10)).isEmpty();
    assertThat(calls).containsExactly("bill o-1");
  }

  @Test
  void renamedJob_getsOneRun() {
    world.start(subscribed("bill")).close();
    Job<Order> renamed =
        Job.named("invoice", Order.class)
            .formerly("bill")
            .onEvent(PLACED)
            .handler((ctx, order) -> calls.add("invoice " + order.id()));
    try (Scheduler scheduler = world.start(renamed)) {
      scheduler.send(PLACED, ORDER);
      world.time.runDue();
    }

    assertThat(calls).containsExactly("invoice o-1");
  }

  @Test
  void clientWithoutANode_sends() {
    try (Scheduler scheduler = world.start(subscribed("bill"))) {
      SchedulerClient.of(world.store).send(PLACED, ORDER);
      world.time.advance(Duration.ofSeconds(3));
    }

    assertThat(calls).containsExactly("bill o-1");
  }

  @Test
  void subscribingTwice_isRefused() {
    assertThatThrownBy(() -> Job.named("bill", Order.class).onEvent(PLACED).onEvent(PLACED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("job \"bill\" subscribes to event \"order/placed\" twice");
  }
}
