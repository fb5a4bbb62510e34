// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.server;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of a server, and one that watches them. Thread-safe.
 *
 * <p>The JDK's server gives a request to its executor when the first byte has come, and reads the
 * rest there; its own limit to that is one for the whole JVM. So each thread says what it is at,
 * and who waits for a client for too long is broken off.
 */
final class Slots implements Executor {
  private static final Duration TICK = Duration.ofMillis(100);
  private static final int PRESSED = 10; // how much sooner when threads become few

  @SuppressWarnings("ThreadLocalUsage") // each server has threads of its own
  private final ThreadLocal<Slot> current = new ThreadLocal<>();

  private final Set<Slot> slots = ConcurrentHashMap.newKeySet();
  private final ServerLimits limits;
  private final ThreadPoolExecutor threads;
  private final Thread watch;
  private volatile boolean closing;

  Slots(String name, ServerLimits limits) {
    this.limits = limits;
    var count = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            limits.threads(),
            limits.threads(),
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(limits.waiting()),
            task -> daemon(task, name + "-" + count.incrementAndGet()));
    threads.allowCoreThreadTimeOut(true);
    this.watch = daemon(this::watch, name + "-watch");
  }

  void start() {
    watch.start();
  }

  /** Returns the slot of the caller's thread, which is one of these. */
  Slot current() {
    return requireNonNull(current.get(), "not a thread of this server");
  }

  /**
   * {@inheritDoc}
   *
   * @throws RejectedExecutionException if too many wait; the JDK's server closes the connection
   */
  @Override
  public void execute(Runnable request) {
    threads.execute(() -> run(request));
  }

  private void run(Runnable request) {
    var slot = new Slot();
    slots.add(slot);
    current.set(slot);
    if (closing) {
      slot.breakOff();
    }
    try {
      request.run();
    } finally {
      current.remove();
      slots.remove(slot);
      slot.end();
    }
  }

  private void watch() {
    try {
      while (!threads.isTerminated()) {
        Thread.sleep(TICK.toMillis());
        boolean few = slots.stream().filter(Slot::isReading).count() > limits.threads() / 2;
        Duration reading = few ? limits.reading().dividedBy(PRESSED) : limits.reading();
        slots.forEach(slot -> slot.check(reading, limits.writing()));
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  /** Breaks off all that would go on without an end. */
  void breakOffEndless() {
    closing = true;
    slots.stream().filter(s -> s.isReading() || s.isStreaming()).forEach(Slot::breakOff);
  }

  /** Waits until no request is under way; false if the time is over. */
  boolean awaitIdle(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (!slots.isEmpty()) {
      if (System.nanoTime() > end) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return true;
  }

  void close() {
    threads.shutdownNow();
    watch.interrupt();
  }

  private static Thread daemon(Runnable task, String name) {
    var thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
