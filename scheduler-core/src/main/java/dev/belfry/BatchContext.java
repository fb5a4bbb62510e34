// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

/**
 * A batch of runs, as its body sees it during one pass. It has no steps, sleeps or waits: its runs
 * part again at the end of the pass. Thread-safe.
 */
public interface BatchContext {
  /** Returns the name of the job. */
  String job();

  /**
   * Returns whether the body should end early: after a timeout, at a shutdown, when the lease was
   * lost, or when somebody asked every single run of the batch to end.
   */
  boolean cancelled();

  /** Returns whether this node still has its lease, without which nothing it does counts. */
  boolean leaseHeld();
}
