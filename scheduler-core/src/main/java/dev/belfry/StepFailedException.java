// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.retry.NonRetryableException;
import dev.belfry.run.Failure;

/**
 * Thrown by a part of a run that has failed for good: its tries are used up, or it was cut short
 * and may be begun but once. Every later pass meets it at the same place, so that a handler may
 * catch it and compensate; if it does not, the run fails without another attempt.
 */
public final class StepFailedException extends NonRetryableException {
  private static final long serialVersionUID = 1L;

  private final String id;
  private final transient Failure failure;
  private final boolean interrupted;

  StepFailedException(String part, String id, Failure failure, boolean interrupted) {
    super(
        interrupted
            ? part + " was begun once and cut short; whether it has happened is not known"
            : part + " has failed: " + failure);
    this.id = id;
    this.failure = failure;
    this.interrupted = interrupted;
  }

  /** Returns the id of the part. */
  public String id() {
    return id;
  }

  /** Returns what its last try died of. */
  public Failure failure() {
    return failure;
  }

  /** Returns whether it was begun and cut short, so that what it did is not known. */
  public boolean interrupted() {
    return interrupted;
  }
}
