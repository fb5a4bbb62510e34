// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.run.OnActive;
import dev.belfry.store.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Collects what a job says of all its runs together, and refuses what does not go together. */
final class JobLimits<I extends @Nullable Object> {
  /** Why these can't be had beside an order. */
  private static final Map<Limit.Kind, String> NOT_IN_ORDER =
      Map.of(
          Limit.Kind.THROTTLE, "throttle: it moves runs to other times, which the order goes by",
          Limit.Kind.SINGLETON, "singleton: it ends or replaces runs that the order has wait",
          Limit.Kind.DEBOUNCE, "debounce: it ends runs that the order has wait");

  private final String job;
  private final List<RunLimit<I>> limits = new ArrayList<>();

  JobLimits(String job) {
    this.job = job;
  }

  void slots(String name, int atOnce, Optional<Function<? super I, String>> key) {
    if (atOnce < 1) {
      throw new IllegalArgumentException(
          "limitRuns of job \"" + job + "\" must be at least 1, was " + atOnce);
    }
    if (limits.stream().anyMatch(other -> other.limit().name().equals(name))) {
      throw new IllegalArgumentException(
          "job \"" + job + "\" has two limits that are called \"" + name + "\"");
    }
    limits.add(new RunLimit<>(new Limit.Slots(name, atOnce), key));
  }

  void order(Function<? super I, String> key) {
    only(Limit.Kind.ORDER, "orders; give it one key");
    limits.add(new RunLimit<>(new Limit.Order(name(Limit.Kind.ORDER)), keyed(key)));
  }

  void throttle(int starts, Duration per, Optional<Function<? super I, String>> key) {
    only(Limit.Kind.THROTTLE, "throttles; give it one");
    check("throttle", starts, per);
    limits.add(new RunLimit<>(new Limit.Throttle(name(Limit.Kind.THROTTLE), starts, per), key));
  }

  void rate(int starts, Duration per, Optional<Function<? super I, String>> key) {
    only(Limit.Kind.RATE, "rate limits; give it one");
    check("rateLimit", starts, per);
    limits.add(new RunLimit<>(new Limit.Rate(name(Limit.Kind.RATE), starts, per), key));
  }

  void singleton(OnActive onActive, Optional<Function<? super I, String>> key) {
    only(Limit.Kind.SINGLETON, "singletons; give it one");
    requireNonNull(onActive, "onActive");
    limits.add(new RunLimit<>(new Limit.Singleton(name(Limit.Kind.SINGLETON), onActive), key));
  }

  void debounce(Duration quiet, Optional<Duration> max, Optional<Function<? super I, String>> key) {
    only(Limit.Kind.DEBOUNCE, "debounces; give it one");
    if (quiet.isNegative() || quiet.isZero()) {
      throw new IllegalArgumentException(
          "debounce of job \"" + job + "\" must be positive, was " + quiet);
    }
    if (max.isPresent() && max.get().compareTo(quiet) <= 0) {
      throw new IllegalArgumentException(
          "max of the debounce of job \""
              + job
              + "\" must be longer than its quiet time of "
              + quiet
              + ", was "
              + max.get());
    }
    limits.add(
        new RunLimit<>(
            new Limit.Debounce(name(Limit.Kind.DEBOUNCE), max), key, Optional.of(quiet)));
  }

  void batch(int maxSize, Duration maxWait, Optional<Function<? super I, String>> key) {
    if (!limits.isEmpty()) {
      throw new IllegalArgumentException(
          "job \""
              + job
              + "\" takes batches and limits its runs: a batch starts or waits as a whole; leave one"
              + " of the two out");
    }
    limits.add(new RunLimit<>(new Limit.Batch(name(Limit.Kind.BATCH), maxSize, maxWait), key));
  }

  static <I extends @Nullable Object> Optional<Function<? super I, String>> keyed(
      Function<? super I, String> key) {
    return Optional.of(requireNonNull(key, "key"));
  }

  private String name(Limit.Kind kind) {
    return kind.of(RunLimit.ofJob(job));
  }

  private void only(Limit.Kind kind, String words) {
    if (has(kind)) {
      throw new IllegalArgumentException("job \"" + job + "\" has two " + words);
    }
  }

  private boolean has(Limit.Kind kind) {
    return limits.stream().anyMatch(limit -> limit.limit().kind() == kind);
  }

  private void check(String what, int starts, Duration per) {
    if (starts < 1) {
      throw new IllegalArgumentException(
          what + " of job \"" + job + "\" must let at least 1 run start, was " + starts);
    }
    if (per.dividedBy(starts).compareTo(Duration.ofNanos(1_000)) < 0) {
      throw new IllegalArgumentException(
          what
              + " of job \""
              + job
              + "\" must give each start a microsecond at least, was "
              + starts
              + " in "
              + per);
    }
  }

  /** Returns all, once they are found to go together. */
  List<RunLimit<I>> checked() {
    for (Limit.Kind kind : Limit.Kind.values()) {
      if (has(Limit.Kind.ORDER) && has(kind) && NOT_IN_ORDER.containsKey(kind)) {
        throw new IllegalArgumentException(
            "job \"" + job + "\" can't have inOrder beside " + NOT_IN_ORDER.get(kind));
      }
    }
    return List.copyOf(limits);
  }
}
