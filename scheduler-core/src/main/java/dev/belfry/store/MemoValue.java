// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.EventId;
import dev.belfry.run.Failure;
import java.util.Optional;

/** What a memo says. All but {@link Pending} are settled, and a settled memo never changes. */
public sealed interface MemoValue {
  /** The most bytes of a payload in a memo: 4 MiB. */
  int MAX_BYTES = 4 * 1024 * 1024;

  /**
   * It ended well.
   *
   * @param payload what it returned; JSON null for a part that returns nothing
   */
  record Result(Payload payload) implements MemoValue {}

  /**
   * A wait ended with an event, which ends at most one wait of a run.
   *
   * @param event the event
   * @param payload what is kept of it, as its writer likes
   */
  record Received(EventId event, Payload payload) implements MemoValue {}

  /**
   * It ended badly, and is not tried again.
   *
   * @param failure what its last try died of
   */
  record Failed(Failure failure) implements MemoValue {}

  /**
   * It has begun and not ended: it sleeps, waits, is to be tried again, or was cut short.
   *
   * @param failure what its last try died of, if one did
   */
  record Pending(Optional<Failure> failure) implements MemoValue {}

  /** Returns the value of what has begun, and nothing went wrong so far. */
  static MemoValue pending() {
    return new Pending(Optional.empty());
  }

  /** Returns whether this is final. */
  default boolean isSettled() {
    return !(this instanceof Pending);
  }
}
