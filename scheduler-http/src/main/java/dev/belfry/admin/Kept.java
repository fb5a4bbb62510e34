// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin;

import dev.belfry.host.Host;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What was read, for a while. Thread-safe; reads once, however many ask. */
final class Kept<T> {
  private final long fresh;
  private final Host host;
  private final Supplier<T> reading;
  private @Nullable T value; // this and the next guarded by this
  private long readAt;

  Kept(Duration fresh, Host host, Supplier<T> reading) {
    this.fresh = fresh.toNanos();
    this.host = host;
    this.reading = reading;
  }

  synchronized T get() {
    T kept = value;
    if (kept == null || host.nanoTime() - readAt > fresh) {
      kept = reading.get();
      value = kept;
      readAt = host.nanoTime();
    }
    return kept;
  }
}
