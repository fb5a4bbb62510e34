// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.StepOptions;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is told to go wrong goes wrong, and no more than that. */
class FaultsTest {
  private static final Instant START = Instant.parse("2026-03-02T08:00:00Z");
  private static final EventType<String> PLACED = EventType.of("placed", String.class);

  private final TestScheduler t = TestScheduler.start(START);
  private final List<String> calls = new ArrayList<>();

  private final Job<String> billing =
      Job.named("billing", String.class)
          .onEvent(PLACED)
          .retry(RetryPolicy.fixed(Duration.ofMinutes(1)).withMaxAttempts(3))
          .handler(
              (ctx, order) -> {
                call("begin");
                ctx.step(
                    "charge",
                    StepOptions.retry(RetryPolicy.fixed(Duration.ofSeconds(1))),
                    () -> call("charge"));
                ctx.step("mail", () -> call("mail"));
              });

  private void call(String what) {
    calls.add(what + " at " + Duration.between(START, t.now()));
  }

  @AfterEach
  void close() {
    t.close();
  }

  // Bodies

  @Test
  void stepThatFailsTwice_isTriedAThirdTime() {
    t.faults().step("charge").failTimes(2, () -> new IOException("declined"));

    t.run(billing, "a").completed().attempts(1).step("charge").attempts(3);

    assertThat(calls)
        .containsExactly(
            "begin at PT0S", "begin at PT1S", "begin at PT2S", "charge at PT2S", "mail at PT2S");
  }

  @Test
  void handlerThatFails_hasAnotherAttempt() {
    t.faults().handler("billing").failTimes(1, () -> new IOException("no network"));

    t.run(billing, "a").completed().attempts(2);

    assertThat(calls).containsExactly("begin at PT1M", "charge at PT1M", "mail at PT1M");
  }

  @Test
  void failWhen_choosesTheCalls() {
    t.faults().step("mail").failWhen(call -> call.job().equals("billing"), IOException::new);

    t.run(billing, "a").failed().attempts(3);

    assertThat(calls).contains("charge at PT0S").doesNotContain("mail at PT0S");
  }

  @Test
  void mend_endsWhatWasPlanned() {
    t.faults().step("mail").failWhen(any -> true, IOException::new);
    t.faults().store().goDown();

    t.faults().mend();

    t.run(billing, "a").completed().attempts(1);
  }

  @Test
  void leaseThatIsLostDuringAStep_hasAnotherNodeDoItAgain_andOneResultIsKept() {
    t.register(billing).faults().step("mail").loseLease();

    t.run(billing, "a").completed().attempts(2);
    t.advance(Duration.ofHours(3));

    assertThat(calls)
        .filteredOn(call -> call.startsWith("mail"))
        .as("one of the node that took over, one that came too late")
        .hasSize(2);
    assertThat(calls).filteredOn(call -> call.startsWith("charge")).hasSize(1);
  }

  @Test
  void nodeThatPausesInAStep_goesOnAsIfNoTimeHadPassed() {
    t.register(billing).faults().step("mail").pauseNode(Duration.ofMinutes(10));

    t.run(billing, "a").completed().attempts(1);

    assertThat(calls).containsExactly("begin at PT0S", "charge at PT0S", "mail at PT10M");
  }

  // The node

  @Test
  void nodeThatPauses_doesNothingUntilItGoesOn() {
    t.register(billing).runDue();
    t.faults().pauseNode(Duration.ofMinutes(10));

    t.enqueue(billing, "a");
    t.advance(Duration.ofMinutes(9));
    assertThat(calls).isEmpty();
    t.advance(Duration.ofMinutes(1));

    assertThat(calls).containsExactly("begin at PT10M", "charge at PT10M", "mail at PT10M");
  }

  @Test
  void clockSkewOfTheNode_decidesNothing() {
    t.register(billing).faults().clockSkew(Duration.ofHours(-5));

    t.run(billing, "a").completed();

    assertThat(t.scheduler().run(t.runsOf("billing").get(0).id()).orElseThrow().createdAt())
        .isEqualTo(START);
    assertThat(calls).containsExactly("begin at PT0S", "charge at PT0S", "mail at PT0S");
  }

  @Test
  void latency_delaysWhatTheEngineDoes() {
    t.register(billing).runDue();
    t.faults().latency(Duration.ofSeconds(2));

    t.enqueue(billing, "a");
    t.drain();

    assertThat(calls).containsExactly("begin at PT2S", "charge at PT2S", "mail at PT2S");
  }

  // The store

  @Test
  void answersThatAreLost_areAskedForAgain() {
    t.register(billing).runDue();
    t.faults().store().loseAnswers("exchange", 3);

    t.run(billing, "a").completed().attempts(1);

    assertThat(calls).hasSize(3);
  }

  @Test
  void storeThatIsDown_failsWhoEnqueues_andIsWaitedForByTheNode() {
    t.register(billing).enqueue(billing, "a");
    t.faults().store().goDown();
    assertThatThrownBy(() -> t.enqueue(billing, "b"))
        .isInstanceOf(StoreException.class)
        .hasMessage("the store is down");
    t.advance(Duration.ofMinutes(5));
    assertThat(calls).isEmpty();

    t.faults().store().comeBack();
    t.drain();

    t.assertThatRun("billing").completed().attempts(1);
  }

  @Test
  void eventThatIsDeliveredTwice_startsOneRun() {
    t.register(billing).faults().deliverTwice();

    t.send(PLACED, "a");
    t.drain();

    t.assertThatRun("billing").completed();
    assertThat(t.faults().store().calls("deliver")).isPositive();
  }

  @Test
  void poisonedInput_isPutAside() {
    t.register(billing);

    RunId poisoned = t.faults().poison("billing");
    t.runDue();

    t.assertThatRun(poisoned).is(Status.BLOCKED);
    assertThat(calls).isEmpty();
  }

  @Test
  void storeFault_isRefusedForAMethodThatIsNone() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> t.faults().store().fail("claim", 1))
        .withMessage("JobStore has no method \"claim\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> t.faults().store().fail("exchange", 0))
        .withMessage("times must be at least 1, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> t.faults().step("mail").failTimes(-1, IOException::new))
        .withMessage("times must be at least 1, was -1");
  }

  // Handlers

  @Test
  void handlerThatCatchesWhatEndsAPass_failsTheTest() {
    Job<String> greedy =
        Job.named("greedy", String.class)
            .handler(
                (ctx, input) -> {
                  try {
                    ctx.sleep("nap", Duration.ofHours(1));
                  } catch (Throwable swallowed) {
                    call("caught");
                  }
                });
    t.register(greedy).enqueue(greedy, "a");

    assertThatThrownBy(t::runDue)
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            "the handler of job \"greedy\" caught what ends a pass, at sleep \"nap\" of PT1H;"
                + " let Errors pass: catch exceptions, not Throwable");
  }
}
