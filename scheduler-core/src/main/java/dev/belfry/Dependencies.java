// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.run.RunEnd;
import dev.belfry.run.Status;
import dev.belfry.run.TypeRef;
import dev.belfry.store.Payload;
import dev.belfry.store.RunRecord;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the runs of a job depend on, and what depends on them: a value that a builder adds to.
 *
 * @param follows whose ends its runs come after
 * @param condition whether a run is wanted
 * @param hooks what is called after the ends of its own runs
 */
record Dependencies<I extends @Nullable Object>(
    List<Follow<I>> follows, Optional<Predicate<? super I>> condition, List<Hook> hooks) {
  static final TypeRef<RunEnd> RUN_END = TypeRef.of(RunEnd.class);

  /**
   * An end of another job's run after which one of this job comes.
   *
   * @param jobs the present and former names of the other job
   * @param types what the input is made of, for the codec to check
   */
  record Follow<I extends @Nullable Object>(
      Set<String> jobs, On on, List<TypeRef<?>> types, Mapping<I> mapping) {
    boolean isFor(String job, Status end) {
      return jobs.contains(job) && on.includes(end);
    }

    boolean overlaps(Follow<?> other) {
      return jobs.stream().anyMatch(other.jobs::contains)
          && (on == other.on || on == On.ALWAYS || other.on == On.ALWAYS);
    }
  }

  /** Makes the input of a run of what is known of the one before. */
  @FunctionalInterface
  interface Mapping<I extends @Nullable Object> {
    Payload input(JobDefinition<I, ?> job, RunRecord before, Payloads payloads);
  }

  /** Something to be called after the ends of a job's runs. */
  record Hook(String method, On on, InputBody<? super RunEnd> body) {
    /** A hook is a job of its own, in the queue of the other, so that it is retried and seen. */
    JobDefinition<RunEnd, ?> jobOf(JobDefinition<?, ?> job) {
      var builder = new JobBuilder<>(nameFor(job.name()), RUN_END);
      job.formerly().forEach(former -> builder.formerly(nameFor(former)));
      builder.title(job.title() + ", " + method).queue(job.queue());
      return JobDefinition.of(builder.handler(body));
    }

    String nameFor(String job) {
      return job + "/" + method;
    }
  }

  static <I extends @Nullable Object> Dependencies<I> none() {
    return new Dependencies<>(List.of(), Optional.empty(), List.of());
  }

  /** Has the input of the run before go on as it is; it need not be decoded for that. */
  static <I extends @Nullable Object> Mapping<I> asItIs() {
    return (job, before, payloads) -> before.input();
  }

  static <P extends @Nullable Object, I extends @Nullable Object> Mapping<I> ofInput(
      JobDefinition<P, ?> parent, Function<? super P, ? extends I> mapping) {
    requireNonNull(mapping, "mapping");
    return (job, before, payloads) ->
        payloads.input(job, mapping.apply(payloads.decode(parent.input(), before.input())));
  }

  static <P extends @Nullable Object, R extends @Nullable Object, I extends @Nullable Object>
      Mapping<I> ofResult(
          JobDefinition<P, R> parent,
          BiFunction<? super P, ? super Optional<R>, ? extends I> mapping) {
    requireNonNull(mapping, "mapping");
    return (job, before, payloads) -> {
      P input = payloads.decode(parent.input(), before.input());
      Optional<R> result =
          before
              .result()
              .flatMap(kept -> Optional.ofNullable(payloads.decode(parent.result(), kept)));
      return payloads.input(job, mapping.apply(input, result));
    };
  }

  Dependencies<I> with(String job, Follow<I> follow) {
    if (follow.jobs.contains(job)) {
      throw new IllegalArgumentException(
          "job \"" + job + "\" can't come after itself: its runs would never end");
    }
    follows.stream()
        .filter(follow::overlaps)
        .findFirst()
        .ifPresent(
            other -> {
              throw new IllegalArgumentException(
                  "job \""
                      + job
                      + "\" comes after job "
                      + follow.jobs
                      + " on "
                      + other.on
                      + " and on "
                      + follow.on
                      + "; an end may start one run of it");
            });
    return new Dependencies<>(plus(follows, follow), condition, hooks);
  }

  Dependencies<I> onlyIf(String job, Predicate<? super I> wanted) {
    requireNonNull(wanted, "condition");
    if (condition.isPresent()) {
      throw new IllegalArgumentException(
          "job \"" + job + "\" has an onlyIf already; join the two conditions by &&");
    }
    return new Dependencies<>(follows, Optional.of(wanted), hooks);
  }

  Dependencies<I> with(String job, Hook hook) {
    requireNonNull(hook.body, "body");
    if (hooks.stream().anyMatch(other -> other.on == hook.on)) {
      throw new IllegalArgumentException(
          "job \"" + job + "\" has a hook " + hook.method + " already; let one do both");
    }
    return new Dependencies<>(follows, condition, plus(hooks, hook));
  }

  private static <T> List<T> plus(List<T> list, T one) {
    return Stream.concat(list.stream(), Stream.of(one)).toList();
  }

  /** Returns the names of all jobs whose ends are followed; for hooks, also {@code own}. */
  Set<String> followed(Set<String> own) {
    return Stream.concat(
            follows.stream().flatMap(follow -> follow.jobs.stream()),
            hooks.isEmpty() ? Stream.empty() : own.stream())
        .collect(Collectors.toSet());
  }

  /** Returns all types that inputs are made of. */
  List<TypeRef<?>> types() {
    return follows.stream().<TypeRef<?>>flatMap(follow -> follow.types.stream()).toList();
  }

  /** Whether a run with this input is wanted. */
  boolean isWanted(I input) {
    return condition.isEmpty() || condition.get().test(input);
  }
}
