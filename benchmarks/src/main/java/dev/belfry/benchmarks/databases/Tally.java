// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the runs that handlers have carried out. Thread-safe. */
final class Tally {
  private final int expected;
  private final AtomicInteger ran = new AtomicInteger();
  private final CountDownLatch first = new CountDownLatch(1);
  private final CountDownLatch all = new CountDownLatch(1);
  private volatile long firstNanos;

  Tally(int expected) {
    this.expected = expected;
  }

  /** Counts runs; what each handler calls. */
  void ran(int runs) {
    int now = ran.addAndGet(runs);
    if (now == runs) {
      firstNanos = System.nanoTime();
      first.countDown();
    }
    if (now >= expected && now - runs < expected) {
      all.countDown();
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
}
