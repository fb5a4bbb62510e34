// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import org.jspecify.annotations.Nullable;

/**
 * The root of what Belfry throws for reasons other than a wrong argument or a wrong moment. Its
 * message says what was wrong, the value, and what would be right.
 */
public class SchedulerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Creates an exception with a sentence for people. */
  protected SchedulerException(String message) {
    super(message);
  }

  /** Creates an exception with a sentence for people and what led to it. */
  protected SchedulerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
