// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * What started a run.
 *
 * @param kind the kind of start
 * @param actor who asked, where somebody did
 * @param schedule the id of the schedule, for runs of one
 * @param nominal what the run stands for: the tick of its schedule, or when its event was sent; a
 *     manual run has none
 * @param origin the run that this one repeats or descends from; for an event, the UUID of it; for a
 *     group, its id
 */
public record Trigger(
    Kind kind,
    Optional<String> actor,
    Optional<String> schedule,
    Optional<Instant> nominal,
    Optional<RunId> origin) {
  /** The kinds of start. */
  public enum Kind {
    /** A tick of a schedule. */
    SCHEDULE,
    /** An event that the job subscribes to. */
    EVENT,
    /** A call to {@code enqueue}. */
    ENQUEUE,
    /** A person, by "run now". */
    MANUAL,
    /** A request from outside. */
    HOOK,
    /** A person who had an ended run done again. */
    RETRY,
    /** Another run. */
    PARENT,
    /** A group of runs: it is one of them, or what comes after them. */
    GROUP
  }

  /** Refuses null. */
  public Trigger {
    requireNonNull(kind, "kind");
    requireNonNull(actor, "actor");
    requireNonNull(schedule, "schedule");
    requireNonNull(nominal, "nominal");
    requireNonNull(origin, "origin");
  }

  /** Returns the trigger of a plain {@code enqueue}. */
  public static Trigger enqueue() {
    return of(Kind.ENQUEUE);
  }

  /** Returns the trigger of an event. */
  public static Trigger event(EventId event, Instant sentAt) {
    return new Trigger(
        Kind.EVENT,
        Optional.empty(),
        Optional.empty(),
        Optional.of(sentAt),
        Optional.of(new RunId(event.value())));
  }

  /** Returns the trigger of a run that another run has made. */
  public static Trigger parent(RunId parent) {
    return new Trigger(
        Kind.PARENT, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(parent));
  }

  /**
   * Returns the trigger of the runs of a group, and of the run that comes after them.
   *
   * @param group the id of the latter
   */
  public static Trigger group(RunId group) {
    return new Trigger(
        Kind.GROUP, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(group));
  }

  /** Returns the event that started the run, if one did. */
  public Optional<EventId> event() {
    return kind == Kind.EVENT ? origin.map(id -> new EventId(id.value())) : Optional.empty();
  }

  /** Returns the trigger of a tick. */
  public static Trigger schedule(String schedule, Instant nominal) {
    return new Trigger(
        Kind.SCHEDULE,
        Optional.empty(),
        Optional.of(schedule),
        Optional.of(nominal),
        Optional.empty());
  }

  /** Returns the trigger of a schedule's manual run. */
  public static Trigger manual(String schedule, String actor) {
    return new Trigger(
        Kind.MANUAL, Optional.of(actor), Optional.of(schedule), Optional.empty(), Optional.empty());
  }

  /** Returns the trigger of a run that does an ended one again. */
  public static Trigger retry(RunId origin, String actor) {
    return new Trigger(
        Kind.RETRY, Optional.of(actor), Optional.empty(), Optional.empty(), Optional.of(origin));
  }

  private static Trigger of(Kind kind) {
    return new Trigger(
        kind, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Returns this trigger with somebody who asked. */
  public Trigger by(String newActor) {
    return new Trigger(kind, Optional.of(newActor), schedule, nominal, origin);
  }
}
