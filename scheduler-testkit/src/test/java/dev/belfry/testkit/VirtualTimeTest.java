// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.run.RunId;
import dev.belfry.testkit.VirtualTime.VirtualHost;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {
  private static final Instant START = Instant.parse("2026-03-02T08:00:00Z");
  private static final RunId RUN = RunId.of(1, 1, 1);

  private final VirtualTime time = VirtualTime.from(START, 7);
  private final VirtualHost host = time.newHost();
  private final List<String> seen = new ArrayList<>();

  private void note(String what) {
    seen.add(what + " at " + Duration.between(START, time.now()));
  }

  @Test
  void advance_doesWhatFallsDueInOrderOfTimeAndThenOfPosting() {
    host.after(Duration.ofSeconds(3), () -> note("c"));
    host.after(Duration.ofSeconds(2), () -> host.post(() -> note("b")));
    host.after(Duration.ofSeconds(2), () -> note("a"));
    host.after(Duration.ofSeconds(-1), () -> note("now"));

    time.advance(Duration.ofSeconds(3));

    assertThat(seen).containsExactly("now at PT0S", "a at PT2S", "b at PT2S", "c at PT3S");
  }

  @Test
  void after_thatIsCancelled_doesNothing() {
    host.after(Duration.ofSeconds(1), () -> note("a")).cancel();

    time.advance(Duration.ofSeconds(2));

    assertThat(seen).isEmpty();
    assertThat(time.now()).isEqualTo(START.plusSeconds(2));
  }

  @Test
  void kill_dropsWhatAHostHadPlannedAndNoOther() {
    VirtualHost other = time.newHost();
    host.after(Duration.ofSeconds(1), () -> note("killed"));
    other.after(Duration.ofSeconds(1), () -> note("other"));

    host.kill();
    time.advance(Duration.ofSeconds(1));

    assertThat(seen).containsExactly("other at PT1S");
  }

  @Test
  void await_movesTimeNoFurtherThanItMust() {
    var done = new CompletableFuture<Void>();
    host.after(Duration.ofSeconds(4), () -> done.complete(null));

    assertThat(host.await(done, Duration.ofSeconds(10))).isTrue();
    assertThat(time.now()).isEqualTo(START.plusSeconds(4));
    assertThat(host.await(new CompletableFuture<>(), Duration.ofSeconds(10))).isFalse();
    assertThat(time.now()).isEqualTo(START.plusSeconds(14));
  }

  @Test
  void pausedHandler_goesOnWhenItIsResumed() {
    host.work(RUN, () -> pause("resumed"), () -> note("ended"));
    time.advance(Duration.ofSeconds(5));
    assertThat(seen).isEmpty();

    time.resumeAll();
    time.runDue();

    assertThat(seen).containsExactly("resumed at PT5S", "ended at PT5S");
  }

  @Test
  void pausedHandler_isToldOfItsInterrupt() {
    var running = host.work(RUN, () -> pause("resumed"), () -> note("ended"));
    time.advance(Duration.ofSeconds(5));
    assertThat(running.stack()).contains("VirtualTimeTest.pause");

    running.interrupt();
    time.runDue();

    assertThat(seen).containsExactly("interrupted by the scheduler at PT5S", "ended at PT5S");
    assertThat(running.stack()).isEmpty();
  }

  @Test
  void interruptThatAHandlerLeaves_isNotTheNextOnes() {
    host.work(RUN, () -> Thread.currentThread().interrupt(), () -> note("ended"));
    host.work(RUN, () -> note("told: " + Thread.currentThread().isInterrupted()), () -> {});

    time.runDue();

    assertThat(seen).containsExactly("told: false at PT0S", "ended at PT0S");
  }

  @Test
  void failureOfAnEvent_isTheCallers_whoeverDrives() {
    host.work(RUN, () -> {}, () -> host.post(this::fail));

    assertThatThrownBy(time::runDue)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("planned");
  }

  private void fail() {
    throw new IllegalStateException("planned");
  }

  @Test
  void handlerThatPausesWhileAnotherWaits_letsBothComeToTheirEnd() {
    var told = new CompletableFuture<Void>();
    host.work(
        RUN,
        () -> {
          host.work(RUN, () -> pause("inner"), () -> note("inner ended"));
          host.after(Duration.ofSeconds(1), time::resumeAll);
          host.after(Duration.ofSeconds(2), () -> told.complete(null));
          note("told: " + host.await(told, Duration.ofSeconds(5)));
        },
        () -> note("outer ended"));

    time.advance(Duration.ofSeconds(10));

    assertThat(seen)
        .containsExactly(
            "inner at PT1S", "inner ended at PT1S", "told: true at PT2S", "outer ended at PT2S");
  }

  private void pause(String then) {
    try {
      time.pause();
      note(then);
    } catch (InterruptedException told) {
      note(told.getMessage());
    }
  }

  @Test
  void pause_outsideAHandler_isRefused() {
    assertThatThrownBy(time::pause)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("only a handler of this time line can pause");
  }

  @Test
  void pause_inAHandlerOfAnotherTimeLine_isRefused() {
    VirtualTime other = VirtualTime.from(START, 7);
    host.work(
        RUN,
        () -> assertThatThrownBy(other::pause).isInstanceOf(IllegalStateException.class),
        () -> note("ended"));

    time.runDue();

    assertThat(seen).containsExactly("ended at PT0S");
  }

  /** Takes ten seconds in real time: so long a handler may compute. */
  @Test
  void handlerThatBlocksForReal_isReportedWithItsStack() {
    var never = new CountDownLatch(1);
    host.work(RUN, () -> block(never), () -> note("ended"));

    assertThatThrownBy(time::runDue)
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("a handler blocks for real; use VirtualTime.pause() instead\n\tat ")
        .hasMessageContaining("VirtualTimeTest.block");
    never.countDown();
  }

  private static void block(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException told) {
      throw new AssertionError(told);
    }
  }
}
