// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.run.Unique;
import dev.belfry.store.Due;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * How a run is enqueued, where that differs from what its job says. Immutable.
 *
 * <pre>{@code
 * scheduler.enqueue(sendEmail, email, EnqueueOptions.after(ofMinutes(10)).withPriority(2));
 * }</pre>
 */
public final class EnqueueOptions {
  private static final EnqueueOptions NOW =
      new EnqueueOptions(
          new Due.Now(), OptionalInt.empty(), Optional.empty(), List.of(), Optional.empty());

  private final Due due;
  private final OptionalInt priority;
  private final Optional<Unique> unique;
  private final List<String> tags;
  private final Optional<String> actor;

  private EnqueueOptions(
      Due due,
      OptionalInt priority,
      Optional<Unique> unique,
      List<String> tags,
      Optional<String> actor) {
    this.due = due;
    this.priority = priority;
    this.unique = unique;
    this.tags = tags;
    this.actor = actor;
  }

  /** Returns the options of a run that is due at once. */
  public static EnqueueOptions now() {
    return NOW;
  }

  /**
   * Returns the options of a run that is due after a time, counted from the enqueue by the store's
   * clock.
   *
   * @param delay not negative
   */
  public static EnqueueOptions after(Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("delay must not be negative, was " + delay);
    }
    return NOW.withDue(new Due.After(delay));
  }

  /**
   * Returns the options of a run that is due at an instant; one in the past means at once.
   *
   * @param due the earliest start, between the years 1 and 9999
   */
  public static EnqueueOptions at(Instant due) {
    if (due.isBefore(Instants.MIN) || due.isAfter(Instants.MAX)) {
      throw new IllegalArgumentException("due time must lie in the years 1 to 9999, was " + due);
    }
    return NOW.withDue(new Due.At(Instants.ceilToMicros(due)));
  }

  /**
   * Returns these options with a priority. Default: the job's.
   *
   * @param newPriority -4 to 4, higher first
   */
  public EnqueueOptions withPriority(int newPriority) {
    return new EnqueueOptions(
        due, OptionalInt.of(JobBuilder.checkPriority(newPriority)), unique, tags, actor);
  }

  /** Returns these options with a key that at most one run of the job holds. Default: none. */
  public EnqueueOptions withUnique(Unique newUnique) {
    return new EnqueueOptions(due, priority, Optional.of(newUnique), tags, actor);
  }

  /** Returns these options with labels, beside those of the job. Default: none. */
  public EnqueueOptions withTags(String... newTags) {
    return new EnqueueOptions(
        due, priority, unique, Stream.of(newTags).map(Names::checkTag).toList(), actor);
  }

  /** Returns these options with the name of who asked, for the history. Default: nobody. */
  public EnqueueOptions withActor(String newActor) {
    return new EnqueueOptions(
        due, priority, unique, tags, Optional.of(requireNonNull(newActor, "actor")));
  }

  private EnqueueOptions withDue(Due newDue) {
    return new EnqueueOptions(newDue, priority, unique, tags, actor);
  }

  Due due() {
    return due;
  }

  OptionalInt priority() {
    return priority;
  }

  Optional<Unique> unique() {
    return unique;
  }

  List<String> tags() {
    return tags;
  }

  Optional<String> actor() {
    return actor;
  }
}
