// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.retry.Decision;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Failure;
import dev.belfry.run.TypeRef;
import dev.belfry.store.Due;
import dev.belfry.store.Memo;
import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoKind;
import dev.belfry.store.MemoValue;
import dev.belfry.store.Payload;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The steps of a pass: bodies that are called until they have succeeded once. */
final class PassSteps {
  private final PassFrame frame;
  private final PassMemos memos;
  private final Payloads payloads;
  private final Runnable interrupter;

  /**
   * Creates the steps of a scope.
   *
   * @param interrupter interrupts the thread of the scope; for the control loop
   */
  PassSteps(PassFrame frame, PassMemos memos, Runnable interrupter) {
    this.frame = frame;
    this.memos = memos;
    this.payloads = frame.payloads();
    this.interrupter = interrupter;
  }

  /** Returns the value that a step has, by this pass or by an earlier one. */
  <T extends @Nullable Object, X extends Exception> T run(
      String id, StepOptions options, TypeRef<T> type, StepContextCall<? extends T, X> body)
      throws X {
    payloads.codec().check(type);
    try (PassMemos.Part part =
        memos.enter(id, MemoKind.STEP, TypeWords.of(type), options.formerly())) {
      Optional<Payload> before = part.end();
      if (before.isPresent()) {
        return payloads.decode(type, before.get());
      }
      return payloads.decode(type, call(part, options, type, body));
    }
  }

  private <T extends @Nullable Object, X extends Exception> Payload call(
      PassMemos.Part part,
      StepOptions options,
      TypeRef<T> type,
      StepContextCall<? extends T, X> body)
      throws X {
    Optional<Memo> begun = part.begun();
    begun.ifPresent(memo -> awaitNextTry(part, memo));
    if (options.isAtMostOnce() && begun.isPresent()) {
      part.settled();
      throw part.interrupted(Failure.of("interrupted", "it was begun by an earlier pass"));
    }
    part.goOn();
    if (options.isAtMostOnce()) {
      part.write(part.pending(Optional.empty()).withTries(1));
    }
    int tries = begun.map(Memo::tries).orElse(0) + 1;
    var attempt =
        new StepTry(
            frame, keyOf(frame, part.key()), tries, begun.flatMap(memo -> failureOf(memo.value())));
    T value;
    try {
      frame.beforeBody(part.key(), tries);
      value =
          options.timeout().isEmpty()
              ? body.call(attempt)
              : attempt.call(part.toString(), options.timeout().get(), interrupter, body);
    } catch (Throwable thrown) {
      if (isOurs(options)) {
        fail(part, options, tries, thrown);
      }
      throw thrown;
    }
    Payload result = payloads.encodeStep("result of " + part, type, value);
    part.write(part.memo(new MemoValue.Result(result)).withTries(tries));
    part.settled();
    memos.breakIfTold();
    return result;
  }

  /** Whether a failure is for the step to deal with, and not for the attempt. */
  private boolean isOurs(StepOptions options) {
    boolean told = frame.cancelled().getAsBoolean(); // then it may be the interrupt that failed it
    return !told && (options.isAtMostOnce() || options.retry().isPresent());
  }

  private void awaitNextTry(PassMemos.Part part, Memo memo) {
    if (memo.until().isPresent() && !frame.hasCome(memo.until().get())) {
      throw part.suspend(part.stillPending(memo), "the next try of " + part);
    }
  }

  private void fail(PassMemos.Part part, StepOptions options, int tries, Throwable thrown) {
    Failure failure = Failure.of(thrown);
    Decision decision =
        options
            .retry()
            .map(policy -> decide(frame, policy, part.key(), tries, thrown))
            .orElse(GIVE_UP);
    if (decision instanceof Decision.RetryAfter retry) {
      throw tryAgain(part, failure, tries, retry.delay());
    } else if (decision instanceof Decision.Snooze snooze) {
      throw tryAgain(part, failure, tries - 1, snooze.delay());
    }
    part.write(part.memo(new MemoValue.Failed(failure)).withTries(tries));
    part.settled();
    StepFailedException end = part.failed(failure);
    end.initCause(thrown);
    throw end;
  }

  private static final Decision GIVE_UP = new Decision.Fail("it is begun once at most");

  private static PassCourse.Signal tryAgain(
      PassMemos.Part part, Failure failure, int tries, Duration delay) {
    return part.suspend(
        part.pending(
            new MemoValue.Pending(Optional.of(failure)), tries, Optional.of(new Due.After(delay))),
        "try " + (tries + 1) + " of " + part);
  }

  /** Decides what follows from a try that failed. */
  static Decision decide(
      PassFrame frame, RetryPolicy policy, MemoKey key, int tries, Throwable thrown) {
    long seed = frame.claim().id().value().getLeastSignificantBits() * 31 + key.hashCode();
    try {
      return policy.decide(tries, Duration.ZERO, thrown, seed + tries);
    } catch (RuntimeException | Error broken) { // a predicate of the policy is a stranger's code
      return new Decision.Fail("the retry policy itself threw " + broken);
    }
  }

  private static Optional<Failure> failureOf(MemoValue value) {
    return value instanceof MemoValue.Pending pending ? pending.failure() : Optional.empty();
  }

  /** Returns the key of a part for services that do something once per key. */
  static String keyOf(PassFrame frame, MemoKey key) {
    String hash = Hashes.sha256(key.scope(), key.id(), Integer.toString(key.occurrence()));
    return frame.claim().id() + "-" + hash.substring(0, 32);
  }
}
