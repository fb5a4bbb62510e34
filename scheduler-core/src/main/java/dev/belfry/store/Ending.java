// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.Failure;
import java.time.Duration;
import java.util.List;

/** Where a run goes at the end of a pass. Delays are added to the store's clock. */
public sealed interface Ending {
  /**
   * Ended well.
   *
   * @param result what the handler returned; JSON null for a handler that returns nothing
   */
  record Completed(Payload result) implements Ending {}

  /**
   * Ended badly.
   *
   * @param failure what it died of
   * @param detail why there is no further attempt, in words
   */
  record Failed(Failure failure, String detail) implements Ending {}

  /**
   * The last attempt ran past its timeout.
   *
   * @param failure the timeout
   * @param detail why there is no further attempt, in words
   */
  record TimedOut(Failure failure, String detail) implements Ending {}

  /**
   * Ended on request.
   *
   * @param detail who asked, or why
   */
  record Cancelled(String detail) implements Ending {}

  /**
   * Ended by a policy, unstarted.
   *
   * @param detail the policy, in words
   */
  record Skipped(String detail) implements Ending {}

  /**
   * Another attempt follows.
   *
   * @param delay how long from now
   * @param failure what this attempt died of
   * @param detail how the delay came about, in words
   */
  record Retried(Duration delay, Failure failure, String detail) implements Ending {}

  /**
   * The same attempt goes on later.
   *
   * @param delay how long from now
   * @param detail why, in words
   */
  record Snoozed(Duration delay, String detail) implements Ending {}

  /**
   * The same attempt goes on once one of these parts is settled or has come to its time: the run is
   * scheduled if only time is to come, else it waits, for ever if no part has a time. Parts that
   * are not in the store are written with it; one that is settled there, be it meanwhile, has the
   * run go on at once. A wait for an event must have been written and looked back for before.
   *
   * @param on the pending parts; at least one
   * @param detail what it sleeps or waits for, in words
   */
  record Suspended(List<NewMemo> on, String detail) implements Ending {
    /** Copies the parts. */
    public Suspended {
      on = List.copyOf(on);
      if (on.isEmpty() || on.stream().anyMatch(memo -> memo.value().isSettled())) {
        throw new IllegalArgumentException(
            "a run is suspended on pending parts, at least one, was " + on);
      }
    }
  }

  /**
   * Given back as it was before the claim: no attempt is used, and it is due as it was.
   *
   * @param interrupted whether its handler had begun, so that this counts as an interruption
   * @param detail why, in words
   */
  record HandedBack(boolean interrupted, String detail) implements Ending {}

  /**
   * Put aside; the attempt is not used.
   *
   * @param detail what is wrong with it, in words
   */
  record Blocked(String detail) implements Ending {}
}
