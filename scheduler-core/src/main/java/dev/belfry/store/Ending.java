// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.Failure;
import java.time.Duration;

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
