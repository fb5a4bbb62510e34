// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.RunId;

/**
 * A wait of a pending run that nothing has ended yet.
 *
 * @param run the run
 * @param job its job
 * @param key the part of it that waits
 * @param awaited what it waits for
 */
public record OpenWait(RunId run, String job, MemoKey key, Wait awaited) {}
