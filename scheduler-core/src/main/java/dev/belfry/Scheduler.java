// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import java.time.Duration;

/**
 * Runs jobs: a started node. It is a client too. Thread-safe.
 *
 * <pre>{@code
 * try (Scheduler scheduler = Scheduler.builder().register(sendEmail).start()) {
 *   scheduler.enqueue(sendEmail, new Email("a@example.com", "Hello"));
 *   scheduler.awaitShutdown();
 * }
 * }</pre>
 */
public interface Scheduler extends SchedulerClient, AutoCloseable {
  /** Returns a builder with all defaults: in memory, with 10 workers. */
  static SchedulerBuilder builder() {
    return new SchedulerBuilder();
  }

  /**
   * Has this node look for runs at once instead of at its next poll. Useful after the commit of a
   * transaction in which runs were enqueued, of which the scheduler hears nothing. Returns at once;
   * may be called often. Does nothing once the scheduler is closed.
   */
  void wake();

  /**
   * Waits until nothing that this node could run is due or running. What is due later, paused or
   * belongs to others does not count.
   *
   * @return false if the time is over
   * @throws InterruptedException if the caller is interrupted
   */
  boolean awaitIdle(Duration timeout) throws InterruptedException;

  /**
   * Waits until the scheduler is closed, by another thread.
   *
   * @throws InterruptedException if the caller is interrupted
   */
  void awaitShutdown() throws InterruptedException;

  /**
   * Has the JVM close this scheduler when it ends, as on SIGTERM.
   *
   * @return this scheduler
   */
  Scheduler closeOnShutdown();

  /**
   * Stops claiming, waits for handlers for the grace period, then tells and interrupts them; writes
   * what they came to, hands back what did not start, and leaves. An attempt cut short is not
   * counted, ten times at most. Closing again does nothing. A handler that does not end keeps its
   * thread, and its lease is renewed as long as the JVM lives, so that no other node runs it too.
   */
  @Override
  void close();
}
