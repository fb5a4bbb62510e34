// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import org.jspecify.annotations.Nullable;

/**
 * What a branch does and returns.
 *
 * @param <T> the type of the value
 */
@FunctionalInterface
public interface BranchCall<T extends @Nullable Object> {
  /**
   * Does it.
   *
   * @param branch the run, as this branch sees it; the handler's own context can't be used here
   * @throws Exception what makes the branch fail
   */
  T run(JobContext branch) throws Exception;
}
