// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.run.RunId;

/**
 * A run that was asked for.
 *
 * @param run its id
 * @param created whether it was made now; false if a key led to an earlier one
 */
public record Enqueued(RunId run, boolean created) {}
