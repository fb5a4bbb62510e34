// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.RunId;

/**
 * An event that could end an open wait.
 *
 * @param run the run
 * @param key the part of it that waits
 * @param event the event
 */
public record WaitHit(RunId run, MemoKey key, SentEvent event) {}
