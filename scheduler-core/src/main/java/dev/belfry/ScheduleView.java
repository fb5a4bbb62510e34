// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.RunId;
import dev.belfry.store.ScheduleRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A schedule in the store, as it stood when it was read.
 *
 * @param id its id
 * @param job the name of the job that it starts
 * @param definition the schedule in force, as its canonical text
 * @param state what it does at present
 * @param declared whether a job's code gave it, and not a call at run time
 * @param overridden whether an operator changed what the code says
 * @param nextAt its next tick, unless it has none or waits for a run to end
 * @param lastAt the tick that its last run stood for
 * @param lastRun the last run that it started
 * @param tags labels of its runs
 * @param version grows with each change by code or operator, not with ticks
 */
public record ScheduleView(
    String id,
    String job,
    String definition,
    State state,
    boolean declared,
    boolean overridden,
    Optional<Instant> nextAt,
    Optional<Instant> lastAt,
    Optional<RunId> lastRun,
    List<String> tags,
    long version) {
  /** What a schedule does at present. */
  public enum State {
    /** It waits for its next tick. */
    ACTIVE,
    /** It waits for a run to end. */
    WAITING,
    /** It is paused; its ticks are missed ticks when it is resumed. */
    PAUSED,
    /** It has no further tick. */
    ENDED
  }

  /** Returns what a row of a store says. */
  public static ScheduleView of(ScheduleRow row) {
    return new ScheduleView(
        row.id(),
        row.job(),
        row.definition(),
        stateOf(row),
        row.origin() == ScheduleRow.Origin.CODE,
        row.overridden(),
        row.nextAt(),
        row.lastAt(),
        row.lastRun(),
        row.tags(),
        row.version());
  }

  private static State stateOf(ScheduleRow row) {
    if (row.paused()) {
      return State.PAUSED;
    } else if (row.parkedOn().isPresent() || (row.nextAt().isEmpty() && row.active())) {
      return State.WAITING;
    }
    return row.nextAt().isPresent() ? State.ACTIVE : State.ENDED;
  }
}
