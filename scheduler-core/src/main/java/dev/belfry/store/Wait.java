// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.time.Instant;
import java.util.Optional;

/**
 * What a part of a run waits for: an event of a name, and of a key if one is given.
 *
 * @param event the name of the event, 1 to 200 characters
 * @param key the key that the event must have; without one, any event of the name will do
 * @param since how far back it looks; cut to microseconds. Earlier events do not end it
 */
public record Wait(String event, Optional<String> key, Instant since) {
  /** Checks the text. */
  public Wait {
    Bound.name("name of an event", event, Bound.NAME);
    key.ifPresent(k -> Bound.text("key of an event", k, Bound.NAME));
    since = Commit.micros(since);
  }

  /** Returns whether an event is one that this waits for. */
  public boolean isFor(SentEvent sent) {
    return sent.name().equals(event)
        && (key.isEmpty() || key.equals(sent.key()))
        && !sent.sentAt().isBefore(since);
  }
}
