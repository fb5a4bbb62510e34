// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.RunId;
import java.time.Instant;
import java.util.List;

/**
 * The effects of an inbox entry. They and the removal of the entry commit together; an entry that
 * is gone has been delivered by somebody else, and nothing is changed.
 *
 * @param entry the entry
 * @param effects what follows from it; may be empty
 */
public record Delivery(long entry, List<Effect> effects) {
  /** Copies the effects. */
  public Delivery {
    effects = List.copyOf(effects);
  }

  /** Something that follows from an ending. */
  public sealed interface Effect {}

  /**
   * A schedule that is parked on a run goes on. Does nothing if it is not, or no longer.
   *
   * @param schedule the schedule's id
   * @param run the run that ended
   */
  public record Unpark(String schedule, RunId run) implements Effect {}

  /**
   * A schedule that counts from the end of its runs gets its next tick, also in place of one that
   * is parked on that run. Does nothing if the run is not its last one, or it has another next
   * tick.
   *
   * @param schedule the schedule's id
   * @param run the run that ended
   * @param at the tick
   */
  public record NextTick(String schedule, RunId run, Instant at) implements Effect {}
}
