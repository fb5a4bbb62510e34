// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.store.CodecException;
import dev.belfry.store.Due;
import dev.belfry.store.Limit;
import dev.belfry.store.LimitKey;
import dev.belfry.store.NewRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A limit that all runs of a job meet.
 *
 * @param limit the limit
 * @param key has the runs of each key limited by themselves; empty: all together
 * @param quiet how long a run waits for others to come, if it is debounced
 */
record RunLimit<I extends @Nullable Object>(
    Limit limit, Optional<Function<? super I, String>> key, Optional<Duration> quiet) {
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);
  static final String SHARED = "shared ";
  private static final String NO_KEY = "";

  RunLimit(Limit limit, Optional<Function<? super I, String>> key) {
    this(limit, key, Optional.empty());
  }

  /** Returns what is unique for a limit of one job alone; a name of a job has no space. */
  static String ofJob(String job) {
    return "job " + job;
  }

  boolean isOrder() {
    return limit.kind() == Limit.Kind.ORDER;
  }

  /** Returns whether it gives a number of places to the runs of each key. */
  boolean hasSlotsOfKeys() {
    return key.isPresent() && (isOrder() || limit.kind() == Limit.Kind.SLOTS);
  }

  /** Returns what is unique for a limit that jobs share. */
  static String shared(String name) {
    return SHARED + Names.check("name of a shared limit", name);
  }

  private LimitKey of(I input) {
    String its = key.isPresent() ? key.get().apply(input) : NO_KEY;
    return new LimitKey(limit.name(), requireNonNull(its, "it is null"));
  }

  /** Puts a new run where its job belongs: queue, priority, what limits it, what cancels it. */
  static <I extends @Nullable Object> NewRun place(JobDefinition<I, ?> job, I input, NewRun run) {
    return CancelRule.on(job, input, limited(job, input, run));
  }

  private static <I extends @Nullable Object> NewRun limited(
      JobDefinition<I, ?> job, I input, NewRun run) {
    var keys = new ArrayList<LimitKey>();
    for (RunLimit<I> limit : job.limits()) {
      keys.add(checked(job, limit, input));
    }
    return inLane(job, run).withLimits(keys);
  }

  private static <I extends @Nullable Object> LimitKey checked(
      JobDefinition<I, ?> job, RunLimit<I> limit, I input) {
    try {
      return limit.of(input);
    } catch (RuntimeException broken) {
      throw new IllegalArgumentException(
          "the key of a limit of job \"" + job.name() + "\" can't be had: " + broken.getMessage(),
          broken);
    }
  }

  /**
   * As above, for an input that is stored already. If it can't be decoded, or has no key, nobody is
   * there to be told: the run is made all the same, and limited together with its like.
   *
   * @param job null if it is not known here: then the run stays as it is
   */
  static <I extends @Nullable Object> NewRun place(
      @Nullable JobDefinition<I, ?> job, Payloads payloads, NewRun run) {
    return job == null ? run : CancelRule.on(job, payloads, limited(job, payloads, run));
  }

  private static <I extends @Nullable Object> NewRun limited(
      JobDefinition<I, ?> job, Payloads payloads, NewRun run) {
    if (job.limits().stream().allMatch(limit -> limit.key().isEmpty())) {
      return withoutKeys(job, run);
    }
    try {
      return limited(job, payloads.decode(job.input(), run.input()), run);
    } catch (CodecException | IllegalArgumentException broken) {
      log.error("run {} of job {} is limited as one without a key", run.id(), job.name(), broken);
      return withoutKeys(job, run);
    }
  }

  private static NewRun withoutKeys(JobDefinition<?, ?> job, NewRun run) {
    return inLane(job, run)
        .withLimits(
            job.limits().stream()
                .map(limit -> new LimitKey(limit.limit().name(), NO_KEY))
                .toList());
  }

  private static NewRun inLane(JobDefinition<?, ?> job, NewRun run) {
    NewRun placed = run.withQueue(job.queue()).withPriority(job.priority());
    return quiet(job).map(time -> placed.withDue(new Due.After(time))).orElse(placed);
  }

  /** Returns how long the runs of a job wait for others, if they are debounced. */
  static Optional<Duration> quiet(JobDefinition<?, ?> job) {
    return job.limits().stream().flatMap(limit -> limit.quiet().stream()).findFirst();
  }

  /** Returns a run that somebody asked for by hand, which waits for no others. */
  static NewRun byHand(NewRun run) {
    return run.withDue(new Due.Now())
        .withLimits(
            run.limits().stream().filter(key -> key.kind() != Limit.Kind.DEBOUNCE).toList());
  }
}
