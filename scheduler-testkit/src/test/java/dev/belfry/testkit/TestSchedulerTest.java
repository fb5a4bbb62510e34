// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.StepOptions;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.run.Target;
import dev.belfry.schedule.Schedule;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs are tested on time that moves when told, and what is not as expected is said in full. */
class TestSchedulerTest {
  private static final Instant START = Instant.parse("2026-03-02T08:00:00Z");
  private static final EventType<String> PAID =
      EventType.of("paid", String.class).keyedBy(order -> order);

  private final TestScheduler t = TestScheduler.start(START);
  private final List<String> calls = new ArrayList<>();

  private final Job<String> billing =
      Job.named("billing", String.class)
          .retry(RetryPolicy.fixed(Duration.ofSeconds(10)).withMaxAttempts(3))
          .handler(
              (ctx, order) -> {
                ctx.step(
                    "charge",
                    StepOptions.retry(RetryPolicy.fixed(Duration.ofMinutes(1))),
                    Integer.class,
                    step -> {
                      call("charge " + order);
                      if (step.attempt() < 3) {
                        throw new IOException("declined");
                      }
                      return 7;
                    });
                ctx.sleep("wait", Duration.ofDays(1));
                ctx.note("order", order);
              });

  private void call(String what) {
    calls.add(what + " at " + Duration.between(START, t.now()));
  }

  @AfterEach
  void close() {
    t.close();
  }

  // Time

  @Test
  void runDue_doesWhatIsDueAndTimeStandsStill() {
    t.register(billing).enqueue(billing, "a");
    assertThat(calls).isEmpty();

    t.runDue();

    assertThat(calls).containsExactly("charge a at PT0S");
    assertThat(t.now()).isEqualTo(START);
  }

  @Test
  void advance_doesEachThingAtItsTime() {
    t.register(billing).enqueue(billing, "a");

    t.advance(Duration.ofMinutes(5));

    assertThat(calls).containsExactly("charge a at PT0S", "charge a at PT1M", "charge a at PT2M");
    assertThat(t.now()).isEqualTo(START.plusSeconds(300));
  }

  @Test
  void advance_refusesToGoBack() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> t.advanceTo(START.minusSeconds(1)))
        .withMessage("time goes forward only, was PT-1S");
  }

  @Test
  void advanceToNextRun_goesToWhereAHandlerStartsOrGoesOn() {
    Job<Void> nightly =
        Job.named("nightly")
            .schedule(Schedule.daily(LocalTime.of(2, 30), ZoneId.of("Europe/Berlin")))
            .handler(ctx -> call("nightly"));
    t.register(billing, nightly).enqueue(billing, "a");

    var starts = new ArrayList<Instant>();
    for (int i = 0; i < 5; i++) {
      t.advanceToNextRun();
      starts.add(t.now());
    }

    assertThat(starts)
        .containsExactly(
            START,
            START.plusSeconds(60),
            START.plusSeconds(120),
            Instant.parse("2026-03-03T01:30:00Z"),
            START.plusSeconds(120).plus(Duration.ofDays(1)));
  }

  @Test
  void advanceToNextRun_failsIfNothingIsToStart() {
    t.register(billing);

    assertThatThrownBy(t::advanceToNextRun)
        .isInstanceOf(AssertionError.class)
        .hasMessage("nothing starts any more; there is:\nno run");
    assertThat(t.now()).isEqualTo(START);
  }

  @Test
  void drain_goesOnUntilAllRunsHaveEnded_andWaitsForNoTick() {
    Job<Void> yearly =
        Job.named("yearly").schedule(Schedule.cron("0 0 1 1 *")).handler(ctx -> call("yearly"));
    t.register(billing, yearly);
    t.enqueue(billing, "a");
    t.enqueue(billing, "b");

    t.drain();

    assertThat(t.runsOf("billing")).extracting(run -> run.status()).containsOnly(Status.COMPLETED);
    assertThat(t.now()).isEqualTo(START.plusSeconds(120).plus(Duration.ofDays(1)));
  }

  @Test
  void drain_failsIfARunDoesNotEnd() {
    t.register(billing).scheduler().pause(Target.job("billing"), "test");
    t.runDue();
    RunHandle handle = t.enqueue(billing, "a");

    assertThatThrownBy(t::drain)
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            "runs are left that do not end; there is:\n2026-03-02T08:00:00Z job \"billing\", run "
                + handle.id()
                + ": SCHEDULED at 2026-03-02T08:00:00Z");
  }

  @Test
  void drain_letsTheTimeOfAWaitComeToItsEnd() {
    Job<String> waiting =
        Job.named("waiting", String.class)
            .handler(
                (ctx, order) -> {
                  ctx.waitForEvent("paid", PAID, order, Duration.ofDays(3));
                  call("end");
                });
    t.register(waiting).enqueue(waiting, "a");

    t.drain();

    assertThat(calls).containsExactly("end at PT72H");
  }

  @Test
  void everyDayOfADailyJob_hasItsRuns() {
    Job<Void> daily =
        Job.named("daily")
            .schedule(Schedule.daily(LocalTime.of(2, 30), ZoneId.of("Europe/Berlin")))
            .retry(RetryPolicy.fixed(Duration.ofMinutes(1)))
            .handler(
                ctx -> {
                  call("daily");
                  if (ctx.attempt() == 1) {
                    throw new IOException("the first time");
                  }
                });
    t.register(daily);

    t.advance(Duration.ofDays(60)); // over a change of the clock

    assertThat(calls).hasSize(2 * 60);
  }

  // Restart

  @Test
  void register_laterIsAsARestart_thatKeepsTheRuns() {
    t.register(billing).enqueue(billing, "a");
    t.runDue();

    t.register(Job.named("other", String.class).handler((ctx, input) -> {}));
    t.drain();

    t.assertThatRun("billing").completed();
  }

  @Test
  void crash_leavesWhatTheNodeWasAbout_toTheNext() {
    Job<String> dying =
        Job.named("dying", String.class)
            .handler(
                (ctx, input) -> {
                  call("begin");
                  if (ctx.attempt() == 1) {
                    t.time().pause(); // until the node is dead, and for ever
                  }
                });
    t.register(dying).enqueue(dying, "a");
    t.runDue();

    t.crash();
    t.drain();

    t.assertThatRun("dying").completed().attempts(2);
    assertThat(calls).hasSize(2).first().isEqualTo("begin at PT0S");
  }

  @Test
  void configure_saysMoreOfTheScheduler() {
    var names = new ArrayList<String>();
    t.configure(builder -> builder.listener(event -> names.add(event.getClass().getSimpleName())));

    t.run(billing, "a").completed();

    assertThat(names).contains("RunStarted");
  }

  // Modes

  @Test
  void runInline_doesWhatIsEnqueuedAtOnce_butNothingThatIsToCome() {
    t.register(billing).runInline();

    t.enqueue(billing, "a");

    assertThat(calls).containsExactly("charge a at PT0S");
    t.assertThatRun("billing").is(Status.SCHEDULED).step("charge").pending();
  }

  @Test
  void replayAfterEachStep_showsCodeThatDoesNotBearIt() {
    Job<String> counting =
        Job.named("counting", String.class)
            .handler(
                (ctx, input) -> {
                  ctx.step("count " + calls.size(), () -> call("count"));
                  call("end");
                });
    t.replayAfterEachStep();

    t.register(counting).enqueue(counting, "a");
    t.runDue();

    assertThat(calls).filteredOn(call -> call.startsWith("count")).hasSizeGreaterThan(1);
  }

  // Zones

  @Test
  void clocksOfAZone_leadTheTest() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");

    t.advanceTo(LocalDateTime.of(2026, 3, 28, 2, 30), berlin);
    assertThat(t.now()).isEqualTo(Instant.parse("2026-03-28T01:30:00Z"));

    t.advanceTo(t.nextClockChange(berlin).getInstant());
    assertThat(t.localTime(berlin)).isEqualTo(LocalDateTime.of(2026, 3, 29, 3, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> t.nextClockChange(ZoneId.of("UTC")))
        .withMessage("the clocks of UTC are not changed any more");
  }

  // Assertions

  @Test
  void assertions_holdOfWhatIsSo() {
    t.register(billing).enqueue(billing, "a");
    t.advance(Duration.ofMinutes(5));
    t.assertThatRun("billing").is(Status.SCHEDULED).step("wait").pending();

    t.drain();

    t.assertThatRun("billing")
        .completed()
        .attempts(1)
        .note("order", "a")
        .step("charge")
        .done()
        .returned("7")
        .attempts(3);
  }

  @Test
  void failureOfAnAssertion_saysAllThatBecameOfTheRun() {
    RunHandle handle = t.register(billing).enqueue(billing, "a");
    t.runDue();

    String history =
        "; there is:\n2026-03-02T08:00:00Z job \"billing\", run "
            + handle.id()
            + ": SCHEDULED at 2026-03-02T08:01:00Z\n"
            + "  2026-03-02T08:00:00Z attempt 1 SUSPENDED, try 2 of step \"charge\"\n"
            + "  step \"charge\": pending until 2026-03-02T08:01:00Z, last java.io.IOException:"
            + " declined";
    String run = "run " + handle.id() + " of job \"billing\" ";
    RunAssert assertion = t.assertThatRun(handle.id());
    assertThatThrownBy(assertion::completed)
        .isInstanceOf(AssertionError.class)
        .hasMessage(run + "is SCHEDULED at 2026-03-02T08:01:00Z, expected COMPLETED" + history);
    assertThatThrownBy(() -> assertion.attempts(2))
        .hasMessage(run + "has had 1 attempts, expected 2" + history);
    assertThatThrownBy(() -> assertion.note("order", "a"))
        .hasMessage(run + "has no note \"order\", expected \"a\"" + history);
    assertThatThrownBy(() -> assertion.step("wait"))
        .hasMessage(run + "has no step \"wait\", expected one" + history);
    assertThatThrownBy(() -> assertion.step("charge").done())
        .hasMessage(
            run
                + "has a step \"charge\" that is pending until 2026-03-02T08:01:00Z, last"
                + " java.io.IOException: declined, expected it to be done"
                + history);
    assertThatThrownBy(() -> assertion.step("charge").attempts(3))
        .hasMessage(run + "has a step \"charge\" that has had 1 tries, expected 3" + history);
  }

  @Test
  void failedRun_isAskedForItsMessage() {
    Job<String> failing =
        Job.named("failing", String.class)
            .retry(RetryPolicy.none())
            .handler(
                (ctx, input) -> {
                  throw new IOException("no");
                });
    RunHandle handle = t.register(failing).enqueue(failing, "a");
    t.runDue();

    t.assertThatRun("failing").failed().failedWith("no");
    assertThatThrownBy(() -> t.assertThatRun("failing").failedWith("yes"))
        .hasMessageStartingWith(
            "run " + handle.id() + " of job \"failing\" failed with \"no\", expected \"yes\"");
  }

  @Test
  void runThatIsNotThere_isAskedForInVain() {
    t.register(billing);
    RunId unknown = RunId.of(1, 2, 3);

    assertThatThrownBy(() -> t.assertThatRun("billing"))
        .isInstanceOf(AssertionError.class)
        .hasMessage("job \"billing\" has 0 runs, expected 1; there is:\nno run");
    assertThatThrownBy(() -> t.assertThatRun(unknown))
        .isInstanceOf(AssertionError.class)
        .hasMessage("there is no run " + unknown + "; there is:\nno run");
  }

  @Test
  void enqueued_listsWhatThereIs() {
    t.register(billing);
    RunHandle handle = t.enqueue(billing, "a");

    t.enqueued("billing").times(1).with("\"a\"").at(START);

    String history =
        "; there is:\n2026-03-02T08:00:00Z job \"billing\", run "
            + handle.id()
            + ": SCHEDULED at 2026-03-02T08:00:00Z";
    EnqueuedAssert enqueued = t.enqueued("billing");
    assertThatThrownBy(() -> enqueued.with("\"b\""))
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            "job \"billing\" has 1 runs that have not ended, with \"a\", expected one with \"b\""
                + history);
    assertThatThrownBy(() -> enqueued.times(2))
        .hasMessage(
            "job \"billing\" has 1 runs that have not ended, with \"a\", expected 2" + history);
    assertThatThrownBy(() -> enqueued.at(START.plusSeconds(1)))
        .hasMessage(
            "job \"billing\" has 1 runs that have not ended, with \"a\", expected one at"
                + " 2026-03-02T08:00:01Z"
                + history);
    assertThatThrownBy(() -> t.enqueued("shipping"))
        .hasMessage(
            "job \"shipping\" has 0 runs that have not ended, expected at least one" + history);
  }

  @Test
  void event_startsItsJobs() {
    Job<String> shipping =
        Job.named("shipping", String.class).onEvent(PAID).handler((ctx, order) -> call(order));
    t.register(shipping);

    t.send(PAID, "order 7");
    t.runDue();

    assertThat(calls).containsExactly("order 7 at PT0S");
  }
}
