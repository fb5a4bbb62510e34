// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.Awaited;
import dev.belfry.Event;
import dev.belfry.EventMatch;
import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.JobContext;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.run.Pass;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.run.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run that waits for an event misses none and takes none twice, whenever it is sent. */
class WaitTest extends HandlerBase {
  record Login(String user, int device) {}

  record Order(String id, int total) {}

  private static final EventType<Login> LOGIN =
      EventType.of("user/login", Login.class).keyedBy(Login::user);
  private static final EventType<Order> PAID =
      EventType.of("order/paid", Order.class).keyedBy(Order::id);

  private final List<Scheduler> started = new ArrayList<>();

  private Scheduler start(Job<?>... jobs) {
    Scheduler scheduler = world.start(jobs);
    started.add(scheduler);
    return scheduler;
  }

  @AfterEach
  void close() {
    started.forEach(Scheduler::close);
  }

  /** Notes what a wait has brought. */
  private void took(Optional<? extends Event<?>> event) {
    calls.add(event.map(e -> e.data() + " at ").orElse("nothing at ") + world.elapsed());
  }

  private Consumer<JobContext> waiting(String id) {
    return ctx -> took(ctx.waitForEvent(id, LOGIN, "u1", Duration.ofHours(1)));
  }

  private void after(Duration time) {
    world.time.advance(time);
  }

  private static Login login(int device) {
    return new Login("u1", device);
  }

  @Test
  void eventOfTheKey_endsTheWait_atOnce() {
    Job<String> job = job(waiting("login")::accept);
    Scheduler scheduler = start(job);
    RunHandle handle = scheduler.enqueue(job, "in");
    after(Duration.ofMinutes(10));
    assertThat(world.state(handle.id())).isInstanceOf(RunState.Waiting.class);

    scheduler.send(LOGIN, new Login("u2", 1));
    world.time.runDue();
    assertThat(calls).isEmpty();
    scheduler.send(LOGIN, login(2));
    world.time.runDue();

    assertThat(calls).containsExactly("Login[user=u1, device=2] at PT10M");
    assertThat(status(handle)).isEqualTo(Status.COMPLETED);
    assertThat(scheduler.explain(handle.id())).contains("COMPLETED");
    assertThat(world.store.passes(handle.id()).get(0).detail())
        .isEqualTo("wait \"login\" for user/login of \"u1\"");
  }

  @Test
  void waitWithoutAnEvent_isOverInTime_forGood() {
    Job<String> job =
        job(
            ctx -> {
              waiting("login").accept(ctx);
              ctx.sleep("nap", Duration.ofHours(1));
            });
    Scheduler scheduler = start(job);
    RunHandle handle = scheduler.enqueue(job, "in");
    after(Duration.ofMinutes(61));

    scheduler.send(LOGIN, login(1));
    after(Duration.ofHours(2));

    assertThat(calls).containsExactly("nothing at PT1H", "nothing at PT2H");
    assertThat(world.history(handle.id()))
        .containsExactly(Pass.Event.SUSPENDED, Pass.Event.SUSPENDED, Pass.Event.COMPLETED);
  }

  @Test
  void event_isKeptAsItWasSent() {
    var events = new ArrayList<Event<Login>>();
    Job<String> job =
        job(
            ctx -> {
              events.add(ctx.waitForEvent("login", LOGIN, "u1", Duration.ofHours(1)).orElseThrow());
              ctx.sleep("nap", Duration.ofDays(30)); // the event itself is deleted meanwhile
            });
    Scheduler scheduler = start(job);
    scheduler.enqueue(job, "in");
    after(Duration.ofMinutes(1));
    var id = scheduler.send(LOGIN, login(7));
    after(Duration.ofDays(31));

    assertThat(events).hasSize(2);
    assertThat(events.get(1)).isEqualTo(events.get(0));
    assertThat(events.get(0).id()).isEqualTo(id);
    assertThat(events.get(0).name()).isEqualTo("user/login");
    assertThat(events.get(0).key()).contains("u1");
    assertThat(events.get(0).sentAt()).isEqualTo(World.START.plusSeconds(60));
  }

  // Looking back

  @Test
  void eventThatWasSentDuringTheStepBefore_isFound() {
    Job<String> job =
        job(
            ctx -> {
              ctx.step("mail", () -> world.store.send(List.of()));
              ctx.step("ask", () -> started.get(0).send(LOGIN, login(3)));
              waiting("login").accept(ctx);
            });
    start(job).enqueue(job, "in");
    world.time.runDue();

    assertThat(calls).containsExactly("Login[user=u1, device=3] at PT0S");
  }

  @Test
  void eventThatWasSentBeforeTheSleepWasOver_isNot() {
    Job<String> job =
        job(
            ctx -> {
              ctx.sleep("nap", Duration.ofMinutes(30));
              waiting("login").accept(ctx);
            });
    Scheduler scheduler = start(job);
    scheduler.enqueue(job, "in");
    after(Duration.ofMinutes(29));
    scheduler.send(LOGIN, login(1));
    after(Duration.ofMinutes(30));

    assertThat(calls).isEmpty();
  }

  @Test
  void since_saysHowFarBackItLooks() {
    Job<String> job =
        job(
            ctx -> {
              ctx.sleep("nap", Duration.ofMinutes(30));
              took(
                  ctx.waitForEvent(
                      "login",
                      LOGIN,
                      EventMatch.<Login>key("u1").since(World.START),
                      Duration.ofHours(1)));
            });
    Scheduler scheduler = start(job);
    scheduler.enqueue(job, "in");
    after(Duration.ofMinutes(29));
    scheduler.send(LOGIN, login(1));
    after(Duration.ofMinutes(30));

    assertThat(calls).containsExactly("Login[user=u1, device=1] at PT30M");
  }

  @Test
  void firstWait_looksBackToTheBeginningOfTheRun() {
    Job<String> job = job(waiting("login")::accept);
    Scheduler scheduler = start(job);
    scheduler.send(LOGIN, login(1));
    after(Duration.ofMinutes(1));
    scheduler.pause(Target.all(), "test");
    scheduler.enqueue(job, "in");
    after(Duration.ofMinutes(1));
    scheduler.send(LOGIN, login(2));
    after(Duration.ofMinutes(1));
    scheduler.resume(Target.all(), "test");
    after(Duration.ofMinutes(1));

    assertThat(calls).containsExactly("Login[user=u1, device=2] at PT3M");
  }

  @Test
  void eventThatStartedTheRun_endsNoneOfItsWaits() {
    Job<Login> job =
        Job.named("job", Login.class)
            .onEvent(LOGIN)
            .handler((ctx, in) -> took(ctx.waitForEvent("next", LOGIN, "u1", Duration.ofHours(1))));
    Scheduler scheduler = start(job);
    scheduler.send(LOGIN, login(1));
    after(Duration.ofMinutes(1));
    assertThat(calls).isEmpty();

    scheduler.send(LOGIN, login(2));
    world.time.runDue();

    assertThat(calls).containsExactly("Login[user=u1, device=2] at PT1M");
  }

  // One event, one wait

  @Test
  void eventEndsOneWaitOfARun() {
    Job<String> job =
        job(
            ctx -> {
              waiting("first").accept(ctx);
              waiting("second").accept(ctx);
            });
    Scheduler scheduler = start(job);
    scheduler.enqueue(job, "in");
    after(Duration.ofMinutes(1));
    scheduler.send(LOGIN, login(1));
    after(Duration.ofMinutes(1));
    scheduler.send(LOGIN, login(2));
    after(Duration.ofMinutes(1));

    assertThat(calls)
        .containsExactly(
            "Login[user=u1, device=1] at PT1M",
            "Login[user=u1, device=1] at PT2M",
            "Login[user=u1, device=2] at PT2M");
  }

  @Test
  void eventsThatComeTogether_endOneWaitAfterTheOther() {
    Job<String> job =
        job(
            ctx -> {
              waiting("first").accept(ctx);
              waiting("second").accept(ctx);
            });
    Scheduler scheduler = start(job);
    scheduler.enqueue(job, "in");
    after(Duration.ofMinutes(1));
    scheduler.sendAll(LOGIN, List.of(login(1), login(2)));
    world.time.runDue();

    assertThat(calls)
        .containsExactly("Login[user=u1, device=1] at PT1M", "Login[user=u1, device=2] at PT1M");
  }

  @Test
  void eventEndsTheWaitsOfManyRuns() {
    Job<String> job = job(waiting("login")::accept);
    Scheduler scheduler = start(job);
    for (int i = 0; i < 1_200; i++) {
      scheduler.enqueue(job, "in");
    }
    after(Duration.ofMinutes(1));
    scheduler.send(LOGIN, login(1));
    after(Duration.ofMinutes(1));

    assertThat(calls).hasSize(1_200).containsOnly("Login[user=u1, device=1] at PT1M");
  }

  // By predicate

  @Test
  void predicate_letsOthersPass_andTheyStayFree() {
    Job<String> job =
        job(
            ctx -> {
              took(
                  ctx.waitForEvent(
                      "device 9", LOGIN, login -> login.device() == 9, Duration.ofHours(1)));
              took(
                  ctx.waitForEvent(
                      "any",
                      LOGIN,
                      EventMatch.<Login>key("u1").since(World.START),
                      Duration.ofHours(1)));
            });
    Scheduler scheduler = start(job);
    RunHandle handle = scheduler.enqueue(job, "in");
    after(Duration.ofMinutes(1));
    scheduler.send(LOGIN, login(1));
    after(Duration.ofMinutes(1));
    assertThat(calls).isEmpty();
    assertThat(world.state(handle.id())).isInstanceOf(RunState.Waiting.class);
    scheduler.send(LOGIN, login(9));
    after(Duration.ofMinutes(1));

    assertThat(calls)
        .containsExactly("Login[user=u1, device=9] at PT2M", "Login[user=u1, device=1] at PT2M");
    assertThat(status(handle)).isEqualTo(Status.COMPLETED);
  }

  @Test
  void predicateThatNothingFits_isOverInTime() {
    Job<String> job =
        job(
            ctx ->
                took(
                    ctx.waitForEvent(
                        "device 9",
                        LOGIN,
                        EventMatch.<Login>key("u1").and(login -> login.device() == 9),
                        Duration.ofHours(1))));
    Scheduler scheduler = start(job);
    scheduler.enqueue(job, "in");
    for (int i = 0; i < 5; i++) {
      after(Duration.ofMinutes(1));
      scheduler.send(LOGIN, login(i));
    }
    after(Duration.ofHours(2));

    assertThat(calls).containsExactly("nothing at PT1H");
  }

  // The first of several

  @Test
  void waitForAny_takesTheFirst_andLeavesTheOthersFree() {
    Job<String> job =
        job(
            ctx -> {
              Optional<Event<?>> first =
                  ctx.waitForAny(
                      "either",
                      Duration.ofHours(1),
                      Awaited.event(LOGIN, "u1"),
                      Awaited.event(PAID, "o-1"));
              took(first);
              assertThat(first.flatMap(event -> event.as(LOGIN))).isEmpty();
              assertThat(first.flatMap(event -> event.as(PAID))).isPresent();
              took(
                  ctx.waitForEvent(
                      "login",
                      LOGIN,
                      EventMatch.<Login>key("u1").since(World.START),
                      Duration.ofHours(1)));
            });
    Scheduler scheduler = start(job);
    RunHandle handle = scheduler.enqueue(job, "in");
    after(Duration.ofMinutes(1));
    world.faults.beforeNext(
        "exchange", // so that both are there before the handler looks
        any -> {
          scheduler.send(PAID, new Order("o-1", 3));
          scheduler.send(LOGIN, login(1));
        });
    after(Duration.ofMinutes(1));

    assertThat(calls).hasSize(2);
    assertThat(calls.get(0)).startsWith("Order[id=o-1, total=3]");
    assertThat(calls.get(1)).startsWith("Login[user=u1, device=1]");
    assertThat(status(handle)).isEqualTo(Status.COMPLETED);
  }

  @Test
  void waitForAny_thatNothingEnds_isOverInTime() {
    Job<String> job =
        job(
            ctx ->
                took(
                    ctx.waitForAny(
                        "either",
                        Duration.ofHours(1),
                        Awaited.event(LOGIN, "u1"),
                        Awaited.event(PAID, "o-1"))));
    Scheduler scheduler = start(job);
    scheduler.enqueue(job, "in");
    after(Duration.ofHours(2));

    assertThat(calls).containsExactly("nothing at PT1H");
    assertThat(world.store.openWaits(LOGIN.name(), Optional.of("u1"), Optional.empty(), 10))
        .isEmpty();
  }

  // At any moment

  /** Sends right before a call to the store that the wait makes. */
  private void assertTaken_ifSentBefore(String call, boolean deliveredToo) {
    Job<String> job = job(waiting("login")::accept);
    Scheduler scheduler = start(job);
    RunHandle handle = scheduler.enqueue(job, "in");
    world.faults.beforeNext(
        call,
        any -> {
          scheduler.send(LOGIN, login(1));
          if (deliveredToo) {
            deliver();
          }
        });
    after(Duration.ofMinutes(10));

    assertThat(calls).containsExactly("Login[user=u1, device=1] at PT0S");
    assertThat(status(handle)).isEqualTo(Status.COMPLETED);
  }

  /** Does what another node's delivery does, in the midst of a pass of this one. */
  private void deliver() {
    try (Scheduler other = world.builder(world.time.newHost()).name("other").start()) {
      world.time.runDue();
    }
  }

  @Test
  void eventBeforeTheWaitIsCommitted_isTaken() {
    assertTaken_ifSentBefore("record", false);
  }

  @Test
  void eventAfterTheWaitIsCommitted_isTaken() {
    assertTaken_ifSentBefore("lookBack", false);
  }

  @Test
  void eventAfterTheLook_isTaken() {
    Job<String> job =
        job(
            ctx -> {
              if (ctx.fence() == 1) {
                world.faults.beforeNext(
                    "lookBack",
                    look ->
                        world.faults.beforeNext(
                            "exchange", any -> started.get(0).send(LOGIN, login(1))));
              }
              waiting("login").accept(ctx);
            });
    RunHandle handle = start(job).enqueue(job, "in");
    after(Duration.ofMinutes(10));

    assertThat(calls).containsExactly("Login[user=u1, device=1] at PT0S");
    assertThat(status(handle)).isEqualTo(Status.COMPLETED);
  }

  @Test
  void nodeThatDiesBetweenTheWaitAndItsLook_missesNothing() {
    var host = world.time.newHost();
    Job<String> job = job(waiting("login")::accept);
    Scheduler first = world.builder(host, job).start();
    first.enqueue(job, "in");
    world.faults.beforeNext(
        "lookBack",
        any -> {
          first.send(LOGIN, login(1));
          host.kill();
          throw new IllegalStateException("this node is dead");
        });
    after(Duration.ofMinutes(1));
    assertThat(calls).isEmpty();

    start(job);
    after(Duration.ofMinutes(1));

    assertThat(calls).hasSize(1);
    assertThat(calls.get(0)).startsWith("Login[user=u1, device=1]");
  }

  @Test
  void eventAtTheVeryEndOfTheWait_orNothing_butNotBoth() {
    Job<String> job =
        job(
            ctx -> {
              if (ctx.fence() == 2) { // its time is over: it looks once more, then settles it
                world.faults.beforeNext("record", any -> started.get(0).send(LOGIN, login(1)));
              }
              waiting("login").accept(ctx);
              ctx.sleep("nap", Duration.ofMinutes(1));
              waiting("second").accept(ctx);
            });
    start(job).enqueue(job, "in");
    after(Duration.ofHours(3));

    assertThat(calls.get(0)).isEqualTo("nothing at PT1H");
    assertThat(calls.get(1)).startsWith("nothing");
  }

  // What is refused

  @Test
  void keyOfATypeWithoutOne_isRefused() {
    EventType<Login> plain = EventType.of("user/login", Login.class);
    Job<String> job =
        job(
            ctx ->
                assertThatThrownBy(
                        () -> ctx.waitForEvent("login", plain, "u1", Duration.ofHours(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                        "event \"user/login\" has no key to wait for; give it one by"
                            + " keyedBy(...)"));
    Scheduler scheduler = start(job);
    RunHandle handle = scheduler.enqueue(job, "in");
    world.time.runDue();

    assertThat(status(handle)).isEqualTo(Status.COMPLETED);
  }

  @Test
  void waitThatStoodForAnotherEvent_isRefused() {
    Job<String> job =
        job(
            ctx -> {
              if (ctx.fence() == 1) {
                waiting("wait").accept(ctx);
              }
              assertThatThrownBy(() -> ctx.waitForEvent("wait", PAID, "o-1", Duration.ofHours(1)))
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessage(
                      "wait \"wait\" waited for user/login when run "
                          + ctx.runId()
                          + " came by before, and waits for order/paid now; what has changed needs"
                          + " another id");
            });
    Scheduler scheduler = start(job);
    RunHandle handle = scheduler.enqueue(job, "in");
    after(Duration.ofHours(2));

    assertThat(status(handle)).isEqualTo(Status.COMPLETED);
  }
}
