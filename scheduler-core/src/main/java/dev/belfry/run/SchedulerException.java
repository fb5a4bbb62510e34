// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import org.jspecify.annotations.Nullable;

/**
 * The root of what the scheduler throws, apart from wrong arguments ({@link
 * IllegalArgumentException}) and wrong moments ({@link IllegalStateException}). Unchecked; the
 * message says what was wrong and where to act.
 */
public class SchedulerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates one without a cause. */
  protected SchedulerException(String message) {
    super(message);
  }

  /** Creates one with the failure behind it, or null if there is none. */
  protected SchedulerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
