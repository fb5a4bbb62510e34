// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import dev.belfry.run.LedgerCursor;
import dev.belfry.run.LedgerQuery;
import dev.belfry.run.Page;
import dev.belfry.run.Part;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Target;
import dev.belfry.store.JobStore;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything that can be done to runs and schedules from outside a handler. Thread-safe. Each
 * method is a call to the store and may throw a {@link dev.belfry.store.StoreException}.
 */
public interface SchedulerClient extends Enqueuer {
  /**
   * Returns a client without a scheduler: it holds no lease, has no threads and runs no handler.
   * For an application that only enqueues.
   *
   * @param store where a scheduler elsewhere finds the runs; opened here, closed by the caller
   * @param jobs the jobs to enqueue; their handlers are not called here
   */
  static SchedulerClient of(JobStore store, Job<?>... jobs) {
    return Client.alone(store, List.of(jobs));
  }

  /**
   * Returns a client without a scheduler on a host of its own, for tests with virtual time: what is
   * left to chance is the host's, and so is the time of those who wait.
   *
   * @param store where a scheduler elsewhere finds the runs; opened here, closed by the caller
   * @param host stays the caller's
   * @param jobs the jobs to enqueue; their handlers are not called here
   */
  static SchedulerClient of(JobStore store, Host host, Job<?>... jobs) {
    return Client.alone(store, host, new RunIds(host), List.of(jobs));
  }

  /**
   * Asks a run to end. One that is running is told and interrupted, within 2 s if it runs on
   * another node; one that is not ends as soon as a node that knows its job claims it.
   *
   * @param reason why, or who asks, for the history
   */
  CancelResult cancel(RunId run, String reason);

  /**
   * Has a run done again, now. A run that waits for its next attempt becomes due; for one that has
   * ended a new run is made, with fresh attempts, whose trigger names the old one.
   *
   * @param actor who asks, for the history
   * @return a handle of the run that will start
   * @throws IllegalArgumentException if there is no such run
   * @throws IllegalStateException if the run is running
   */
  RunHandle retry(RunId run, String actor);

  /**
   * Pauses a job, a queue or everything, on all nodes within a poll interval. What runs goes on.
   *
   * @param actor who asks, for the history
   */
  void pause(Target target, String actor);

  /** Ends a pause. */
  void resume(Target target, String actor);

  /** Returns what is paused. */
  List<Target> paused();

  /** Returns the schedules. */
  Schedules schedules();

  /** Returns what alert rules have found, and what is silenced. */
  Alerts alerts();

  /** Returns a handle of a run, to wait for its end; of any id, also of one that is unknown. */
  RunHandle handle(RunId run);

  /** Returns a run. */
  Optional<Run> run(RunId run);

  /** Returns a page of runs, newest first. */
  Page<Run> runs(RunQuery query);

  /** Returns how far a run is, if its handler has said so by {@link JobContext#progress}. */
  Optional<Progress> progress(RunId run);

  /** Returns the ended passes of a run, oldest first: its history. */
  List<Pass> passes(RunId run);

  /**
   * Returns what is stored of the parts of a run, in the order in which they were last written:
   * what it has done, and what it waits for. Kept as long as its history.
   */
  List<Part> parts(RunId run);

  /**
   * Writes a run as a JSON document, with its input, the event that started it and all its parts:
   * what a replay with newer code needs. It holds what handlers were given and returned, so treat
   * it as those data. One line, ended by a line feed; write with UTF-8.
   *
   * @param out where to write; neither flushed nor closed
   * @throws IllegalArgumentException if there is no such run
   * @throws IOException what {@code out} throws
   */
  void exportRun(RunId run, Appendable out) throws IOException;

  /**
   * Writes the ledger: a line for each ended pass that a query is for, in the order in which they
   * ended. Reads one page at a time, however long the ledger is. A query that goes on after a
   * cursor gets no line with the names of the fields, so what is written may be appended to what
   * was.
   *
   * @param out where to write; neither flushed nor closed
   * @return after which row a later call goes on; empty if there was none
   * @throws IOException what {@code out} throws. Go on after the last whole line that it has: its
   *     {@code ended_at}, {@code run} and {@code fence} are its {@link LedgerCursor}
   */
  Optional<LedgerCursor> exportLedger(LedgerQuery query, LedgerFormat format, Appendable out)
      throws IOException;

  /** Returns how a job has fared. */
  JobStatistics statistics(Job<?> job);

  /** Says in a sentence where a run is and, if it has not started, why not. */
  String explain(RunId run);

  /** Says in a sentence what a job does at present or, if it starts nothing, why not. */
  String explainJob(String name);

  /** Says in a sentence when a schedule fires next or, if it does not, why not. */
  String explainSchedule(String id);

  /**
   * Says in a sentence what a schedule did at an instant, or will do: which run it started, or why
   * none. Reads the schedule's runs since then.
   *
   * @param at exactly a tick, in microseconds; for any other instant it says which ticks are near
   */
  String explainSchedule(String id, Instant at);
}
