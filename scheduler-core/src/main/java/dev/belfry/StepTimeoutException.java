// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.SchedulerException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Thrown in place of what a step returned or threw after its time was over. */
public final class StepTimeoutException extends SchedulerException {
  private static final long serialVersionUID = 1L;

  private final Duration limit;

  StepTimeoutException(String part, Duration limit, @Nullable Throwable cause) {
    super(part + " ran longer than its timeout of " + limit, cause);
    this.limit = limit;
  }

  /** Returns the time it had. */
  public Duration limit() {
    return limit;
  }
}
