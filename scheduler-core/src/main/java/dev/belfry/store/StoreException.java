// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import static java.util.Objects.requireNonNull;

import dev.belfry.run.SchedulerException;
import org.jspecify.annotations.Nullable;

/** Says that a call to the store did not go well, and what the caller may do about it. */
public final class StoreException extends SchedulerException {
  private static final long serialVersionUID = 1;

  private final Kind kind;

  /** What is known about the call, and so what may be done next. */
  public enum Kind {
    /** Nothing was changed; the same call may succeed at once (deadlock, lock timeout). */
    RETRY,
    /** Nothing was changed; the store is not to be reached, full or read-only. Try later. */
    UNAVAILABLE,
    /** The call may have been applied or not: repeat it with the same ids and fences. */
    UNKNOWN,
    /** Nothing was changed, and the same call will never succeed. */
    PERMANENT
  }

  /** Creates an exception with a sentence for people. */
  public StoreException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = requireNonNull(kind, "kind");
  }

  /** Returns what may be done next. */
  public Kind kind() {
    return kind;
  }
}
