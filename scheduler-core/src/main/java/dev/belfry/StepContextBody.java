// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

/**
 * What a step does, if it has no value and asks about itself.
 *
 * @param <X> what it throws
 */
@FunctionalInterface
public interface StepContextBody<X extends Exception> {
  /**
   * Does it.
   *
   * @param step this try of the step
   * @throws X what makes this try fail
   */
  void run(StepContext step) throws X;
}
