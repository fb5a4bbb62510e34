// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoKind;
import java.util.function.Supplier;

/** Watches a pass go from part to part, and may have it go no further than what is stored. */
interface PassWatch {
  /** Lets a pass do all it wants to. */
  PassWatch NONE = new PassWatch() {};

  /**
   * Something that a pass is about to do and that is not stored: a body, a sleep, another run.
   *
   * @param type the type of its value, in words
   * @param words what it is, for people
   */
  record Next(MemoKey key, MemoKind kind, String type, String words) {}

  /** Hears that the pass has looked for a memo. */
  default void met(MemoKey key) {}

  /** Hears that what is stored does not fit the code; the handler is about to be told the same. */
  default void refused(IllegalStateException change) {}

  /** Returns whether the pass is to end before what it would do next. */
  default boolean stopsBefore(Supplier<Next> next) {
    return false;
  }
}
