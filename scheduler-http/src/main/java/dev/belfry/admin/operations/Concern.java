// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.run.RunId;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that somebody should look at.
 *
 * @param kind what it is
 * @param sentence the same in words
 * @param job the job that it is about, if it is about one
 * @param run the run that it is about, if it is about one
 * @param since since when, if that is known
 */
public record Concern(
    Kind kind,
    String sentence,
    Optional<String> job,
    Optional<RunId> run,
    Optional<Instant> since) {
  /** What there is to be looked at, the most pressing first. */
  public enum Kind {
    /** A node's lease is over. */
    NODE_LATE,
    /** An alert rule has found something. */
    ALERT,
    /** Runs of a job have not ended, and no live node knows it. */
    UNSERVED,
    /** Runs are BLOCKED. */
    BLOCKED,
    /** A run is due for more than a minute, and nothing that waits for it is paused. */
    OVERDUE,
    /** A job, a queue or everything is paused. */
    PAUSED
  }
}
