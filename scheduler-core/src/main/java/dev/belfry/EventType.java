// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.run.TypeRef;
import java.util.Optional;
import java.util.function.Function;

/**
 * A kind of fact that may happen: what it is called, what is told of it, and by which key waits
 * find it. A value; senders and receivers need not share it, only its name and the form of its
 * data.
 *
 * <pre>{@code
 * static final EventType<Login> LOGIN =
 *     EventType.of("user/login", Login.class).keyedBy(Login::userId);
 * }</pre>
 *
 * @param <E> the type of the data
 */
public final class EventType<E> {
  private final String name;
  private final TypeRef<E> data;
  private final Optional<Function<? super E, String>> key;

  private EventType(String name, TypeRef<E> data, Optional<Function<? super E, String>> key) {
    this.name = Names.check("event name", name);
    this.data = requireNonNull(data, "data");
    this.key = key;
  }

  /**
   * Returns a type of events.
   *
   * @param name 1 to 100 letters, digits and {@code . _ - / :}, beginning with a letter or digit
   * @param data the type of the data, which the scheduler's codec must be able to carry
   */
  public static <E> EventType<E> of(String name, Class<E> data) {
    return of(name, TypeRef.of(data));
  }

  /** Returns a type of events, of generic data. */
  public static <E> EventType<E> of(String name, TypeRef<E> data) {
    return new EventType<>(name, data, Optional.empty());
  }

  /**
   * Returns this type with a key that is stored with each event, so that waits for it are found by
   * an index.
   *
   * @param newKey gives at most 200 characters; called by whoever sends
   */
  public EventType<E> keyedBy(Function<? super E, String> newKey) {
    return new EventType<>(name, data, Optional.of(requireNonNull(newKey, "key")));
  }

  /** Returns the name. */
  public String name() {
    return name;
  }

  TypeRef<E> data() {
    return data;
  }

  boolean isKeyed() {
    return key.isPresent();
  }

  Optional<String> keyOf(E event) {
    return key.map(
        by ->
            requireNonNull(
                by.apply(event), () -> "the key of event \"" + name + "\" must not be null"));
  }

  /** For logs: the name is the identity, the rest is code. */
  @Override
  public String toString() {
    return "event " + name;
  }
}
