// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import static java.util.Objects.requireNonNull;

import dev.belfry.run.EventId;
import java.util.Optional;

/**
 * An event to send.
 *
 * @param id made by the sender, so that the event may be sent again
 * @param name its name, 1 to 200 characters
 * @param key what waits may find it by beside the name, at most 200 characters
 * @param data what happened, at most {@link Payload#MAX_BYTES}
 */
public record NewEvent(EventId id, String name, Optional<String> key, Payload data) {
  /** Checks the sizes. */
  public NewEvent {
    requireNonNull(id, "id");
    Bound.name("name of an event", name, Bound.NAME);
    key.ifPresent(k -> Bound.text("key of an event", k, Bound.NAME));
    if (data.size() > Payload.MAX_BYTES) {
      throw new IllegalArgumentException(
          "data of event \""
              + name
              + "\" must have at most "
              + Payload.MAX_BYTES
              + " bytes, had "
              + data.size());
    }
  }

  /** Returns an event without a key. */
  public static NewEvent of(EventId id, String name, Payload data) {
    return new NewEvent(id, name, Optional.empty(), data);
  }

  /** Returns this event with a key. */
  public NewEvent withKey(String newKey) {
    return new NewEvent(id, name, Optional.of(newKey), data);
  }
}
