// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.host.Host;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Keeps for a second what takes the store some work, however many people look at it. Thread-safe.
 */
final class Cache {
  private static final long KEPT = Duration.ofSeconds(1).toNanos();
  private static final int MOST = 100;

  private record Entry(long readAt, Object value) {}

  private final Host host;
  private final Map<Object, Entry> entries = new ConcurrentHashMap<>();

  Cache(Host host) {
    this.host = host;
  }

  /**
   * Returns what is kept, or reads it. Two who ask at once may both read.
   *
   * @param key what is asked; always of the same type of answer
   */
  @SuppressWarnings("unchecked") // each key has one type of answer
  <T> T get(Object key, Supplier<T> read) {
    long now = host.nanoTime();
    Entry entry = entries.get(key);
    if (entry != null && now - entry.readAt < KEPT) {
      return (T) entry.value;
    }
    T value = read.get();
    if (entries.size() >= MOST) {
      entries.clear();
    }
    entries.put(key, new Entry(now, value));
    return value;
  }

  /** Forgets all, because something has changed. */
  void clear() {
    entries.clear();
  }
}
