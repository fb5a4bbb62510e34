// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.retry.Decision;
import dev.belfry.run.Failure;
import dev.belfry.store.Claimed;
import dev.belfry.store.CodecException;
import dev.belfry.store.Ending;
import java.time.Duration;
import java.util.Optional;

/** Decides where a run goes: pure functions from what is known of a pass to its ending. */
final class Endings {
  private Endings() {}

  /**
   * Returns how a claimed run ends without a body, or empty if its handler is to be started. A
   * claim with no attempt left comes from nodes that died with the run.
   */
  static Optional<Ending> withoutBody(Claimed claim, JobDefinition<?, ?> job) {
    if (claim.cancelRequested().isPresent()) {
      return Optional.of(new Ending.Cancelled(claim.cancelRequested().get()));
    }
    if (claim.skipped().isPresent()) {
      return Optional.of(new Ending.Skipped(claim.skipped().get()));
    }
    Optional<Ending> late =
        FinishLimit.of(job, claim)
            .flatMap(limit -> limit.ofLateClaim(claim))
            .or(() -> job.startWithin().flatMap(limit -> ofLateStart(claim, limit)));
    if (late.isPresent()) {
      return late;
    }
    int most = job.retry().maxAttempts().orElse(Integer.MAX_VALUE);
    if (claim.attempt() > most) {
      return Optional.of(
          new Ending.Failed(
              Failure.of(
                  "node lost", "the node that held attempt " + most + " died or lost its lease"),
              "attempts used up: " + most + " of " + most));
    }
    return Optional.empty();
  }

  /** Returns how a run ends whose input can't be read. */
  static Ending undecodable(CodecException why) {
    return new Ending.Blocked("its input can't be decoded: " + why.getMessage());
  }

  /** Returns how a run ends that the condition of its job leaves out. */
  static Ending unwanted() {
    return new Ending.Skipped("not wanted: its condition (onlyIf) is false");
  }

  /** A run that has begun opens no first attempt, but for one that was cut short in it. */
  private static Optional<Ending> ofLateStart(Claimed claim, Duration limit) {
    boolean first = claim.opened() && claim.attempt() == 1 && claim.interruptions() == 0;
    Duration waited = Duration.between(claim.dueAt(), claim.claimedAt());
    if (!first || waited.compareTo(limit) <= 0) {
      return Optional.empty();
    }
    String words = "not started within " + limit + " of " + claim.dueAt();
    return Optional.of(
        new Ending.TimedOut(
            Failure.of("late start", words), words + "; it was claimed at " + claim.claimedAt()));
  }

  /**
   * Where a failed attempt leads.
   *
   * @param ending where the run goes
   * @param pausesJob whether the job is to be paused before the run is let go
   */
  record Decided(Ending ending, boolean pausesJob) {}

  /** Returns where a failed attempt leads, as the job's policy decides. */
  static Decided ofFailure(
      Claimed claim, JobDefinition<?, ?> job, Duration ran, Throwable thrown, boolean timedOut) {
    Decision decision = decide(claim, job, ran, thrown);
    Failure failure = Failure.of(thrown);
    if (decision instanceof Decision.RetryAfter retry) {
      return goOn(new Ending.Retried(retry.delay(), failure, retry.reason()));
    } else if (decision instanceof Decision.Snooze snooze) {
      return goOn(new Ending.Snoozed(snooze.delay(), failure.message()));
    } else if (decision instanceof Decision.Discard discard) {
      return goOn(new Ending.Cancelled("discarded: " + discard.reason()));
    } else if (decision instanceof Decision.PauseJob pause) {
      String why = pause.reason() + " (" + failure + ")";
      return new Decided(new Ending.Snoozed(Duration.ZERO, why), true);
    }
    String reason = ((Decision.Fail) decision).reason();
    return goOn(
        timedOut ? new Ending.TimedOut(failure, reason) : new Ending.Failed(failure, reason));
  }

  private static Decided goOn(Ending ending) {
    return new Decided(ending, false);
  }

  private static Decision decide(
      Claimed claim, JobDefinition<?, ?> job, Duration ran, Throwable thrown) {
    Duration elapsed = Duration.between(claim.firstClaimedAt(), claim.claimedAt()).plus(ran);
    try {
      return job.retry().decide(Math.max(1, claim.attempt()), elapsed, thrown, seed(claim));
    } catch (Throwable broken) { // a predicate of the policy is a stranger's code
      return new Decision.Fail("the retry policy itself threw " + broken);
    }
  }

  /** Jitter is drawn from the run and its attempt, so a test and the history can repeat it. */
  private static long seed(Claimed claim) {
    return claim.id().value().getMostSignificantBits() * 31
        + claim.id().value().getLeastSignificantBits()
        + claim.attempt();
  }

  /** Returns where a pass goes that a shutdown cut short. It counts only after ten times. */
  static Decided ofShutdown(
      Claimed claim, JobDefinition<?, ?> job, Duration ran, Throwable thrown) {
    return claim.interruptions() < Settings.MAX_INTERRUPTIONS
        ? goOn(new Ending.HandedBack(true, "cut short by a shutdown"))
        : ofFailure(claim, job, ran, thrown, false);
  }
}
