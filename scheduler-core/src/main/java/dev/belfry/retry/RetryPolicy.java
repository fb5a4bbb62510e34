// SPDX-License-Identifier: Apache-2.0
package dev.belfry.retry;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How often failed work is tried again, when, and for which failures. Immutable and thread-safe.
 *
 * <p>A policy reads no clock and keeps no count, so a whole plan of retries can be computed,
 * printed and tested without running anything: see {@link #plan(int, long)}.
 *
 * <p>Which failures are tried again is decided in this order; without any rule all are, an {@link
 * Error} too.
 *
 * <ol>
 *   <li>{@link SnoozeException}, {@link NonRetryableException} or {@link RetryAfterException},
 *       wherever in the chain of causes; the outermost counts.
 *   <li>The predicates of {@link #failIf(Predicate)}, for each exception of the chain.
 *   <li>The types given to {@code failOn}, {@code retryOn}, {@code discardOn} and {@code
 *       pauseJobOn}: the outermost exception of the chain that has a rule counts, the most specific
 *       type decides, and of equal types the one given last.
 *   <li>Once {@code retryOn} was used, everything else fails.
 * </ol>
 *
 * <p>Two policies are equal if they decide alike; predicates are compared by identity.
 */
public final class RetryPolicy {
  private static final Duration USUAL_MAX_DELAY = Duration.ofHours(1);
  private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(24);
  private static final OptionalInt USUAL_MAX_ATTEMPTS = OptionalInt.of(5);
  private static final RetryPolicy DEFAULTS = exponential(Duration.ofSeconds(10));

  private final Backoff backoff;
  private final Jitter jitter;
  private final Duration maxDelay;
  private final OptionalInt maxAttempts;
  private final Optional<Duration> maxElapsed;
  private final Classification classification;

  private RetryPolicy(
      Backoff backoff,
      Jitter jitter,
      Duration maxDelay,
      OptionalInt maxAttempts,
      Optional<Duration> maxElapsed,
      Classification classification) {
    this.backoff = backoff;
    this.jitter = jitter;
    this.maxDelay = maxDelay;
    this.maxAttempts = maxAttempts;
    this.maxElapsed = maxElapsed;
    this.classification = classification;
  }

  private static RetryPolicy of(
      Backoff backoff, Jitter jitter, Duration maxDelay, OptionalInt maxAttempts) {
    return new RetryPolicy(
        backoff, jitter, maxDelay, maxAttempts, Optional.empty(), Classification.NONE);
  }

  /**
   * Returns the policy of a job that names none: 5 attempts, 10 s doubling to 1 h, equal jitter.
   */
  public static RetryPolicy defaults() {
    return DEFAULTS;
  }

  /**
   * Returns a policy whose waits double. Default: 5 attempts, equal jitter, no wait above 1 hour or
   * above {@code first} if that is longer.
   *
   * @param first the wait after the first attempt; positive, at most 365 days
   * @throws IllegalArgumentException if {@code first} is out of range
   */
  public static RetryPolicy exponential(Duration first) {
    return of(
        new Backoff.Exponential(first, 2),
        Jitter.equal(),
        Delays.max(USUAL_MAX_DELAY, first),
        USUAL_MAX_ATTEMPTS);
  }

  /**
   * Returns a policy whose waits are all the same. Default: 5 attempts, no jitter.
   *
   * @param delay the wait; zero is at once, at most 365 days
   * @throws IllegalArgumentException if {@code delay} is out of range
   */
  public static RetryPolicy fixed(Duration delay) {
    return of(new Backoff.Fixed(delay), Jitter.none(), Delays.LONGEST, USUAL_MAX_ATTEMPTS);
  }

  /**
   * Returns a policy whose waits grow by one step each: step, 2 steps, 3 steps. Default: 5
   * attempts, equal jitter, no wait above 1 hour or above {@code step} if that is longer.
   *
   * @param step positive, at most 365 days
   * @throws IllegalArgumentException if {@code step} is out of range
   */
  public static RetryPolicy linear(Duration step) {
    return of(
        new Backoff.Linear(step),
        Jitter.equal(),
        Delays.max(USUAL_MAX_DELAY, step),
        USUAL_MAX_ATTEMPTS);
  }

  /**
   * Returns a policy that reads its waits from a table. Default: one attempt more than there are
   * waits, no jitter. With more attempts the last wait is repeated.
   *
   * @param delays the waits after attempt 1, 2 and so on; at least one, each from zero to 365 days
   * @throws IllegalArgumentException if there is no wait or one is out of range
   */
  public static RetryPolicy delays(Duration... delays) {
    return of(
        new Backoff.Table(List.of(delays)),
        Jitter.none(),
        Delays.LONGEST,
        OptionalInt.of(delays.length + 1));
  }

  /** Returns the policy with one attempt only. Classification and snoozing work as with others. */
  public static RetryPolicy none() {
    return of(new Backoff.Fixed(Duration.ZERO), Jitter.none(), Delays.LONGEST, OptionalInt.of(1));
  }

  /**
   * Returns this policy with another number of attempts.
   *
   * @param attempts how often the work is started at most, the first time included; at least 1
   * @throws IllegalArgumentException if {@code attempts} is less than 1
   */
  public RetryPolicy withMaxAttempts(int attempts) {
    if (attempts < 1) {
      throw new IllegalArgumentException(
          "maxAttempts must be at least 1 (1 = never retry), was "
              + attempts
              + "; withUnlimitedAttempts() has no limit");
    }
    return new RetryPolicy(
        backoff, jitter, maxDelay, OptionalInt.of(attempts), maxElapsed, classification);
  }

  /** Returns this policy with no limit on the number of attempts. */
  public RetryPolicy withUnlimitedAttempts() {
    return new RetryPolicy(
        backoff, jitter, maxDelay, OptionalInt.empty(), maxElapsed, classification);
  }

  /**
   * Returns this policy with another longest wait, jitter included. Only a {@link
   * RetryAfterException} and a {@link SnoozeException} may ask for more.
   *
   * @param delay positive, at most 365 days
   * @throws IllegalArgumentException if {@code delay} is out of range
   */
  public RetryPolicy withMaxDelay(Duration delay) {
    Delays.requireAtMostLongest(Delays.requirePositive(delay, "maxDelay"), "maxDelay");
    return new RetryPolicy(backoff, jitter, delay, maxAttempts, maxElapsed, classification);
  }

  /**
   * Returns this policy with a time limit: no attempt starts later than this after the first one
   * started. Default: none.
   *
   * @param elapsed positive
   * @throws IllegalArgumentException if {@code elapsed} is not positive
   */
  public RetryPolicy withMaxElapsed(Duration elapsed) {
    Delays.requirePositive(elapsed, "maxElapsed");
    return new RetryPolicy(
        backoff, jitter, maxDelay, maxAttempts, Optional.of(elapsed), classification);
  }

  /**
   * Returns this policy with another jitter.
   *
   * @param other how waits are spread
   */
  public RetryPolicy withJitter(Jitter other) {
    return new RetryPolicy(
        backoff,
        requireNonNull(other, "jitter"),
        maxDelay,
        maxAttempts,
        maxElapsed,
        classification);
  }

  /**
   * Returns this exponential policy with another factor from one wait to the next.
   *
   * @param multiplier 1 to 100; the default is 2
   * @throws IllegalArgumentException if {@code multiplier} is out of range
   * @throws IllegalStateException if this policy is not exponential
   */
  public RetryPolicy withMultiplier(double multiplier) {
    if (!(backoff instanceof Backoff.Exponential exponential)) {
      throw new IllegalStateException(
          "only an exponential policy has a multiplier, this one is " + name());
    }
    Backoff other = new Backoff.Exponential(exponential.first(), multiplier);
    return new RetryPolicy(other, jitter, maxDelay, maxAttempts, maxElapsed, classification);
  }

  /**
   * Returns this policy with types of failure that end the run at once.
   *
   * @param types matched along the chain of causes, subtypes included; at least one
   * @throws IllegalArgumentException if no type is given
   */
  @SafeVarargs
  @SuppressWarnings("varargs")
  public final RetryPolicy failOn(Class<? extends Throwable>... types) {
    return with(Outcome.FAIL, List.of(types));
  }

  /**
   * Returns this policy with the types of failure that are tried again; all other failures then end
   * the run at once, unless another rule names them.
   *
   * @param types matched along the chain of causes, subtypes included; at least one
   * @throws IllegalArgumentException if no type is given
   */
  @SafeVarargs
  @SuppressWarnings("varargs")
  public final RetryPolicy retryOn(Class<? extends Throwable>... types) {
    return with(Outcome.RETRY, List.of(types));
  }

  /**
   * Returns this policy with types of failure that drop the run, without counting it as failed.
   *
   * @param types matched along the chain of causes, subtypes included; at least one
   * @throws IllegalArgumentException if no type is given
   */
  @SafeVarargs
  @SuppressWarnings("varargs")
  public final RetryPolicy discardOn(Class<? extends Throwable>... types) {
    return with(Outcome.DISCARD, List.of(types));
  }

  /**
   * Returns this policy with types of failure that pause the job until a person resumes it, such as
   * a refused password.
   *
   * @param types matched along the chain of causes, subtypes included; at least one
   * @throws IllegalArgumentException if no type is given
   */
  @SafeVarargs
  @SuppressWarnings("varargs")
  public final RetryPolicy pauseJobOn(Class<? extends Throwable>... types) {
    return with(Outcome.PAUSE_JOB, List.of(types));
  }

  /**
   * Returns this policy with a test for failures that end the run at once. Tests add up.
   *
   * @param test asked for each exception of the chain of causes; one that throws counts as false
   */
  public RetryPolicy failIf(Predicate<? super Throwable> test) {
    return with(classification.with(requireNonNull(test, "test")));
  }

  private RetryPolicy with(Outcome outcome, List<Class<? extends Throwable>> types) {
    if (types.isEmpty()) {
      throw new IllegalArgumentException("types must not be empty");
    }
    return with(classification.with(outcome, types));
  }

  private RetryPolicy with(Classification other) {
    return new RetryPolicy(backoff, jitter, maxDelay, maxAttempts, maxElapsed, other);
  }

  /** Returns how the wait grows, before cap and jitter. */
  public Backoff backoff() {
    return backoff;
  }

  /** Returns how waits are spread. */
  public Jitter jitter() {
    return jitter;
  }

  /** Returns how often the work is started at most, the first time included; empty: no limit. */
  public OptionalInt maxAttempts() {
    return maxAttempts;
  }

  /** Returns the longest wait. */
  public Duration maxDelay() {
    return maxDelay;
  }

  /** Returns how long after the first start an attempt may start at the latest; empty: no limit. */
  public Optional<Duration> maxElapsed() {
    return maxElapsed;
  }

  /**
   * Decides what happens after a failure. Equal arguments give equal answers.
   *
   * <p>A retry waits from zero to {@link #maxDelay()}, or up to 24 hours if the failure is a {@link
   * RetryAfterException}.
   *
   * @param attempt the attempt that failed; the first is 1
   * @param elapsedSinceFirstStart from the start of the first attempt to now; negative, as clocks
   *     may differ, counts as zero
   * @param failure what the handler threw
   * @param jitterSeed picks the place in the spread of the jitter, together with {@code attempt}
   * @throws IllegalArgumentException if {@code attempt} is less than 1
   */
  public Decision decide(
      int attempt, Duration elapsedSinceFirstStart, Throwable failure, long jitterSeed) {
    requireNonNull(elapsedSinceFirstStart, "elapsedSinceFirstStart");
    Duration delay = delayAfter(attempt, jitterSeed);
    Verdict verdict = classification.judge(requireNonNull(failure, "failure"));
    String failed = failedAttempt(attempt) + " with " + type(verdict.failure());
    return switch (verdict.outcome()) {
      case SNOOZE -> new Decision.Snooze(((SnoozeException) verdict.failure()).delay());
      case FAIL -> new Decision.Fail(failed + ", which is not retried");
      case DISCARD -> new Decision.Discard(failed + ", which discards the run");
      case PAUSE_JOB -> new Decision.PauseJob(failed + ", which pauses the job");
      case RETRY -> retry(attempt, elapsedSinceFirstStart, delay, verdict.failure());
    };
  }

  /**
   * Returns the waits after attempt 1, 2 and so on, as if each attempt failed at once with a
   * failure that is retried. The list ends where the policy gives up.
   *
   * @param attempts how many failed attempts to look at, at most; not negative
   * @param seed the seed of the jitter, as {@link #decide} takes it
   * @throws IllegalArgumentException if {@code attempts} is negative
   */
  public List<Duration> plan(int attempts, long seed) {
    if (attempts < 0) {
      throw new IllegalArgumentException("attempts must not be negative, was " + attempts);
    }
    List<Duration> delays = new ArrayList<>();
    Duration elapsed = Duration.ZERO;
    for (int attempt = 1; attempt <= attempts && !isLast(attempt); attempt++) {
      Duration delay = delayAfter(attempt, seed);
      if (isTooLate(elapsed, delay)) {
        break;
      }
      elapsed = elapsed.plus(delay);
      delays.add(delay);
    }
    return List.copyOf(delays);
  }

  private Decision retry(int attempt, Duration elapsed, Duration planned, Throwable failure) {
    if (isLast(attempt)) {
      return new Decision.Fail(failedAttempt(attempt) + ", none is left");
    }
    Duration delay = planned;
    String source = name() + ", " + jitter;
    if (failure instanceof RetryAfterException e && e.delay().compareTo(planned) > 0) {
      Duration asked = Delays.min(e.delay(), Delays.max(LONGEST_RETRY_AFTER, planned));
      delay = Delays.ofMicros(Delays.toMicros(asked));
      source = "as the failure asked";
    }
    if (isTooLate(Delays.max(Duration.ZERO, elapsed), delay)) {
      return new Decision.Fail(
          failedAttempt(attempt)
              + ", the next after "
              + Delays.words(delay)
              + " would start later than "
              + Delays.words(maxElapsed.orElseThrow())
              + " after the first");
    }
    return new Decision.RetryAfter(
        delay,
        failedAttempt(attempt) + ", next after " + Delays.words(delay) + " (" + source + ")");
  }

  private Duration delayAfter(int attempt, long seed) {
    return jitter.apply(backoff.delayAfter(attempt), maxDelay, seed * 31 + attempt);
  }

  /** Subtracts, as the sum of elapsed time and delay could overflow. */
  private boolean isTooLate(Duration elapsed, Duration delay) {
    return maxElapsed.isPresent() && elapsed.compareTo(maxElapsed.get().minus(delay)) > 0;
  }

  private boolean isLast(int attempt) {
    return maxAttempts.isPresent() && attempt >= maxAttempts.getAsInt();
  }

  private String failedAttempt(int attempt) {
    return "attempt "
        + attempt
        + (maxAttempts.isPresent() ? " of " + maxAttempts.getAsInt() : "")
        + " failed";
  }

  /** The class without its package; unlike the simple name never empty. */
  private static String type(Throwable failure) {
    String name = failure.getClass().getName();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private String name() {
    return backoff.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RetryPolicy that
        && backoff.equals(that.backoff)
        && jitter.equals(that.jitter)
        && maxDelay.equals(that.maxDelay)
        && maxAttempts.equals(that.maxAttempts)
        && maxElapsed.equals(that.maxElapsed)
        && classification.equals(that.classification);
  }

  @Override
  public int hashCode() {
    return Objects.hash(backoff, jitter, maxDelay, maxAttempts, maxElapsed, classification);
  }

  /** Returns the policy in words, such as {@code 3 attempts, fixed PT5S, no jitter, ...}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(maxAttempts.isPresent() ? maxAttempts.getAsInt() : "unlimited");
    text.append(maxAttempts.equals(OptionalInt.of(1)) ? " attempt, " : " attempts, ");
    text.append(name());
    if (backoff instanceof Backoff.Fixed fixed) {
      text.append(' ').append(fixed.delay());
    } else if (backoff instanceof Backoff.Linear linear) {
      text.append(' ').append(linear.step());
    } else if (backoff instanceof Backoff.Exponential exponential) {
      text.append(' ').append(exponential.first()).append(" x").append(exponential.multiplier());
    } else if (backoff instanceof Backoff.Table table) {
      text.append(' ').append(table.delays());
    }
    text.append(", ").append(jitter).append(", at most ").append(maxDelay);
    maxElapsed.ifPresent(limit -> text.append(", all within ").append(limit));
    return text.append(classification).toString();
  }
}
