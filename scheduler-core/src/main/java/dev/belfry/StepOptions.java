// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.retry.RetryPolicy;
import dev.belfry.store.MemoKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a step is carried out, where that differs from the usual: called until it has succeeded once,
 * without a limit of time, and a failure is the attempt's. Immutable.
 *
 * <pre>{@code
 * ctx.step("charge", StepOptions.retry(RetryPolicy.fixed(ofSeconds(5)).withMaxAttempts(3)),
 *     Receipt.class, step -> bank.charge(order, step.key()));
 * }</pre>
 */
public final class StepOptions {
  /** What nothing was said about. */
  static final StepOptions USUAL =
      new StepOptions(Optional.empty(), Optional.empty(), false, List.of());

  private final Optional<RetryPolicy> retry;
  private final Optional<Duration> timeout;
  private final boolean atMostOnce;
  private final List<String> formerly;

  private StepOptions(
      Optional<RetryPolicy> retry,
      Optional<Duration> timeout,
      boolean atMostOnce,
      List<String> formerly) {
    this.retry = retry;
    this.timeout = timeout;
    this.atMostOnce = atMostOnce;
    this.formerly = formerly;
    if (atMostOnce && retry.isPresent()) {
      throw new IllegalArgumentException(
          "a step that is begun at most once can't be tried again; leave out its retry policy");
    }
  }

  /**
   * Returns the options of a step with a retry policy of its own. Its tries use no attempts of the
   * run, which sleeps between them; when they are used up, {@link StepFailedException} is thrown,
   * in this pass and in all later ones, which the job's policy does not retry. What the policy
   * would discard, or pause the job for, fails the step.
   *
   * @param policy without a limit of elapsed time, which a step does not keep
   */
  public static StepOptions retry(RetryPolicy policy) {
    return new StepOptions(Optional.of(withoutElapsed(policy)), Optional.empty(), false, List.of());
  }

  static RetryPolicy withoutElapsed(RetryPolicy policy) {
    if (policy.maxElapsed().isPresent()) {
      throw new IllegalArgumentException(
          "the policy of a step can't limit elapsed time, was "
              + policy
              + "; limit its attempts, or the run");
    }
    return policy;
  }

  /**
   * Returns the options of a step whose body is begun once at most, as a mark is stored before. If
   * it throws, or is found begun and not ended by a later pass, {@link StepFailedException} is
   * thrown then and ever after; so its result may be unknown, and the handler may ask somebody who
   * knows.
   */
  public static StepOptions atMostOnce() {
    return new StepOptions(Optional.empty(), Optional.empty(), true, List.of());
  }

  /** Returns the options of a step with a limit of time, as {@link #withTimeout} sets it. */
  public static StepOptions timeout(Duration ofOneTry) {
    return USUAL.withTimeout(ofOneTry);
  }

  /** Returns the options of a step that had other ids, as {@link #withFormerly} says them. */
  public static StepOptions formerly(String... ids) {
    return USUAL.withFormerly(ids);
  }

  /**
   * Returns these options with a limit for one try: when it is over, the body is interrupted and
   * told to cancel, and the try has failed, whatever the body does then. Default: none.
   *
   * @param ofOneTry positive
   */
  public StepOptions withTimeout(Duration ofOneTry) {
    if (ofOneTry.isNegative() || ofOneTry.isZero()) {
      throw new IllegalArgumentException("timeout of a step must be positive, was " + ofOneTry);
    }
    return new StepOptions(retry, Optional.of(ofOneTry), atMostOnce, formerly);
  }

  /** Returns these options, for a step that is begun once at most, as {@link #atMostOnce} says. */
  public StepOptions withAtMostOnce() {
    return new StepOptions(retry, timeout, true, formerly);
  }

  /**
   * Returns these options with ids that the step had before: what is stored under one of them is
   * this step's. Default: none.
   */
  public StepOptions withFormerly(String... ids) {
    return new StepOptions(
        retry,
        timeout,
        atMostOnce,
        Stream.of(ids).map(id -> MemoKey.of(id).id()).toList()); // a key checks its id
  }

  Optional<RetryPolicy> retry() {
    return retry;
  }

  Optional<Duration> timeout() {
    return timeout;
  }

  boolean isAtMostOnce() {
    return atMostOnce;
  }

  List<String> formerly() {
    return formerly;
  }
}
