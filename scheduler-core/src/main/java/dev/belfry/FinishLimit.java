// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Failure;
import dev.belfry.store.Claimed;
import dev.belfry.store.Ending;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * When a run must have ended, and how it ends if it has not.
 *
 * @param at by the store's clock; in microseconds, as due times are, so that who is due then is
 *     late
 * @param words what it has failed to do
 */
record FinishLimit(Instant at, String words) {
  private static final Duration LONGEST = Duration.ofDays(36_525);

  static Duration check(Duration limit) {
    if (limit.isNegative() || limit.isZero() || limit.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "finishWithin must be positive and at most 36525 days, was " + limit);
    }
    return limit;
  }

  static Optional<FinishLimit> of(JobDefinition<?, ?> job, Claimed claim) {
    return job.finishWithin()
        .map(
            limit ->
                new FinishLimit(
                    claim.firstDueAt().plus(limit).truncatedTo(ChronoUnit.MICROS),
                    "not finished within " + limit + " of " + claim.firstDueAt()));
  }

  /** Returns how much time a run has left that was claimed some time ago; none if it is late. */
  Duration left(Claimed claim, Duration ago) {
    Duration left = Duration.between(claim.claimedAt().plus(ago), at);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Returns how a run ends that is claimed too late, if it is. */
  Optional<Ending> ofLateClaim(Claimed claim) {
    return claim.claimedAt().isBefore(at)
        ? Optional.empty()
        : Optional.of(ending(words, "it was claimed at " + claim.claimedAt()));
  }

  /** Returns how a run ends that has waited too long for a worker of its node. */
  Ending ofNoWorker() {
    return ending(words, "no worker was free in time");
  }

  /** Returns how a run ends that is late. */
  static Ending ending(String words, String detail) {
    return new Ending.TimedOut(Failure.of("late finish", words), words + "; " + detail);
  }
}
