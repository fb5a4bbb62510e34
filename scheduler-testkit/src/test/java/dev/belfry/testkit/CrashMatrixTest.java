// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.Job;
import dev.belfry.StepFailedException;
import dev.belfry.StepOptions;
import dev.belfry.retry.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A scenario is done once for each moment at which a node may die, and must hold each time. */
class CrashMatrixTest {
  private static Job<String> mailing(List<String> mails) {
    return Job.named("mailing", String.class)
        .handler((ctx, user) -> ctx.step("mail", () -> mails.add(ctx.stepKey())));
  }

  @Test
  void scenarioThatHolds_isDoneOnceAndOnceForEachMoment() {
    var times = new AtomicInteger();

    int crashes =
        CrashMatrix.of(
                t -> {
                  times.incrementAndGet();
                  var mails = new ArrayList<String>();
                  t.run(mailing(mails), "ann").completed();
                  assertThat(mails.stream().distinct()).hasSize(1);
                })
            .run();

    assertThat(crashes).isGreaterThan(10).isEqualTo(times.get() - 1);
  }

  @Test
  void effectThatIsNotRepeatable_isFound() {
    CrashMatrix matrix =
        CrashMatrix.of(
            t -> {
              var mails = new ArrayList<String>();
              t.run(mailing(mails), "ann").completed();
              assertThat(mails).as("mails").hasSize(1);
            });

    assertThatThrownBy(matrix::run)
        .isInstanceOf(AssertionError.class)
        .hasMessageMatching(
            "(?s)the node died before call \\d+ of the store, record; there is:\n.*attempt 1"
                + " LOST.*")
        .hasRootCauseInstanceOf(AssertionError.class);
  }

  @Test
  void otherEndOfARun_isFound_unlessItIsSaidThatItMayBe() {
    CrashMatrix matrix =
        CrashMatrix.of(
            t -> {
              Job<String> once =
                  Job.named("once", String.class)
                      .retry(RetryPolicy.none())
                      .handler((ctx, in) -> ctx.step("pay", StepOptions.atMostOnce(), () -> {}));
              t.register(once).enqueue(once, "a");
              t.advance(Duration.ofHours(6));
            });

    assertThatThrownBy(matrix::run)
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("the node died ")
        .cause()
        .hasMessage("runs are [once FAILED], without a crash they are [once COMPLETED]");
    assertThat(matrix.whereEndsMayDiffer().run()).isGreaterThan(10);
  }

  @Test
  void runThatIsLeftRunning_isFound() {
    CrashMatrix matrix =
        CrashMatrix.of(
            t -> {
              var mails = new ArrayList<String>();
              Job<String> job = mailing(mails);
              t.register(job).enqueue(job, "ann");
              t.advance(Duration.ofMinutes(30)); // too short for another node to take over
            });

    assertThatThrownBy(matrix.whereEndsMayDiffer()::run)
        .isInstanceOf(AssertionError.class)
        .cause()
        .hasMessageMatching("run .* is still RUNNING");
  }

  @Test
  void scenarioThatFailsByItself_isToldApart() {
    CrashMatrix matrix = CrashMatrix.of(t -> t.assertThatRun("nothing"));

    assertThatThrownBy(matrix::run)
        .isInstanceOf(AssertionError.class)
        .hasMessage("the scenario fails without a crash")
        .cause()
        .hasMessage("job \"nothing\" has 0 runs, expected 1; there is:\nno run");
  }

  @Test
  void scenarioThatIsAnotherEachTime_isToldApart() {
    var times = new AtomicInteger();
    CrashMatrix matrix =
        CrashMatrix.of(
            t -> {
              if (times.getAndIncrement() == 0) {
                t.run(mailing(new ArrayList<>()), "ann");
              }
            });

    assertThatThrownBy(matrix.whereEndsMayDiffer()::run)
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            "the scenario is not the same each time: moment 3, at which the node was to die, has"
                + " not come");
  }

  @Test
  void deadNode_doesNothingMore() {
    int crashes =
        CrashMatrix.of(
                t -> {
                  var order = new ArrayList<String>();
                  Job<String> job =
                      Job.named("job", String.class)
                          .handler(
                              (ctx, in) -> {
                                try {
                                  ctx.step("pay", StepOptions.atMostOnce(), () -> order.add("pay"));
                                } catch (StepFailedException interrupted) {
                                  order.add("ask");
                                }
                              });
                  t.run(job, "a").completed();
                  assertThat(order).as("a payment that is begun twice").doesNotHaveDuplicates();
                })
            .run();

    assertThat(crashes).isPositive();
  }
}
