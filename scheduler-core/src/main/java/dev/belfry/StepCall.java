// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import org.jspecify.annotations.Nullable;

/**
 * What a step does and returns.
 *
 * @param <T> the type of the value
 * @param <X> what it throws
 */
@FunctionalInterface
public interface StepCall<T extends @Nullable Object, X extends Exception> {
  /**
   * Does it.
   *
   * @return the value, which is stored
   * @throws X what makes this try fail
   */
  T call() throws X;
}
