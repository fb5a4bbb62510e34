// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Status;

/** After which ends of a run another one is started. */
public enum On {
  /** COMPLETED, be it with items that failed. */
  SUCCESS,
  /** FAILED or TIMED_OUT: its attempts are used up, or there is no point in another. */
  FAILURE,
  /** Every end: also CANCELLED, and SKIPPED by {@code onlyIf} or another policy. */
  ALWAYS;

  boolean includes(Status end) {
    return switch (this) {
      case SUCCESS -> end == Status.COMPLETED;
      case FAILURE -> end == Status.FAILED || end == Status.TIMED_OUT;
      case ALWAYS -> end.isFinal();
    };
  }
}
