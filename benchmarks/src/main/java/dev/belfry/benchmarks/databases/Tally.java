// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Counts the runs that handlers have carried out. Thread-safe. */
final class Tally {
  private final int expected;
  private final boolean hold;
  private final AtomicInteger ran = new AtomicInteger();
  private final CountDownLatch first = new CountDownLatch(1);
  private final CountDownLatch all = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);
  private final Collection<Long> waits = new ConcurrentLinkedQueue<>();
  private final List<Reading> marks = new ArrayList<>();
  private volatile int markEach = Integer.MAX_VALUE;
  private volatile Supplier<Reading> reader = () -> new Reading(0, 0, 0);
  private volatile long firstNanos;
  private volatile long lastNanos;

  private Tally(int expected, boolean hold) {
    this.expected = expected;
    this.hold = hold;
  }

  /** Returns one that is complete with a number of runs. */
  static Tally of(int runs) {
    return new Tally(runs, false);
  }

  /** Returns one that keeps each handler of {@link #began} from ending, until it is interrupted. */
  static Tally holding() {
    return new Tally(Integer.MAX_VALUE, true);
  }

  /** Has a reading taken at the first run, and after each so many. */
  Tally marking(int each, Supplier<Reading> newReader) {
    this.reader = newReader;
    this.markEach = each;
    return this;
  }

  /** Counts runs; what a handler calls. */
  void ran(int runs) {
    if (runs == 0) {
      return;
    }
    int now = ran.addAndGet(runs);
    if (now == runs) {
      firstNanos = System.nanoTime();
      first.countDown();
    }
    boolean begins = now == runs && markEach < Integer.MAX_VALUE;
    if (begins || now / markEach != (now - runs) / markEach) {
      mark();
    }
    lastNanos = System.nanoTime();
    if (now >= expected && now - runs < expected) {
      all.countDown();
    }
  }

  private void mark() {
    Reading reading = reader.get();
    synchronized (marks) {
      marks.add(reading);
    }
  }

  /** Counts a run with a stamp, which is the moment of its enqueue if waits are of interest. */
  void began(long stamp) {
    waits.add(System.nanoTime() - stamp);
    ran(1);
    if (hold) {
      try {
        never.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  int count() {
    return ran.get();
  }

  /** Waits for the first run; returns when it was carried out. */
  long awaitFirst(long seconds) throws InterruptedException {
    if (!first.await(seconds, TimeUnit.SECONDS)) {
      throw new IllegalStateException("no run was started within " + seconds + " s");
    }
    return firstNanos;
  }

  /** Waits until all have run; returns whether they did in time. */
  boolean awaitAll(long seconds) throws InterruptedException {
    return all.await(seconds, TimeUnit.SECONDS);
  }

  long firstNanos() {
    return firstNanos;
  }

  /** Returns when the last one was carried out. */
  long lastNanos() {
    return lastNanos;
  }

  /** Returns the nanoseconds from each stamp to the start of its handler. */
  List<Double> waits() {
    return waits.stream().map(Long::doubleValue).toList();
  }

  List<Reading> marks() {
    synchronized (marks) {
      return List.copyOf(marks);
    }
  }
}
