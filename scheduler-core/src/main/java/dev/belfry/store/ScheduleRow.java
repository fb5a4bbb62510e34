// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.RunId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A schedule as the store keeps it.
 *
 * @param id its id
 * @param job the job that it starts
 * @param definition the canonical text of the schedule in force
 * @param input what each run gets
 * @param tags what each run is labelled with
 * @param origin who made it
 * @param overridden whether an operator changed what code had declared
 * @param paused whether it is paused
 * @param version grows with every change by code or operator, not with ticks
 * @param nextAt its next tick; empty if it has no further one, or waits for the end of a run
 * @param lastAt the nominal time of the last tick that started a run
 * @param lastRun the last run that it started
 * @param active whether that run has not ended
 * @param parkedOn the run whose end it waits for before the tick at {@code nextAt} fires
 * @param queued whether the tick at {@code nextAt} has waited for a run's end and must fire now
 */
public record ScheduleRow(
    String id,
    String job,
    String definition,
    Payload input,
    List<String> tags,
    Origin origin,
    boolean overridden,
    boolean paused,
    long version,
    Optional<Instant> nextAt,
    Optional<Instant> lastAt,
    Optional<RunId> lastRun,
    boolean active,
    Optional<RunId> parkedOn,
    boolean queued) {
  /** Who made a schedule. */
  public enum Origin {
    /** A job's code. */
    CODE,
    /** A call at run time. */
    CLIENT
  }
}
