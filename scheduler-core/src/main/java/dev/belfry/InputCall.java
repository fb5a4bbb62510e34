// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import org.jspecify.annotations.Nullable;

/**
 * The body of a job with input and result.
 *
 * @param <I> the type of the input
 * @param <O> the type of the result
 */
@FunctionalInterface
public interface InputCall<I extends @Nullable Object, O extends @Nullable Object> {
  /**
   * Does the work of one pass.
   *
   * @param ctx the run
   * @param input the run's input, decoded anew for each pass
   * @return the result, which is stored with the run
   * @throws Exception what makes the attempt fail
   */
  O run(JobContext ctx, I input) throws Exception;
}
