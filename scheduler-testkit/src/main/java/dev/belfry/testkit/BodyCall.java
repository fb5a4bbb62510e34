// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import dev.belfry.run.RunId;

/**
 * A call of an application's code that is about to be made.
 *
 * @param run the run; of a batch, the first one
 * @param job its job
 * @param part the id of the step, transaction or map; empty for the handler
 * @param attempt which attempt of the run it is, or which try of the part
 */
public record BodyCall(RunId run, String job, String part, int attempt) {}
