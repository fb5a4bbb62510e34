// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import java.time.Instant;
import java.util.List;

/**
 * The effects of an inbox entry. They and the removal of the entry commit together; an entry that
 * is gone has been delivered by somebody else, and nothing is changed.
 *
 * @param entry the entry
 * @param effects what follows from it, in this order, each guarded by itself; may be empty
 * @param done whether that is all, so that the entry goes; otherwise it stays for more
 */
public record Delivery(long entry, List<Effect> effects, boolean done) {
  /** Copies the effects. */
  public Delivery {
    effects = List.copyOf(effects);
  }

  /** Delivers all that follows from an entry. */
  public Delivery(long entry, List<Effect> effects) {
    this(entry, effects, true);
  }

  /** Something that follows from an ending or an event. */
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

  /**
   * A subscriber gets a run. Does nothing if it had one of this entry before.
   *
   * @param subscriber who depends on it, for instance a job; 1 to 200 characters
   * @param run the run, inserted as others are, so that it may meet a unique key
   */
  public record StartRun(String subscriber, NewRun run) implements Effect {
    /** Checks the text. */
    public StartRun {
      Bound.name("subscriber", subscriber, Bound.NAME);
    }
  }

  /**
   * A subscriber gets no run, as it has seen to.
   *
   * @param subscriber as for {@link StartRun}
   */
  public record PassOver(String subscriber) implements Effect {
    /** Checks the text. */
    public PassOver {
      Bound.name("subscriber", subscriber, Bound.NAME);
    }
  }

  /**
   * A part of a run that waits is settled, and the run goes on if it waits too. Does nothing if the
   * part is settled, unknown or of a kind that does not wait, or the run has ended. Does nothing
   * with an event that the store does not know, that the wait is not for, or that has ended another
   * wait of the run.
   *
   * @param run the run
   * @param key the part that waits
   * @param value what became of it; {@link MemoValue.Received} for a wait for an event
   */
  public record WakeRun(RunId run, MemoKey key, MemoValue value) implements Effect {
    /** Refuses what does not settle. */
    public WakeRun {
      if (!value.isSettled()) {
        throw new IllegalArgumentException("value must be settled, was " + value);
      }
    }
  }

  /**
   * A run of a group has ended. With the last of them the group makes an inbox entry. Does nothing
   * if it was counted for this entry before.
   *
   * @param group the group's id
   * @param status how the run ended; one of the final ones
   */
  public record EndMember(RunId group, Status status) implements Effect {
    /** Who has had theirs when the run was counted; no job is named so. */
    public static final String COUNTED = "@group";
  }

  /**
   * A group is over, and forgotten.
   *
   * @param group the group's id
   */
  public record EndGroup(RunId group) implements Effect {}

  /**
   * A run is asked to end. Does nothing if it has ended, or was asked before.
   *
   * @param run the run
   * @param reason why
   */
  public record CancelRun(RunId run, String reason) implements Effect {}
}
