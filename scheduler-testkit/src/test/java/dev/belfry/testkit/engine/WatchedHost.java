// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import dev.belfry.host.Host;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A host of virtual time whose calls to the store take a while, and that knows where it is. */
final class WatchedHost extends PassingHost {
  private final Duration latency;
  private final Thread driver = Thread.currentThread();
  private boolean calling;

  WatchedHost(Host real, Duration latency) {
    super(real);
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
}
