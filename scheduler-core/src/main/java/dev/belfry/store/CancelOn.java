// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.Trigger;
import java.time.Instant;
import java.util.Optional;

/**
 * An event that ends a run as long as it has not ended: it stands among the open waits from the
 * commit that inserts the run to the end of the run, and whoever delivers such an event asks the
 * run to end.
 *
 * @param event the name of the event, 1 to 200 characters
 * @param key the key that the event must have; without one, any event of the name will do
 */
public record CancelOn(String event, Optional<String> key) {
  /** The scope of the keys under which these stand among the waits; no handler's part is in it. */
  public static final String SCOPE = "~cancel";

  /** Checks the text. */
  public CancelOn {
    Bound.name("name of an event", event, Bound.NAME);
    key.ifPresent(k -> Bound.text("key of an event", k, Bound.NAME));
  }

  /** Returns the key under which it stands among the waits: a run has one for each event. */
  public MemoKey place() {
    return place(event);
  }

  /** Returns the key under which an event stands among the waits of a run that it ends. */
  public static MemoKey place(String event) {
    return new MemoKey(SCOPE, event, 0);
  }

  /**
   * Returns what stands there: for events sent since the run was inserted, or since the event that
   * has started it.
   */
  public Wait toWait(Trigger trigger, Instant insertedAt) {
    Optional<Instant> started = trigger.event().isPresent() ? trigger.nominal() : Optional.empty();
    return new Wait(event, key, started.orElse(insertedAt));
  }
}
