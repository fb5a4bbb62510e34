// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A run that was enqueued and whose result is of interest.
 *
 * @param <O> the type of the result
 */
public interface ResultHandle<O extends @Nullable Object> extends RunHandle {
  /**
   * Waits until the run has completed and returns what its handler returned. Must not be called by
   * a handler: it would hold a worker.
   *
   * @throws NotCompletedException if the run ended otherwise, or has not ended in time
   * @throws InterruptedException if the caller is interrupted
   */
  O result(Duration timeout) throws InterruptedException;
}
