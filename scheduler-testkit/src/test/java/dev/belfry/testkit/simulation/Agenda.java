// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.simulation;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/** What is to happen on a time line, in order: by time, and at one time as it was entered. */
final class Agenda {
  private final PriorityQueue<Entry> entries = new PriorityQueue<>();
  private long nanos;
  private long sequence;

  /** Returns how far time has moved, in nanoseconds. */
  long nanos() {
    return nanos;
  }

  Duration elapsed() {
    return Duration.ofNanos(nanos);
  }

  void after(Duration delay, Runnable action) {
    at(nanos + Math.max(0, nanosOf(delay)), action);
  }

  void at(long when, Runnable action) {
    entries.add(new Entry(Math.max(when, nanos), sequence++, action));
  }

  /** Moves time and does what falls due; may be called by what is being done. */
  void runFor(Duration time) {
    runUntil(() -> false, time);
  }

  /**
   * Moves time until something is so, or so far.
   *
   * @return whether it is so
   */
  boolean runUntil(BooleanSupplier condition, Duration most) {
    long end = nanos + nanosOf(most);
    while (!condition.getAsBoolean()) {
      Entry next = entries.peek();
      if (next == null || next.at > end) {
        nanos = Math.max(nanos, end);
        return condition.getAsBoolean();
      }
      entries.remove();
      nanos = Math.max(nanos, next.at);
      next.action.run();
    }
    return true;
  }

  /** Far enough that no seed gets there, and no sum overflows. */
  private static long nanosOf(Duration delay) {
    Duration most = Duration.ofDays(36_500);
    return delay.compareTo(most) > 0 ? most.toNanos() : delay.toNanos();
  }

  private record Entry(long at, long order, Runnable action) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }
  }
}
