// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.RunId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A change by somebody outside the run: an operator, a client. Each grows the fence. */
public sealed interface Amendment {
  /**
   * Asks a run to end. One that is not running becomes due, so that the claim that meets the
   * request ends it; a running one is reported to its node. Refused for ended and unknown runs.
   *
   * @param run the run
   * @param reason who asked, or why
   */
  record Cancel(RunId run, String reason) implements Amendment {}

  /**
   * Moves the due time of a run that is scheduled. Refused for all others.
   *
   * @param run the run
   * @param due the new due time
   * @param actor who asked
   */
  record Reschedule(RunId run, Due due, String actor) implements Amendment {}

  /**
   * Makes a blocked run due. Refused for all others.
   *
   * @param run the run
   * @param actor who asked
   */
  record Release(RunId run, String actor) implements Amendment {}

  /**
   * Makes a schedule. Refused if one of this id exists.
   *
   * @param id its id
   * @param job the job that it starts
   * @param definition its canonical text
   * @param input what each run gets
   * @param tags what each run is labelled with
   * @param firstAt its first tick, if it has one
   */
  record CreateSchedule(
      String id,
      String job,
      String definition,
      Payload input,
      List<String> tags,
      Optional<Instant> firstAt)
      implements Amendment {}

  /**
   * Changes when a schedule fires. Refused for an unknown one.
   *
   * @param id its id
   * @param definition the new canonical text
   * @param nextAt the next tick, if there is one; never in the past
   */
  record ChangeSchedule(String id, String definition, Optional<Instant> nextAt)
      implements Amendment {}

  /**
   * Pauses or resumes a schedule. Refused for an unknown one; repeated if it is so already.
   *
   * @param id its id
   * @param paused whether it is to be paused
   */
  record PauseSchedule(String id, boolean paused) implements Amendment {}

  /**
   * Deletes a schedule. One that code declared stays away until its declaration changes. Refused
   * for an unknown one.
   *
   * @param id its id
   */
  record DeleteSchedule(String id) implements Amendment {}

  /**
   * Puts back what code says of a schedule, whatever was done to it, a deletion included; what ran
   * stays known. Never refused.
   *
   * @param job the job that it starts
   * @param said what code says; its hash counts as seen
   */
  record ResetSchedule(String job, Declaration.DeclaredSchedule said) implements Amendment {}

  /**
   * Starts a run of a schedule by hand; moves no tick. Refused for an unknown schedule, and, unless
   * {@code lastRun} is empty, if the schedule's last run is another one by now.
   *
   * @param id the schedule's id
   * @param run the run, whose trigger names the schedule
   * @param lastRun the last run that was seen to have ended
   */
  record TriggerSchedule(String id, NewRun run, Optional<RunId> lastRun) implements Amendment {}
}
