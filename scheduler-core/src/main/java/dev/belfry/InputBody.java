// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import org.jspecify.annotations.Nullable;

/**
 * The body of a job with input.
 *
 * @param <I> the type of the input
 */
@FunctionalInterface
public interface InputBody<I extends @Nullable Object> {
  /**
   * Does the work of one pass.
   *
   * @param ctx the run
   * @param input the run's input, decoded anew for each pass
   * @throws Exception what makes the attempt fail
   */
  void run(JobContext ctx, I input) throws Exception;
}
