// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.security;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Token buckets by key, for the keys that were seen last. Thread-safe. */
final class Buckets {
  private static final int MOST = 10_000;
  private static final double SECOND = 1e9;

  private final double size;
  private final double perSecond;
  private final LongSupplier nanoTime;
  private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

  private record Bucket(double left, long at) {}

  /**
   * Returns buckets that are full.
   *
   * @param size how many may come at once
   * @param perSecond how many may come in the long run
   */
  Buckets(int size, double perSecond, LongSupplier nanoTime) {
    this.size = size;
    this.perSecond = perSecond;
    this.nanoTime = nanoTime;
  }

  /** Takes one; returns how long to wait if there is none. */
  synchronized Optional<Duration> take(String key) {
    long now = nanoTime.getAsLong();
    Bucket bucket = buckets.getOrDefault(key, new Bucket(size, now));
    double left = Math.min(size, bucket.left() + (now - bucket.at()) * perSecond / SECOND);
    boolean enough = left >= 1;
    buckets.put(key, new Bucket(enough ? left - 1 : left, now));
    if (buckets.size() > MOST) {
      buckets.remove(buckets.keySet().iterator().next());
    }
    return enough
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds((long) Math.ceil((1 - left) / perSecond)));
  }
}
