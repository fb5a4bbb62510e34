// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that stands still until it is told otherwise.
 *
 * <p>Safe for use by several threads: each reads what was set last.
 */
public final class TestClock implements InstantSource {
  private final AtomicReference<Instant> now;

  private TestClock(Instant start) {
    this.now = new AtomicReference<>(requireNonNull(start, "start"));
  }

  /** Returns a clock that shows an instant. */
  public static TestClock at(Instant start) {
    return new TestClock(start);
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  /**
   * Moves the clock on, or back by a negative duration, as real clocks may go.
   *
   * @return what it shows now
   */
  public Instant advance(Duration by) {
    return now.updateAndGet(before -> before.plus(by));
  }

  /** Sets the clock, to a later or an earlier instant. */
  public void set(Instant instant) {
    now.set(requireNonNull(instant, "instant"));
  }

  @Override
  public String toString() {
    return "TestClock at " + now.get();
  }
}
