// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of a job whose runs go in batches.
 *
 * @param <I> the type of the input of each run
 */
@FunctionalInterface
public interface BatchBody<I extends @Nullable Object> {
  /**
   * Does the work of one pass of several runs. Items that were not failed by name are done when
   * this returns.
   *
   * @param ctx the batch
   * @param items its runs, at least one, oldest first; an unmodifiable list
   * @throws Exception what makes the attempt of each run fail that was not failed by name
   */
  void run(BatchContext ctx, List<BatchItem<I>> items) throws Exception;
}
