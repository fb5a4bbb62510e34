// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import dev.belfry.jdbc.Proxies;
import dev.belfry.store.JobStore;
import dev.belfry.store.StoreException;
import java.lang.reflect.Method;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A store behind a network that can fail. While it does not answer, calls stand still: every other
 * one has been applied before, so that only its answer is missing.
 */
final class StallingStore {
  /** What becomes of calls. */
  private record Fate(@Nullable CountDownLatch gate, boolean thenFails, boolean down) {}

  private static final Fate FINE = new Fate(null, false, false);

  private final JobStore real;
  private final JobStore store;
  private final AtomicInteger stalled = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private volatile Fate fate = FINE;

  StallingStore(JobStore real) {
    this.real = real;
    this.store = Proxies.of(JobStore.class, this::call);
  }

  JobStore store() {
    return store;
  }

  /** From now on calls stand still. */
  void stall() {
    fate = new Fate(new CountDownLatch(1), false, false);
  }

  /** From now on calls stand still, and fail when they are let go. */
  void stallAndFail() {
    fate = new Fate(new CountDownLatch(1), true, false);
  }

  /** Those that stand still are let go; from now on calls fail at once. */
  void refuse() {
    change(new Fate(null, false, true));
  }

  /** Those that stand still are let go; from now on calls are answered. */
  void answer() {
    change(FINE);
  }

  private void change(Fate to) {
    CountDownLatch gate = fate.gate();
    fate = to;
    if (gate != null) {
      gate.countDown();
    }
  }

  /** Returns how many calls stood still. */
  int stalled() {
    return stalled.get();
  }

  /** Returns how many calls failed. */
  int failed() {
    return failed.get();
  }

  private @Nullable Object call(Method method, @Nullable Object[] arguments) throws Throwable {
    Fate mine = fate;
    CountDownLatch gate = mine.gate();
    if (mine.down()) {
      failed.incrementAndGet();
      throw new StoreException(StoreException.Kind.UNAVAILABLE, "connection refused", null);
    }
    if (gate == null) {
      return Proxies.pass(real, method, arguments);
    }
    boolean applied = stalled.getAndIncrement() % 2 == 0;
    Object answer = applied ? Proxies.pass(real, method, arguments) : null;
    gate.await();
    if (mine.thenFails()) {
      failed.incrementAndGet();
      throw new StoreException(StoreException.Kind.UNKNOWN, "connection reset", null);
    }
    return applied ? answer : Proxies.pass(real, method, arguments);
  }
}
