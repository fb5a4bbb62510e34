// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import dev.belfry.host.Host;
import dev.belfry.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A host of virtual time whose calls to the store take a while, and that knows where it is. */
final class WatchedHost implements Host {
  private final Host real;
  private final Duration latency;
  private final Thread driver = Thread.currentThread();
  private boolean calling;

  WatchedHost(Host real, Duration latency) {
    this.real = real;
    this.latency = latency;
  }

  /** Returns whether the caller is an event of the control loop, and neither handler nor call. */
  @SuppressWarnings("ReferenceEquality") // a thread is itself
  boolean isOnLoop() {
    return Thread.currentThread() == driver && !calling;
  }

  @Override
  public <T extends @Nullable Object> void io(
      Callable<T> call, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> reply) {
    Callable<T> watched =
        () -> {
          calling = true;
          try {
            return call.call();
          } finally {
            calling = false;
          }
        };
    real.after(latency, () -> real.io(watched, reply));
  }

  @Override
  public long nanoTime() {
    return real.nanoTime();
  }

  @Override
  public Instant wallTime() {
    return real.wallTime();
  }

  @Override
  public RandomGenerator random() {
    return real.random();
  }

  @Override
  public void post(Runnable event) {
    real.post(event);
  }

  @Override
  public Cancellable after(Duration delay, Runnable event) {
    return real.after(delay, event);
  }

  @Override
  public Running work(RunId run, Runnable pass, Runnable ended) {
    return real.work(run, pass, ended);
  }

  @Override
  public boolean await(Future<?> done, Duration timeout) throws InterruptedException {
    return real.await(done, timeout);
  }

  @Override
  public Cancellable onExit(Runnable action) {
    return real.onExit(action);
  }

  @Override
  public void close() {
    real.close();
  }
}
