// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Has handlers, or bodies of steps, fail before they do anything. What is said last is asked first.
 */
public final class BodyFaults {
  private final Faults faults;
  private final Predicate<BodyCall> which;

  BodyFaults(Faults faults, Predicate<BodyCall> which) {
    this.faults = faults;
    this.which = which;
  }

  /**
   * The next calls fail.
   *
   * @param failure makes what the body throws, such as {@code IOException::new}; not looked at by
   *     the compiler, so it may be one that the body does not declare
   */
  public BodyFaults failTimes(int times, Supplier<? extends Throwable> failure) {
    requireNonNull(failure, "failure");
    return add(which, times, call -> throwAny(failure.get()));
  }

  /**
   * Each call fails of which something is so.
   *
   * @param failure makes what the body throws
   */
  public BodyFaults failWhen(
      Predicate<? super BodyCall> condition, Supplier<? extends Throwable> failure) {
    requireNonNull(failure, "failure");
    return add(which.and(condition), Integer.MAX_VALUE, call -> throwAny(failure.get()));
  }

  /**
   * The next call stands still before the body does anything, and with it all that its node does,
   * as in a long garbage collection; then it goes on as if no time had passed.
   */
  public BodyFaults pauseNode(Duration time) {
    requireNonNull(time, "time");
    return add(which, 1, call -> faults.pauseInside(time));
  }

  /**
   * The next call loses its run: its node {@linkplain #pauseNode stands still} until its lease is
   * over and another node, which is started for this, has taken over. What the body does then comes
   * too late to be recorded.
   */
  public BodyFaults loseLease() {
    faults.startOtherNode();
    return pauseNode(TestNodes.LOST_LEASE);
  }

  private BodyFaults add(Predicate<BodyCall> condition, int times, Faults.Harm harm) {
    if (times < 1) {
      throw new IllegalArgumentException("times must be at least 1, was " + times);
    }
    faults.add(condition, times, harm);
    return this;
  }

  /** Throws what a compiler would not let through; the caller is a stranger's code, which may. */
  @SuppressWarnings("unchecked") // there is no cast at run time
  private static <X extends Throwable> void throwAny(Throwable failure) throws X {
    throw (X) failure;
  }
}
