// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** What happens to a process at one point, the n-th time that it is there. */
final class Crash implements CrashPoints.Listener {
  /** What can happen. */
  enum Mode {
    /** The process ends, as by {@code kill -9}. */
    HALT,
    /** The connection breaks; whether the commit before it was done is not known. */
    THROW,
    /** The thread goes on after twice the lease. */
    DELAY
  }

  private final String id;
  private final Mode mode;
  private final AtomicInteger left;
  private final CountDownLatch reached = new CountDownLatch(1);

  Crash(String id, int hit, Mode mode) {
    this.id = id;
    this.mode = mode;
    this.left = new AtomicInteger(hit);
  }

  /** Returns a name for a point that fits into a command. */
  static String id(String point) {
    return Integer.toHexString(point.hashCode());
  }

  @Override
  public void at(String point) throws SQLException {
    if (!id(point).equals(id) || left.decrementAndGet() != 0) {
      return;
    }
    reached.countDown();
    switch (mode) {
      case HALT -> Runtime.getRuntime().halt(CrashVictim.HALTED);
      case THROW -> throw new SQLException("crash point: " + point, "08006");
      case DELAY -> Campaign.letPass(CrashWork.LEASE.multipliedBy(2));
    }
  }

  /** Tells when it happens. */
  CountDownLatch reached() {
    return reached;
  }

  /** Counts how often a process is at each point. Thread-safe. */
  static final class Census implements CrashPoints.Listener {
    private final Map<String, Integer> counts = new LinkedHashMap<>();

    @Override
    public synchronized void at(String point) {
      counts.merge(point, 1, Integer::sum);
    }

    synchronized Map<String, Integer> counts() {
      return new LinkedHashMap<>(counts);
    }
  }
}
