// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.RunId;

/**
 * A memo for a run, to be written if the run still has this fence and is held by the writing node.
 *
 * @param run the run
 * @param fence the fence of the claim
 * @param memo what to write
 */
public record MemoWrite(RunId run, long fence, NewMemo memo) {}
