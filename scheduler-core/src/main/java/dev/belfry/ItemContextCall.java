// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import org.jspecify.annotations.Nullable;

/**
 * What is done with each item of a map, if it asks about itself.
 *
 * @param <T> the type of the items
 * @param <R> the type of what it returns
 */
@FunctionalInterface
public interface ItemContextCall<T, R extends @Nullable Object> {
  /**
   * Does it.
   *
   * @param step this try of the item; its key is the item's
   * @return the value, which is stored
   * @throws Exception what makes this item fail
   */
  R call(T item, StepContext step) throws Exception;
}
