// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.EventId;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that has happened, as it was sent.
 *
 * @param <E> the type of the data
 */
public sealed interface Event<E> permits ReceivedEvent {
  /** Returns its id. */
  EventId id();

  /** Returns the name of its type. */
  String name();

  /** Returns the key that it was sent with. */
  Optional<String> key();

  /** Returns when it was sent, by the store's clock. */
  Instant sentAt();

  /** Returns what happened. */
  E data();

  /** Returns this event as one of a type, if it is; as {@link JobContext#waitForAny} gives it. */
  @SuppressWarnings("unchecked") // it was decoded as what the type of this name says
  default <T> Optional<Event<T>> as(EventType<T> type) {
    return name().equals(type.name()) ? Optional.of((Event<T>) this) : Optional.empty();
  }
}
