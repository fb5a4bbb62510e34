// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which events of a type end a wait: those of a key, those that a predicate takes, those sent from
 * some instant on, or all of that. Immutable.
 *
 * <pre>{@code
 * ctx.waitForEvent("paid", PAYMENT,
 *     EventMatch.<Payment>key(order.id()).and(paid -> paid.amount() >= order.total()), ofDays(3));
 * }</pre>
 *
 * @param <E> the type of the data
 */
public final class EventMatch<E> {
  private final Optional<String> key;
  private final Optional<Predicate<? super E>> predicate;
  private final Optional<Instant> since;

  private EventMatch(
      Optional<String> key, Optional<Predicate<? super E>> predicate, Optional<Instant> since) {
    this.key = key;
    this.predicate = predicate;
    this.since = since;
  }

  /** Returns a match of every event of the type. */
  public static <E> EventMatch<E> any() {
    return new EventMatch<>(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * Returns a match of the events of a key; waits find them by an index.
   *
   * @param key at most 200 characters
   */
  public static <E> EventMatch<E> key(String key) {
    return new EventMatch<>(Optional.of(key), Optional.empty(), Optional.empty());
  }

  /**
   * Returns a match of the events that a predicate takes. It is asked by the handler's node, for
   * each event of the type; prefer a key where there are many.
   */
  public static <E> EventMatch<E> where(Predicate<? super E> predicate) {
    return EventMatch.<E>any().and(predicate);
  }

  /** Returns this match for those of its events that a predicate takes too. */
  public EventMatch<E> and(Predicate<? super E> more) {
    requireNonNull(more, "predicate");
    Predicate<? super E> all =
        predicate
            .<Predicate<? super E>>map(one -> data -> one.test(data) && more.test(data))
            .orElse(more);
    return new EventMatch<>(key, Optional.of(all), since);
  }

  /**
   * Returns this match for events that were sent at an instant or later. Default: since the end of
   * the sleep or wait, or the start of the step, before the wait; for the first part of a run,
   * since the run was made, or since the event that made it was sent.
   */
  public EventMatch<E> since(Instant start) {
    return new EventMatch<>(key, predicate, Optional.of(requireNonNull(start, "since")));
  }

  Optional<String> key() {
    return key;
  }

  Optional<Predicate<? super E>> predicate() {
    return predicate;
  }

  Optional<Instant> since() {
    return since;
  }
}
