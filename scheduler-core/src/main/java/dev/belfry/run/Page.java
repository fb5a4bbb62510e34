// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import java.util.List;
import java.util.function.Function;

/**
 * A page of a longer list.
 *
 * @param items the items of this page
 * @param more whether further ones follow
 * @param <T> the type of the items
 */
public record Page<T>(List<T> items, boolean more) {
  /** Copies the items. */
  public Page {
    items = List.copyOf(items);
  }

  /**
   * Makes a page from one item more than it may hold, which tells whether further ones follow.
   *
   * @param found up to {@code limit + 1} items
   * @param limit the size of the page
   */
  public static <T> Page<T> of(List<T> found, int limit) {
    return found.size() > limit
        ? new Page<>(found.subList(0, limit), true)
        : new Page<>(found, false);
  }

  /** Returns this page with each item converted. */
  public <R> Page<R> map(Function<? super T, ? extends R> conversion) {
    return new Page<>(items.stream().<R>map(conversion).toList(), more);
  }
}
