// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import dev.belfry.run.Unique;
import java.util.List;
import java.util.Optional;

/**
 * A run to insert.
 *
 * @param id made by the caller, so that the insert may be repeated
 * @param job the name of its job
 * @param priority -4 to 4
 * @param queue the queue of its job, for a lane that does not exist yet
 * @param due when it may start
 * @param input what its handler gets
 * @param trigger what started it
 * @param tags labels
 * @param unique the key that it holds, if any
 * @param watched whether its end is of interest to somebody and so makes an inbox entry
 * @param limits what limits it, without doubles; each must have a slot for it before it is claimed
 * @param cancelOn what ends it, each event once
 */
public record NewRun(
    RunId id,
    String job,
    int priority,
    String queue,
    Due due,
    Payload input,
    Trigger trigger,
    List<String> tags,
    Optional<Unique> unique,
    boolean watched,
    List<LimitKey> limits,
    List<CancelOn> cancelOn) {
  /** Copies the lists; keys of limits are put in order. */
  public NewRun {
    tags = List.copyOf(tags);
    limits = limits.stream().distinct().sorted().toList();
    cancelOn = List.copyOf(cancelOn);
  }

  /** Returns a run of default priority, due now, enqueued by nobody in particular. */
  public static NewRun of(RunId id, String job, Payload input) {
    return new NewRun(
        id,
        job,
        0,
        "default",
        new Due.Now(),
        input,
        Trigger.enqueue(),
        List.of(),
        Optional.empty(),
        false,
        List.of(),
        List.of());
  }

  /** Returns this run with another id. */
  public NewRun withId(RunId newId) {
    return new NewRun(
        newId, job, priority, queue, due, input, trigger, tags, unique, watched, limits, cancelOn);
  }

  /** Returns this run with another due time. */
  public NewRun withDue(Due newDue) {
    return new NewRun(
        id, job, priority, queue, newDue, input, trigger, tags, unique, watched, limits, cancelOn);
  }

  /** Returns this run with another priority. */
  public NewRun withPriority(int newPriority) {
    return new NewRun(
        id, job, newPriority, queue, due, input, trigger, tags, unique, watched, limits, cancelOn);
  }

  /** Returns this run with another queue. */
  public NewRun withQueue(String newQueue) {
    return new NewRun(
        id, job, priority, newQueue, due, input, trigger, tags, unique, watched, limits, cancelOn);
  }

  /** Returns this run with another trigger. */
  public NewRun withTrigger(Trigger newTrigger) {
    return new NewRun(
        id, job, priority, queue, due, input, newTrigger, tags, unique, watched, limits, cancelOn);
  }

  /** Returns this run with other labels. */
  public NewRun withTags(List<String> newTags) {
    return new NewRun(
        id, job, priority, queue, due, input, trigger, newTags, unique, watched, limits, cancelOn);
  }

  /** Returns this run with a unique key. */
  public NewRun withUnique(Optional<Unique> newUnique) {
    return new NewRun(
        id, job, priority, queue, due, input, trigger, tags, newUnique, watched, limits, cancelOn);
  }

  /** Returns this run, watched or not. */
  public NewRun withWatched(boolean newWatched) {
    return new NewRun(
        id, job, priority, queue, due, input, trigger, tags, unique, newWatched, limits, cancelOn);
  }

  /** Returns this run with other limits. */
  public NewRun withLimits(List<LimitKey> newLimits) {
    return new NewRun(
        id, job, priority, queue, due, input, trigger, tags, unique, watched, newLimits, cancelOn);
  }

  /** Returns this run with other events that end it. */
  public NewRun withCancelOn(List<CancelOn> newCancelOn) {
    return new NewRun(
        id, job, priority, queue, due, input, trigger, tags, unique, watched, limits, newCancelOn);
  }
}
