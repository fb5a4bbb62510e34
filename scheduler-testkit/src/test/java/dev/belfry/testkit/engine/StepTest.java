// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.Job;
import dev.belfry.JobContext;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.StepFailedException;
import dev.belfry.StepOptions;
import dev.belfry.retry.NonRetryableException;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Failure;
import dev.belfry.run.Pass;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.run.TypeRef;
import dev.belfry.store.Memo;
import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoKind;
import dev.belfry.store.MemoValue;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A step is called until it has succeeded once, and its value is the same in every pass. */
class StepTest {
  record Receipt(String order, List<Instant> times) {}

  private final World world = new World();
  private final List<String> calls = new ArrayList<>();

  /** What a handler of these tests does. */
  private interface Handler {
    void run(JobContext ctx) throws Exception;
  }

  private RunHandle run(Handler handler) {
    return world.runOne(
        Job.named("job", String.class)
            .retry(RetryPolicy.fixed(Duration.ofSeconds(10)).withMaxAttempts(3))
            .handler((ctx, input) -> handler.run(ctx)));
  }

  private static void failFirst(JobContext ctx) throws IOException {
    if (ctx.attempt() == 1) {
      throw new IOException("the first time");
    }
  }

  private List<Memo> memos(RunHandle handle) {
    return world.store.memos(List.of(handle.id())).getOrDefault(handle.id(), List.of());
  }

  private void assertCompleted(RunHandle handle) {
    assertThat(world.state(handle.id())).isInstanceOf(RunState.Completed.class);
  }

  private void assertFailed(RunHandle handle, String message) {
    assertThat(world.state(handle.id()))
        .isInstanceOfSatisfying(
            RunState.Failed.class,
            failed -> assertThat(failed.failure().message()).isEqualTo(message));
  }

  // Once

  @Test
  void laterAttempt_findsTheMemoAndDoesNotCallTheBody() {
    RunHandle handle =
        run(
            ctx -> {
              ctx.step("welcome", () -> calls.add("welcome"));
              failFirst(ctx);
              ctx.step("tips", step -> calls.add("tips"));
            });

    assertThat(calls).containsExactly("welcome", "tips");
    assertThat(world.history(handle.id()))
        .containsExactly(Pass.Event.RETRIED, Pass.Event.COMPLETED);
  }

  @Test
  void value_comesBackAsItIsKept_fromTheFirstPassOn() {
    var given = new Receipt("o-1", new ArrayList<>(List.of(World.START)));
    var received = new ArrayList<Object>();
    run(
        ctx -> {
          received.add(ctx.step("book", Receipt.class, () -> given));
          received.add(ctx.step("list", new TypeRef<List<Integer>>() {}, () -> List.of(1, 2)));
          received.add(String.valueOf((Object) ctx.step("none", String.class, () -> null)));
          failFirst(ctx);
        });

    assertThat(received)
        .containsExactly(given, List.of(1, 2), "null", given, List.of(1, 2), "null");
    assertThat(received.get(0)).isNotSameAs(given);
  }

  @Test
  void bodyThatThrows_failsTheAttempt_asWhatItThrew() {
    RunHandle handle =
        run(
            ctx ->
                ctx.step(
                    "charge",
                    () -> {
                      calls.add("charge");
                      failFirst(ctx);
                    }));

    assertThat(calls).containsExactly("charge", "charge");
    assertThat(world.store.passes(handle.id()).get(0).failure())
        .hasValueSatisfying(failure -> assertThat(failure.type()).isEqualTo("java.io.IOException"));
  }

  @Test
  void usesOfAnId_areToldApartByTheirNumber() {
    var received = new ArrayList<Integer>();
    RunHandle handle =
        run(
            ctx -> {
              for (int i = 1; i <= 2; i++) {
                int number = i;
                received.add(ctx.step("count", Integer.class, () -> 10 * number));
              }
              failFirst(ctx);
            });

    assertThat(received).containsExactly(10, 20, 10, 20);
    assertThat(memos(handle))
        .extracting(Memo::key)
        .containsExactly(new MemoKey("", "count", 0), new MemoKey("", "count", 1));
  }

  @Test
  void eachStep_isOneWrite() {
    run(
        ctx -> {
          ctx.step("a", () -> calls.add("a"));
          ctx.step("b", () -> calls.add("b"));
        });

    assertThat(world.faults.calls("record")).isEqualTo(2);
    assertThat(world.faults.calls("memos")).isZero();
  }

  // Keys

  @Test
  void stepKey_isTheSameInAllAttempts_andDiffersForEachStep() {
    var keys = new ArrayList<String>();
    RunHandle handle =
        run(
            ctx -> {
              ctx.step(
                  "charge",
                  step -> {
                    keys.add(step.key());
                    assertThat(ctx.stepKey()).isEqualTo(step.key());
                    failFirst(ctx);
                  });
              ctx.step("charge", step -> keys.add(step.key()));
            });

    assertThat(keys).hasSize(3).allMatch(key -> key.startsWith(handle.id() + "-"));
    assertThat(keys.get(0)).hasSize(69).isEqualTo(keys.get(1)).isNotEqualTo(keys.get(2));
  }

  @Test
  void stepKey_outsideOfAStep_isRefused() {
    run(
        ctx ->
            assertThatThrownBy(ctx::stepKey)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                    "stepKey() is a step's and was asked for outside of one; idempotencyKey() is"
                        + " the run's"));
  }

  // Tries of its own

  @Test
  void retryPolicyOfAStep_usesNoAttempts_andHoldsNothingBetween() {
    var lastFailures = new ArrayList<Optional<String>>();
    RunHandle handle =
        run(
            ctx ->
                ctx.step(
                    "charge",
                    StepOptions.retry(RetryPolicy.fixed(Duration.ofMinutes(1)).withMaxAttempts(3)),
                    step -> {
                      calls.add("try " + step.attempt() + " at " + world.elapsed());
                      lastFailures.add(step.lastFailure().map(Failure::message));
                      if (step.attempt() < 3) {
                        throw new IOException("no " + step.attempt());
                      }
                    }));

    assertThat(calls).hasSize(3);
    assertThat(calls.get(0)).isEqualTo("try 1 at PT0S");
    assertThat(lastFailures)
        .containsExactly(Optional.empty(), Optional.of("no 1"), Optional.of("no 2"));
    assertThat(world.history(handle.id()))
        .containsExactly(Pass.Event.SUSPENDED, Pass.Event.SUSPENDED, Pass.Event.COMPLETED);
    assertThat(world.store.passes(handle.id())).extracting(Pass::attempt).containsOnly(1);
  }

  @Test
  void stepWhoseTriesAreUsedUp_throwsTheSameInEveryPass_andMayBeCompensated() {
    var thrown = new ArrayList<String>();
    RunHandle handle =
        run(
            ctx -> {
              try {
                ctx.step(
                    "charge",
                    StepOptions.retry(RetryPolicy.fixed(Duration.ofSeconds(1)).withMaxAttempts(2)),
                    step -> {
                      calls.add("charge");
                      throw new IOException("no");
                    });
              } catch (StepFailedException failed) {
                thrown.add(failed.getMessage());
                assertThat(failed.id()).isEqualTo("charge");
                assertThat(failed.interrupted()).isFalse();
              }
              ctx.step("compensate", () -> calls.add("compensate"));
              failFirst(ctx);
            });

    assertThat(calls).containsExactly("charge", "charge", "compensate");
    assertThat(thrown)
        .containsExactly(
            "step \"charge\" has failed: java.io.IOException: no",
            "step \"charge\" has failed: java.io.IOException: no");
    assertCompleted(handle);
  }

  @Test
  void stepWhoseTriesAreUsedUp_failsTheRunWithoutAnotherAttempt() {
    RunHandle handle =
        run(
            ctx ->
                ctx.step(
                    "charge",
                    StepOptions.retry(RetryPolicy.none()),
                    () -> {
                      throw new IOException("no");
                    }));

    assertFailed(handle, "step \"charge\" has failed: java.io.IOException: no");
    assertThat(world.history(handle.id())).containsExactly(Pass.Event.FAILED);
  }

  // Once at most

  @Test
  void atMostOnce_isNotBegunAgainByALaterAttempt() {
    RunHandle handle =
        run(
            ctx -> {
              if (ctx.attempt() == 1) {
                ctx.step(
                    "pay",
                    StepOptions.atMostOnce(),
                    () -> {
                      calls.add("pay");
                      world.faults.refuse("record", any -> true);
                    });
              }
              world.faults.mend();
              assertThatThrownBy(
                      () -> ctx.step("pay", StepOptions.atMostOnce(), () -> calls.add("pay")))
                  .isInstanceOfSatisfying(
                      StepFailedException.class,
                      failed -> assertThat(failed.interrupted()).isTrue())
                  .hasMessage(
                      "step \"pay\" was begun once and cut short; whether it has happened is not"
                          + " known");
            });
    world.faults.mend();

    assertThat(calls).containsExactly("pay");
    assertThat(world.history(handle.id()).get(0)).isEqualTo(Pass.Event.RETRIED);
  }

  @Test
  void atMostOnce_thatThrows_hasFailedForGood() {
    RunHandle handle =
        run(
            ctx ->
                ctx.step(
                    "pay",
                    StepOptions.atMostOnce(),
                    () -> {
                      calls.add("pay");
                      throw new IOException("no");
                    }));

    assertThat(calls).containsExactly("pay");
    assertFailed(handle, "step \"pay\" has failed: java.io.IOException: no");
  }

  @Test
  void atMostOnce_goesWithNoRetryPolicy() {
    assertThatThrownBy(() -> StepOptions.retry(RetryPolicy.none()).withAtMostOnce())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a step that is begun at most once can't be tried again; leave out its retry policy");
  }

  // Time

  @Test
  void stepThatRunsTooLong_isInterruptedAndFails_andThePassGoesOn() {
    RunHandle handle =
        run(
            ctx -> {
              assertThatThrownBy(
                      () ->
                          ctx.step(
                              "slow",
                              StepOptions.timeout(Duration.ofSeconds(30)),
                              step -> {
                                assertThat(step.cancelled()).isFalse();
                                try {
                                  world.time.pause();
                                } finally {
                                  calls.add("cancelled " + step.cancelled());
                                }
                              }))
                  .hasMessage("step \"slow\" ran longer than its timeout of PT30S");
              ctx.step("next", () -> calls.add("next"));
            });

    assertThat(calls).containsExactly("cancelled true", "next");
    assertCompleted(handle);
  }

  // What is refused

  @Test
  void stepInAStep_isRefused() {
    RunHandle handle =
        run(
            ctx -> {
              ctx.step(
                  "outer",
                  () ->
                      assertThatThrownBy(() -> ctx.step("inner", () -> calls.add("inner")))
                          .isInstanceOf(IllegalStateException.class)
                          .hasMessage(
                              "step \"inner\" was begun inside of step \"outer\"; they can't be"
                                  + " nested"));
              ctx.step(
                  "outer",
                  () ->
                      assertThatThrownBy(() -> ctx.sleep("nap", Duration.ofDays(1)))
                          .isInstanceOf(IllegalStateException.class)
                          .hasMessage(
                              "sleep \"nap\" was begun inside of step \"outer\"; they can't be"
                                  + " nested"));
            });

    assertThat(calls).isEmpty();
    assertCompleted(handle);
  }

  @Test
  void stepFromAnotherThread_isRefused() {
    var refusals = new ArrayList<String>();
    RunHandle handle =
        run(
            ctx -> {
              var other =
                  new Thread(
                      () -> {
                        try {
                          ctx.step("a", () -> calls.add("a"));
                        } catch (IllegalStateException refused) {
                          refusals.add(refused.getMessage());
                        }
                      },
                      "other");
              other.start();
              other.join();
            });

    assertThat(calls).isEmpty();
    assertThat(refusals)
        .containsExactly(
            "the context of run "
                + handle.id()
                + " belongs to thread \"pass of run "
                + handle.id()
                + "\", was used by \"other\"");
  }

  @Test
  void idThatStoodForSomethingElse_isRefused() {
    RunHandle handle =
        run(
            ctx -> {
              if (ctx.fence() == 1) {
                ctx.sleep("part", Duration.ofSeconds(1));
              }
              ctx.step("part", () -> calls.add("part"));
            });

    assertFailed(
        handle,
        "step \"part\" was a sleep when run "
            + handle.id()
            + " came by before; what has changed needs another id");
    assertThat(calls).isEmpty();
  }

  @Test
  void valueOfAnotherType_isRefused() {
    RunHandle handle =
        run(
            ctx -> {
              if (ctx.attempt() == 1) {
                ctx.step("count", Integer.class, () -> 7);
              }
              failFirst(ctx);
              ctx.step("count", String.class, () -> "7");
            });

    assertFailed(
        handle,
        "step \"count\" returned Integer when run "
            + handle.id()
            + " came by before, and returns String now; what has changed needs another id");
  }

  @Test
  void storeThatDoesNotTakeTheMemo_endsThePass_whateverTheHandlerDoes() {
    world.faults.refuse("record", any -> true);
    RunHandle handle =
        run(
            ctx -> {
              if (ctx.attempt() == 1) {
                assertThatThrownBy(() -> ctx.step("a", () -> calls.add("a")))
                    .hasMessage("planned: record");
                assertThatThrownBy(() -> ctx.step("b", () -> calls.add("b")))
                    .hasMessage("planned: record");
                assertThat(ctx.cancelled()).isTrue();
                world.faults.mend();
              } else {
                ctx.step("a", () -> calls.add("a"));
              }
            });

    assertThat(calls).containsExactly("a", "a");
    assertThat(world.history(handle.id()))
        .containsExactly(Pass.Event.RETRIED, Pass.Event.COMPLETED);
  }

  @Test
  void memoWhoseAnswerIsLost_isWrittenAgain() {
    world.faults.loseAnswers("record", 3);

    RunHandle handle = run(ctx -> ctx.step("a", () -> calls.add("a")));

    assertThat(calls).containsExactly("a");
    assertThat(world.faults.calls("record")).isEqualTo(4);
    assertThat(world.history(handle.id())).containsExactly(Pass.Event.COMPLETED);
  }

  // Changed code

  @Test
  void renamedStep_isFoundByItsFormerId() {
    RunHandle handle =
        run(
            ctx -> {
              if (ctx.attempt() == 1) {
                ctx.step("old", Integer.class, () -> 7);
              }
              failFirst(ctx);
              int value =
                  ctx.step(
                      "new",
                      StepOptions.formerly("older", "old"),
                      Integer.class,
                      () -> {
                        calls.add("again");
                        return 8;
                      });
              assertThat(value).isEqualTo(7);
            });

    assertThat(calls).isEmpty();
    assertCompleted(handle);
    assertThat(world.store.passes(handle.id()).get(1).log()).isEmpty();
  }

  @Test
  void stepThatTheCodeHasNoMore_isNamedInTheLog() {
    RunHandle handle =
        run(
            ctx -> {
              if (ctx.attempt() == 1) {
                ctx.step("old", () -> {});
              }
              failFirst(ctx);
              ctx.step("new", () -> {});
            });

    assertThat(world.store.passes(handle.id()).get(1).log().trim())
        .isEqualTo("+0.000s \"old\" is stored, and this code does not have it");
  }

  // Limits

  @Test
  void stepBeyondTheThousandth_failsTheRunAndSaysWhatWouldBeRight() {
    RunHandle handle =
        run(
            ctx -> {
              for (int i = 0; i <= 1_000; i++) {
                ctx.step("s" + i, () -> {});
              }
            });

    assertFailed(
        handle,
        "\"s1000\" would be step 1001 of run "
            + handle.id()
            + "; at most 1000 are kept. Use ctx.map for many items of a kind, or runs of their own"
            + " by ctx.invoke and ctx.enqueue");
    assertThat(world.history(handle.id())).containsExactly(Pass.Event.FAILED);
  }

  @Test
  void resultOfMoreThanFourMebibytes_failsTheRunOnce() {
    RunHandle handle =
        run(
            ctx ->
                ctx.step(
                    "large",
                    String.class,
                    () -> {
                      calls.add("large");
                      return "x".repeat(MemoValue.MAX_BYTES - 1);
                    }));

    assertThat(calls).containsExactly("large");
    assertFailed(
        handle,
        "result of step \"large\" has 4194305 bytes, the limit is 4194304; keep large data"
            + " elsewhere and return a reference to it, or use ctx.map for many items and"
            + " ctx.invoke for runs of their own");
  }

  @Test
  void resultsOfMoreThanThirtyTwoMebibytes_failTheRun() {
    var refused = new ArrayList<String>();
    run(
        ctx -> {
          try {
            for (int i = 0; i < 9; i++) {
              ctx.step("s" + i, String.class, () -> "x".repeat(MemoValue.MAX_BYTES - 2));
            }
          } catch (NonRetryableException e) {
            refused.add(String.valueOf(e.getMessage()));
            throw e;
          }
        });

    assertThat(refused).hasSize(1);
    assertThat(refused.get(0))
        .startsWith("with the result of \"s8\" the steps of run ")
        .contains(" would have 37748736 bytes; at most 33554432 are kept. Keep large data");
  }

  // Kept

  @Test
  void memo_saysWhatTheStepWas() {
    RunHandle handle = run(ctx -> ctx.step("count", Integer.class, () -> 7));

    assertThat(memos(handle))
        .singleElement()
        .satisfies(
            memo -> {
              assertThat(memo.kind()).isEqualTo(MemoKind.STEP);
              assertThat(memo.type()).isEqualTo("Integer");
              assertThat(memo.tries()).isEqualTo(1);
              assertThat(memo.value()).isInstanceOf(MemoValue.Result.class);
            });
  }

  @Test
  void nodeThatDies_leavesTheStepsItHasDone() {
    var host = world.time.newHost();
    Job<String> job =
        Job.named("job", String.class)
            .handler(
                (ctx, in) -> {
                  ctx.step("a", () -> calls.add("a"));
                  if (ctx.attempt() == 1) {
                    world.time.pause();
                  }
                  ctx.step("b", () -> calls.add("b"));
                });
    Scheduler first = world.builder(host, job).start();
    RunHandle handle = first.enqueue(job, "in");
    world.time.runDue();
    host.kill();

    try (Scheduler second = world.start(job)) {
      world.time.advance(Duration.ofMinutes(1));
      assertThat(second.run(handle.id()).orElseThrow().status()).isEqualTo(Status.COMPLETED);
    }

    assertThat(calls).containsExactly("a", "b");
  }
}
