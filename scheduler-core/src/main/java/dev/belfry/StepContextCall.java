// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import org.jspecify.annotations.Nullable;

/**
 * What a step does and returns, if it asks about itself.
 *
 * @param <T> the type of the value
 * @param <X> what it throws
 */
@FunctionalInterface
public interface StepContextCall<T extends @Nullable Object, X extends Exception> {
  /**
   * Does it.
   *
   * @param step this try of the step
   * @return the value, which is stored
   * @throws X what makes this try fail
   */
  T call(StepContext step) throws X;
}
