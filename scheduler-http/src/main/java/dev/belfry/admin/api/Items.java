// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.api;

import dev.belfry.http.Response;
import dev.belfry.run.Page;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A list, or a page of one.
 *
 * @param nextCursor where the next page begins; missing if this is the last
 */
record Items<V>(List<V> items, @Nullable String nextCursor) {
  /** Answers with a whole list. */
  static <T, V> Response all(Collection<T> all, Function<? super T, ? extends V> view) {
    return Json.ok(new Items<>(all.stream().<V>map(view).toList(), null));
  }

  /**
   * Answers with a page.
   *
   * @param list the name of the list, for its cursor
   * @param id what an item is found by
   */
  static <T, V> Response page(
      String list, Page<T> page, Function<T, String> id, Function<? super T, ? extends V> view) {
    List<T> items = page.items();
    String next =
        page.more() && !items.isEmpty()
            ? Cursor.of(list, id.apply(items.get(items.size() - 1)))
            : null;
    return Json.ok(new Items<>(items.stream().<V>map(view).toList(), next));
  }
}
