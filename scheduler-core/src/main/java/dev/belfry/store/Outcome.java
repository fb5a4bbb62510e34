// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.RunId;
import java.time.Instant;
import java.util.Optional;

/**
 * How a pass ended, to be written if the run still has this fence and is held by the writing node.
 *
 * @param run the run
 * @param fence the fence of the claim
 * @param ending where the run goes
 * @param report what happened in the pass
 * @param latest when the run is due at the latest if it goes on, whatever the ending says; one that
 *     is BLOCKED is not due
 */
public record Outcome(
    RunId run, long fence, Ending ending, PassReport report, Optional<Instant> latest) {
  /** Cuts the instant to microseconds. */
  public Outcome {
    latest = latest.map(Commit::micros);
  }

  /** Ends a pass of a run that may be due at any time. */
  public Outcome(RunId run, long fence, Ending ending, PassReport report) {
    this(run, fence, ending, report, Optional.empty());
  }
}
