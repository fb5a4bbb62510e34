// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Run;
import dev.belfry.run.SchedulerException;

/** Says that there is no result: the run ended otherwise than COMPLETED, or has not ended yet. */
public final class NotCompletedException extends SchedulerException {
  private static final long serialVersionUID = 1;

  private final transient Run run;

  NotCompletedException(Run run, String message) {
    super(message);
    this.run = run;
  }

  /** Returns the run as it stood. */
  public Run run() {
    return run;
  }
}
