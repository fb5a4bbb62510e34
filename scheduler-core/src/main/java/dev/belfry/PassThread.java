// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.RunId;
import org.jspecify.annotations.Nullable;

/** The thread that a pass, or a branch of one, belongs to, while it lasts. Thread-safe. */
final class PassThread {
  private final RunId run;
  private volatile @Nullable Thread owner;

  PassThread(RunId run) {
    this.run = run;
  }

  void begin() {
    owner = Thread.currentThread();
  }

  void end() {
    owner = null;
  }

  /** Refuses any other thread, and all of them after the end. */
  @SuppressWarnings("ReferenceEquality") // a thread is itself
  void check() {
    Thread now = owner;
    if (now == null) {
      throw new IllegalStateException(
          "the pass of run " + run + " has ended; its context can't be used any more");
    }
    if (now != Thread.currentThread()) {
      throw new IllegalStateException(
          "the context of run "
              + run
              + " belongs to thread \""
              + now.getName()
              + "\", was used by \""
              + Thread.currentThread().getName()
              + "\"");
    }
  }

  /** Returns whether the caller's thread is the one. */
  @SuppressWarnings("ReferenceEquality") // as above
  boolean isCurrent() {
    return owner == Thread.currentThread();
  }
}
