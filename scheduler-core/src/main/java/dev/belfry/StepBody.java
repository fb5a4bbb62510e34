// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

/**
 * What a step does, if it has no value.
 *
 * @param <X> what it throws
 */
@FunctionalInterface
public interface StepBody<X extends Exception> {
  /**
   * Does it.
   *
   * @throws X what makes this try fail
   */
  void run() throws X;
}
