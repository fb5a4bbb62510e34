// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The store's clock. It may be set, forward and back. */
final class StoreClock implements InstantSource {
  private final Agenda agenda;
  private Duration offset = Duration.ZERO;
  private @Nullable Duration borrowed;

  StoreClock(Agenda agenda) {
    this.agenda = agenda;
  }

  @Override
  public Instant instant() {
    Duration off = borrowed == null ? offset : offset.plus(borrowed);
    return World.START.plus(agenda.elapsed()).plus(off);
  }

  void step(Duration by) {
    offset = offset.plus(by);
  }

  /** Does something by another clock, which is so far off this one. */
  <T extends @Nullable Object> T by(Duration skew, Supplier<T> action) {
    borrowed = skew;
    try {
      return action.get();
    } finally {
      borrowed = null;
    }
  }
}
