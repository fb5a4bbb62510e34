// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.schedule.ClockChange;
import java.time.Duration;
import java.util.Optional;

/** Something that happened on a node, after it was committed where it is written at all. */
public sealed interface SchedulerEvent {
  /** An event of one run. */
  sealed interface OfRun extends SchedulerEvent {
    /** Returns the name of the job. */
    String job();

    /** Returns the run. */
    RunId run();

    /** Returns the attempts opened so far. */
    int attempt();
  }

  /** A handler is about to start. */
  record RunStarted(String job, RunId run, int attempt) implements OfRun {}

  /**
   * An attempt failed.
   *
   * @param thrown what the handler threw itself
   * @param retryIn when the next attempt follows; empty if this was the last
   */
  record AttemptFailed(
      String job, RunId run, int attempt, Throwable thrown, Optional<Duration> retryIn)
      implements OfRun {
    /** Returns whether no further attempt follows. */
    public boolean last() {
      return retryIn.isEmpty();
    }
  }

  /**
   * A run ended, as its history says it did.
   *
   * @param status how
   * @param thrown what the handler of its last attempt threw, if it did
   * @param ran how long that attempt ran
   */
  record RunEnded(
      String job, RunId run, int attempt, Status status, Optional<Throwable> thrown, Duration ran)
      implements OfRun {}

  /**
   * A run was put aside.
   *
   * @param reason what is wrong with it
   */
  record RunBlocked(String job, RunId run, int attempt, String reason) implements OfRun {}

  /**
   * A handler did not end though it was told and interrupted. Its worker was replaced; the thread
   * is lost until the handler ends.
   *
   * @param ran for how long it has been running
   * @param stack where it is
   */
  record RunStuck(String job, RunId run, int attempt, Duration ran, String stack)
      implements OfRun {}

  /**
   * A handler without a timeout has been running for an hour.
   *
   * @param ran for how long
   */
  record RunLong(String job, RunId run, int attempt, Duration ran) implements OfRun {}

  /**
   * A handler caught the {@link Error} that ends a pass, and went on. What it did then is ignored.
   *
   * @param waitsFor what the pass was suspended on
   */
  record SuspensionSwallowed(String job, RunId run, int attempt, String waitsFor)
      implements OfRun {}

  /** The outcome of a pass was refused, because the run was taken over or moved meanwhile. */
  record OutcomeRefused(String job, RunId run, int attempt) implements OfRun {}

  /**
   * A schedule has ticks in the hours in which the clock of its zone will be changed within a year.
   * Told for declared schedules at the start, and for those that are made or changed on this node.
   *
   * @param schedule its id
   * @param change the next such change, and what becomes of the tick
   */
  record ClockChangeAhead(String schedule, ClockChange change) implements SchedulerEvent {}

  /** The store can't be reached. */
  record StoreLost(Throwable cause) implements SchedulerEvent {}

  /**
   * The store can be reached again.
   *
   * @param after how long it could not
   */
  record StoreBack(Duration after) implements SchedulerEvent {}

  /**
   * This node was declared dead by another: it dropped what it held and joined anew.
   *
   * @param dropped how many runs it held
   */
  record NodeRejoined(int dropped) implements SchedulerEvent {}

  /**
   * This node freed runs of a dead one.
   *
   * @param runs how many
   */
  record RunsRecovered(int runs) implements SchedulerEvent {}
}
