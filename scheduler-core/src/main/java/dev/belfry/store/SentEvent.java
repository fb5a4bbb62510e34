// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.EventId;
import java.time.Instant;
import java.util.Optional;

/**
 * An event that was sent.
 *
 * @param id its id
 * @param name its name
 * @param key what waits may find it by beside the name
 * @param data what happened
 * @param sentAt when, by the store's clock
 */
public record SentEvent(
    EventId id, String name, Optional<String> key, Payload data, Instant sentAt) {}
