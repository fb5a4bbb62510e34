// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.store.SentEvent;
import java.util.Optional;

/**
 * Events of one type that may end a wait for the first of several. Immutable.
 *
 * <pre>{@code
 * Optional<Event<?>> first = ctx.waitForAny("answer", ofDays(3),
 *     Awaited.event(ACCEPTED, offer.id()), Awaited.event(REJECTED, offer.id()));
 * }</pre>
 */
public final class Awaited {
  private final Of<?> of;

  private Awaited(Of<?> of) {
    this.of = of;
  }

  /** Returns the events of a type that have a key. */
  public static <E> Awaited event(EventType<E> type, String key) {
    return event(type, EventMatch.key(key));
  }

  /** Returns the events of a type that match. */
  public static <E> Awaited event(EventType<E> type, EventMatch<E> match) {
    return new Awaited(new Of<>(type, match));
  }

  Of<?> of() {
    return of;
  }

  /** A type and a match of it. */
  record Of<E>(EventType<E> type, EventMatch<E> match) {
    Of {
      requireNonNull(match, "match");
      if (match.key().isPresent() && !type.isKeyed()) {
        throw new IllegalArgumentException(
            "event \"" + type.name() + "\" has no key to wait for; give it one by keyedBy(...)");
      }
    }

    /** Returns an event as what it is, if it is one that is waited for. */
    Optional<ReceivedEvent<E>> match(SentEvent sent, Payloads payloads) {
      ReceivedEvent<E> event = ReceivedEvent.of(sent, type, payloads);
      return match.predicate().map(test -> test.test(event.data())).orElse(true)
          ? Optional.of(event)
          : Optional.empty();
    }
  }
}
