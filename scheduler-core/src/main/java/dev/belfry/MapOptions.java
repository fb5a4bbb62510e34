// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.retry.RetryPolicy;
import dev.belfry.store.MemoKey;
import java.util.Optional;
import java.util.function.Function;

/**
 * How a map is carried out, where that differs from the usual: items are known by their place, done
 * one after another, tried once, and any number of them may fail. Immutable.
 *
 * @param <T> the type of the items
 */
public final class MapOptions<T> {
  private static final int MOST_AT_ONCE = 100;

  private final Optional<Function<? super T, String>> key;
  private final int concurrency;
  private final int tolerated;
  private final Optional<RetryPolicy> retry;

  private MapOptions(
      Optional<Function<? super T, String>> key,
      int concurrency,
      int tolerated,
      Optional<RetryPolicy> retry) {
    this.key = key;
    this.concurrency = concurrency;
    this.tolerated = tolerated;
    this.retry = retry;
  }

  /** Returns the usual options. */
  public static <T> MapOptions<T> usual() {
    return new MapOptions<>(Optional.empty(), 1, Integer.MAX_VALUE, Optional.empty());
  }

  /**
   * Returns the options of items that are known by a key, and not by their place: in a later pass
   * the collection may then have other items, or another order.
   *
   * @param key gives each item 1 to 200 characters that no other item of the map has
   */
  public static <T> MapOptions<T> keyedBy(Function<? super T, String> key) {
    return MapOptions.<T>usual().withKey(key);
  }

  /**
   * Returns these options with keys, as {@link #keyedBy} takes them. Default: the place, from 0.
   */
  public MapOptions<T> withKey(Function<? super T, String> newKey) {
    return new MapOptions<>(
        Optional.of(requireNonNull(newKey, "key")), concurrency, tolerated, retry);
  }

  /**
   * Returns these options with more than one item at once, on threads beside the handler's.
   * Default: 1.
   *
   * @param atOnce 1 to 100
   */
  public MapOptions<T> withConcurrency(int atOnce) {
    if (atOnce < 1 || atOnce > MOST_AT_ONCE) {
      throw new IllegalArgumentException(
          "concurrency of a map must be 1 to " + MOST_AT_ONCE + ", was " + atOnce);
    }
    return new MapOptions<>(key, atOnce, tolerated, retry);
  }

  /**
   * Returns these options with a limit of failed items: with one more, no further item is begun,
   * and the map has failed with a {@link StepFailedException}. Default: no limit.
   *
   * @param most not negative
   */
  public MapOptions<T> withToleratedFailures(int most) {
    if (most < 0) {
      throw new IllegalArgumentException(
          "tolerated failures of a map must not be negative, was " + most);
    }
    return new MapOptions<>(key, concurrency, most, retry);
  }

  /**
   * Returns these options with a retry policy for each item. Its tries use no attempts of the run,
   * which sleeps until the next one is due. Default: none, an item is tried once.
   *
   * @param policy without a limit of elapsed time
   */
  public MapOptions<T> withRetry(RetryPolicy policy) {
    return new MapOptions<>(
        key, concurrency, tolerated, Optional.of(StepOptions.withoutElapsed(policy)));
  }

  String keyOf(T item, int place) {
    String given = key.map(by -> by.apply(item)).orElseGet(() -> Integer.toString(place));
    return MemoKey.of(requireNonNull(given, "the key of an item must not be null")).id();
  }

  int concurrency() {
    return concurrency;
  }

  int tolerated() {
    return tolerated;
  }

  Optional<RetryPolicy> retry() {
    return retry;
  }
}
