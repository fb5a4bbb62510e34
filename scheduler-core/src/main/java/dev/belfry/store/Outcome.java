// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.RunId;

/**
 * How a pass ended, to be written if the run still has this fence and is held by the writing node.
 *
 * @param run the run
 * @param fence the fence of the claim
 * @param ending where the run goes
 * @param report what happened in the pass
 */
public record Outcome(RunId run, long fence, Ending ending, PassReport report) {}
