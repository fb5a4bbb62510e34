// SPDX-License-Identifier: Apache-2.0
package dev.belfry.retry;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How waits are spread, so that runs that failed together do not come back together. Immutable.
 *
 * <p>The spread is kept at the cap too, and no wait exceeds the cap. It comes from a seed, not from
 * a random source: the same seed gives the same wait.
 */
public final class Jitter {
  /*
   * Jitter before the cap would send every capped wait to the cap itself (a herd), jitter after it
   * would exceed the cap. So the wait is first cut to cap / (1 + upward spread), then spread.
   */
  private static final Jitter NONE = new Jitter("no", 1, 0);
  private static final Jitter FULL = new Jitter("full", 0, 1);
  private static final Jitter EQUAL = new Jitter("equal", 0.5, 0.5);

  private final String name;
  private final double low;
  private final double width;

  private Jitter(String name, double low, double width) {
    this.name = name;
    this.low = low;
    this.width = width;
  }

  /** Returns the jitter that leaves each wait as it is. */
  public static Jitter none() {
    return NONE;
  }

  /**
   * Returns the jitter that picks from zero to the wait: the widest spread, some waits near zero.
   */
  public static Jitter full() {
    return FULL;
  }

  /** Returns the jitter that picks from half the wait to the wait: spread, and never near zero. */
  public static Jitter equal() {
    return EQUAL;
  }

  /**
   * Returns the jitter that adds or takes away up to a share of the wait: 0.1 spreads 60 s over 54
   * to 66 s.
   *
   * @param share above 0, at most 1
   * @throws IllegalArgumentException if {@code share} is out of range
   */
  public static Jitter proportional(double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share must be above 0 and at most 1, was " + share);
    }
    return new Jitter("proportional " + share, 1 - share, 2 * share);
  }

  /**
   * Returns the wait to use in place of {@code delay}: from zero to {@code max}, in whole
   * microseconds. Waits and limits above 365 days count as 365 days.
   *
   * @param delay the wait before jitter; not negative
   * @param max the longest wait allowed; not negative
   * @param seed picks the place in the spread; equal seeds give equal waits
   */
  public Duration apply(Duration delay, Duration max, long seed) {
    Delays.requireNotNegative(delay, "delay");
    Delays.requireNotNegative(max, "max");
    double cap = Delays.toMicros(max);
    double highest = Math.max(1, low + width);
    double base = Math.min((double) Delays.toMicros(delay), cap / highest);
    double micros = base * low + base * width * fraction(seed);
    return Delays.min(Delays.ofMicros(Math.max(0, Math.min(micros, cap))), max);
  }

  /** From 0 to just below 1: the finaliser of SplitMix64, its upper 53 bits. */
  private static double fraction(long seed) {
    long z = seed + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z ^= z >>> 31;
    return (z >>> 11) * 0x1.0p-53;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Jitter that && low == that.low && width == that.width;
  }

  @Override
  public int hashCode() {
    return Objects.hash(low, width);
  }

  /** Returns the jitter in words, such as {@code equal jitter}. */
  @Override
  public String toString() {
    return name + " jitter";
  }
}
