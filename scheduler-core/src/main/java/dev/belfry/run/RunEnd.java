// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * How a run has ended: what the hooks of its job get. The run itself, with its input, result, trace
 * and history, is found by its id.
 *
 * @param run the run
 * @param job the name of its job
 * @param status how it ended; one of the final ones
 * @param at when, by the store's clock
 * @param reason what the last attempt died of, as {@code type: message}; or why it was cancelled or
 *     skipped; empty if it completed
 */
public record RunEnd(RunId run, String job, Status status, Instant at, String reason) {
  /** Refuses null, and a run that goes on. */
  public RunEnd {
    requireNonNull(run, "run");
    requireNonNull(job, "job");
    requireNonNull(at, "at");
    requireNonNull(reason, "reason");
    if (!status.isFinal()) {
      throw new IllegalArgumentException("status must be final, was " + status);
    }
  }

  /**
   * Returns how a run has ended.
   *
   * @throws IllegalArgumentException if it has not
   */
  public static RunEnd of(Run run) {
    if (run.state() instanceof RunState.Ended ended) {
      return new RunEnd(run.id(), run.job(), run.status(), ended.at(), reason(ended));
    }
    throw new IllegalArgumentException("run " + run.id() + " has not ended, it is " + run.status());
  }

  private static String reason(RunState.Ended state) {
    if (state instanceof RunState.Failed failed) {
      return failed.failure().toString();
    } else if (state instanceof RunState.TimedOut timedOut) {
      return timedOut.failure().toString();
    } else if (state instanceof RunState.Cancelled cancelled) {
      return cancelled.reason();
    }
    return state instanceof RunState.Skipped skipped ? skipped.reason() : "";
  }
}
