// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Failure;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of the items of a map.
 *
 * @param items one for each item, in the order of the collection
 * @param <R> the type of what each returned
 */
public record MapResult<R extends @Nullable Object>(List<Item<R>> items) {
  /**
   * What became of one item.
   *
   * @param key its key
   * @param value what it returned; null if it failed
   * @param failure what it died of, if it failed
   */
  public record Item<R extends @Nullable Object>(
      String key, @Nullable R value, Optional<Failure> failure) {
    /** Returns whether it succeeded. */
    public boolean succeeded() {
      return failure.isEmpty();
    }
  }

  /** Copies the list. */
  public MapResult {
    items = List.copyOf(items);
  }

  /** Returns what the items returned that succeeded, in order. */
  public List<R> values() {
    return items.stream().filter(Item::succeeded).<R>map(Item::value).toList();
  }

  /** Returns the items that failed, in order. */
  public List<Item<R>> failures() {
    return items.stream().filter(item -> !item.succeeded()).toList();
  }
}
