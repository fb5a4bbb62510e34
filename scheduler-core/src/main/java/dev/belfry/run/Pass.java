// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One ended pass of a run: a line of its history. All lines of a store are its audit ledger: what a
 * checker needs to know that nothing was lost and nothing was recorded twice.
 *
 * @param run the run
 * @param fence the fence that the pass held; unique within the run
 * @param job the name of the job
 * @param attempt the attempt that the pass belonged to; 0 if it opened none
 * @param event how it ended
 * @param node who held the run; empty for what was decided outside a pass
 * @param startedAt when the handler started; when it never did, when the run was claimed
 * @param endedAt when the end was committed, by the store's clock
 * @param ran how long the handler ran, by the node's monotonic clock
 * @param detail why it ended so, or what happens next, in words; may be empty
 * @param failure what was thrown, if anything
 * @param counters its items
 * @param notes its notes
 * @param log its log lines, each ended by a newline
 */
public record Pass(
    RunId run,
    long fence,
    String job,
    int attempt,
    Event event,
    Optional<NodeId> node,
    Instant startedAt,
    Instant endedAt,
    Duration ran,
    String detail,
    Optional<Failure> failure,
    Counters counters,
    Map<String, String> notes,
    String log) {
  /** How a pass ended. The first five end the run too. */
  public enum Event {
    /** Ended well, and the run with it. */
    COMPLETED,
    /** Failed, and the run with it. */
    FAILED,
    /** Ran past the timeout, and the run ended with it. */
    TIMED_OUT,
    /** Ended on request, and the run with it. */
    CANCELLED,
    /** Not started by a policy, and the run ended with it. */
    SKIPPED,
    /** Failed; another attempt follows. */
    RETRIED,
    /** Asked to go on later; no attempt was used. */
    SNOOZED,
    /** Sleeps, or waits for something other than time; the attempt goes on. */
    SUSPENDED,
    /** Given back: not started, or cut short by a shutdown. */
    HANDED_BACK,
    /** Its node died. */
    LOST,
    /** Put aside until somebody releases it. */
    BLOCKED,
    /** Moved by an operator while nobody held it. */
    MOVED;

    /** Returns whether the run ended with the pass. */
    public boolean isFinal() {
      return compareTo(SKIPPED) <= 0;
    }
  }
}
