// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.TypeRef;
import dev.belfry.schedule.Schedule;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A finished job. One class for jobs with and without result; the interfaces keep them apart. */
record JobDefinition<I extends @Nullable Object, O extends @Nullable Object>(
    String name,
    String title,
    String description,
    List<String> tags,
    Set<String> formerly,
    String queue,
    int priority,
    TypeRef<I> input,
    TypeRef<O> result,
    List<Planned<I>> schedules,
    List<Subscription<I, ?>> subscriptions,
    RetryPolicy retry,
    Optional<Duration> timeout,
    Optional<Duration> startWithin,
    Optional<Duration> finishWithin,
    List<RunLimit<I>> limits,
    List<CancelRule<I>> cancelOn,
    Dependencies<I> dependencies,
    List<AlertRule> alerts,
    Body<I, O> body)
    implements ResultJob<I, O> {

  /** What a job does, with one run at a time or with several. */
  sealed interface Body<I extends @Nullable Object, O extends @Nullable Object> {}

  /** With one run at a time. */
  record Single<I extends @Nullable Object, O extends @Nullable Object>(
      InputCall<? super I, ? extends O> call) implements Body<I, O> {}

  /** With the runs of a batch. */
  record Batched<I extends @Nullable Object, O extends @Nullable Object>(BatchBody<I> batch)
      implements Body<I, O> {}

  /**
   * A schedule of a job, as its code gives it.
   *
   * @param definition its text, which each of its ticks is compared with
   */
  record Planned<I extends @Nullable Object>(
      String id, Schedule schedule, String definition, I input) {
    Planned(String id, Schedule schedule, I input) {
      this(id, schedule, schedule.toString(), input);
    }
  }

  /**
   * An event that has runs of a job made.
   *
   * @param filter which events it is about
   * @param input what the run gets
   * @param asItIs whether that is all of them, and the data of the event themselves
   */
  record Subscription<I extends @Nullable Object, E>(
      EventType<E> type,
      Predicate<? super E> filter,
      Function<? super E, ? extends I> input,
      boolean asItIs) {}

  /** Returns what lies behind a job, whatever its types. */
  @SuppressWarnings("unchecked") // there is no other implementation, and it is what it says it is
  static <I extends @Nullable Object> JobDefinition<I, ?> of(Job<I> job) {
    return (JobDefinition<I, ?>) job;
  }

  /** Returns what lies behind a job with a result. */
  @SuppressWarnings("unchecked") // as above
  static <I extends @Nullable Object, O extends @Nullable Object> JobDefinition<I, O> of(
      ResultJob<I, O> job) {
    return (JobDefinition<I, O>) job;
  }

  /** Returns the present and former names. */
  Set<String> names() {
    var names = new LinkedHashSet<>(formerly);
    names.add(name);
    return names;
  }

  boolean isBatched() {
    return body instanceof Batched;
  }

  /** Returns what the job does with one run. */
  InputCall<? super I, ? extends O> call() {
    return ((Single<I, O>) body).call();
  }

  /** Returns what the job does with the runs of a batch. */
  BatchBody<I> batch() {
    return ((Batched<I, O>) body).batch();
  }

  /** For logs: the name is the identity, the rest is code. */
  @Override
  public String toString() {
    return "job " + name;
  }
}
