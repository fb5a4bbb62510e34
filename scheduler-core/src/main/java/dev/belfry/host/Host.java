// SPDX-License-Identifier: Apache-2.0
package dev.belfry.host;

import dev.belfry.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The owner of clock, threads and randomness of one node.
 *
 * <p>A node's engine is one control loop: events are posted to it and handled one after another, on
 * one thread, so that its state needs no lock. What blocks happens elsewhere and comes back as an
 * event: calls to the store by {@link #io}, handlers by {@link #work}.
 */
public interface Host extends AutoCloseable {
  /**
   * Returns a host of real threads and the system's clocks. It starts no thread before it is given
   * something to do.
   *
   * @param name part of the names of its threads
   * @param virtualThreads whether handlers run on virtual threads
   * @throws IllegalArgumentException if virtual threads are wanted on a JVM without them
   */
  static Host threads(String name, boolean virtualThreads) {
    return new ThreadHost(name, virtualThreads);
  }

  /** Returns whether this JVM has virtual threads (Java 21 and later). */
  static boolean virtualThreadsAvailable() {
    return ThreadHost.virtualThreadsAvailable();
  }

  /** Returns a monotonic time in nanoseconds, for leases, backoff, grace and timeouts. */
  long nanoTime();

  /** Returns the wall-clock time, for people and for ids; it decides nothing. */
  Instant wallTime();

  /** Returns the source of randomness; safe for use by several threads. */
  RandomGenerator random();

  /** Has the control loop handle an event, after those posted before. */
  void post(Runnable event);

  /** Posts an event after a time; a delay of zero or less means now. */
  Cancellable after(Duration delay, Runnable event);

  /**
   * Makes a call that may block, and posts its reply: the value, or what was thrown.
   *
   * @param <T> the type of the value
   */
  <T extends @Nullable Object> void io(
      Callable<T> call, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> reply);

  /**
   * Returns how many calls of {@link #io} have begun, or will, and have not returned. A host that
   * makes them at once has none.
   */
  default int underWay() {
    return 0;
  }

  /** Runs a pass of a run where it may block, and posts that it has ended. */
  Running work(RunId run, Runnable pass, Runnable ended);

  /**
   * Runs parts of a pass side by side, on threads of their own, and waits on the caller's thread
   * until all have ended. An interrupt of the caller interrupts the parts, which are waited for
   * nevertheless.
   *
   * @param parts throw nothing
   * @throws InterruptedException if the caller was interrupted
   */
  default void sideBySide(RunId run, List<? extends Runnable> parts) throws InterruptedException {
    var running = new ArrayList<Running>();
    var ends = new ArrayList<CompletableFuture<Boolean>>();
    for (Runnable part : parts) {
      var end = new CompletableFuture<Boolean>();
      ends.add(end);
      running.add(work(run, part, () -> end.complete(true)));
    }
    CompletableFuture<?> all = CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
    boolean interrupted = false;
    while (!all.isDone()) {
      try {
        await(all, Duration.ofDays(1));
      } catch (InterruptedException e) {
        interrupted = true;
        running.forEach(Running::interrupt);
      }
    }
    if (interrupted) {
      throw new InterruptedException("while parts of run " + run + " went on side by side");
    }
  }

  /**
   * Waits on the caller's thread, which is not the control loop, until a future is done.
   *
   * @return whether it is done; false if the time is over
   * @throws InterruptedException if the caller is interrupted
   */
  boolean await(Future<?> done, Duration timeout) throws InterruptedException;

  /**
   * Told right before the application's code is called, on its thread: the handler of a pass, or
   * the body of a part of it. What this throws, the code seems to have thrown. For hosts of tests;
   * does nothing by default.
   *
   * @param part the id of the step, transaction or map; empty for the handler
   * @param attempt which attempt of the run it is, or which try of the part
   */
  default void beforeBody(RunId run, String job, String part, int attempt) {}

  /**
   * Returns whether a pass goes on after a step or a transaction of it was stored. If not, it ends
   * there, and the next pass of the run goes over what is stored, at once. For hosts of tests that
   * find out whether a handler bears that; true by default.
   */
  default boolean goesOn(RunId run) {
    return true;
  }

  /** Has an action done when the JVM ends, as on SIGTERM; the JVM waits for it. */
  Cancellable onExit(Runnable action);

  /** Ends the threads of this host once what they do has ended; what is posted later is dropped. */
  @Override
  void close();

  /** A pass that was begun. */
  interface Running {
    /** Interrupts the thread of the pass, if it has not ended. */
    void interrupt();

    /** Returns the stack of the pass, for people; empty if it has ended. */
    String stack();
  }

  /** A timer. */
  interface Cancellable {
    /** Keeps the event from being posted, if it has not been. */
    void cancel();
  }
}
