// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.EventId;
import dev.belfry.run.RunId;
import java.util.Optional;

/**
 * A question for the events that could end an open wait.
 *
 * @param run the run
 * @param key the part of it that waits
 * @param after the event after which to look further, in the order of their sending
 */
public record LookBack(RunId run, MemoKey key, Optional<EventId> after) {}
