// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import java.time.Duration;
import java.util.Optional;

/** A run that was enqueued. */
public interface RunHandle {
  /** Returns the id of the run. */
  RunId id();

  /** Returns whether the run was made by this call; false if a unique key led to an earlier one. */
  boolean created();

  /**
   * Waits until the run has ended. Must not be called by a handler: it would hold a worker; nor in
   * the transaction that has enqueued the run: it would never be there.
   *
   * @return the ended run, or empty if the time is over
   * @throws InterruptedException if the caller is interrupted
   */
  Optional<Run> await(Duration timeout) throws InterruptedException;
}
