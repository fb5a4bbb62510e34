// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

/** The body of a job without input. */
@FunctionalInterface
public interface ContextBody {
  /**
   * Does the work of one pass.
   *
   * @param ctx the run
   * @throws Exception what makes the attempt fail
   */
  void run(JobContext ctx) throws Exception;
}
