// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a node's code says of one job.
 *
 * @param job its name
 * @param queue the queue that it belongs to
 * @param priority its default priority
 * @param schedules the schedules that the code gives it
 * @param limits the limits that its runs may meet; a name stands for one limit in all of a store
 * @param events the names of the events that it subscribes to, in place of what it did before; that
 *     of {@link #endOf} stands for the ends of another job's runs
 */
public record Declaration(
    String job,
    String queue,
    int priority,
    List<DeclaredSchedule> schedules,
    List<Limit> limits,
    Set<String> events) {
  /** Copies the collections, and checks the names of events. */
  public Declaration {
    schedules = List.copyOf(schedules);
    limits = List.copyOf(limits);
    events = Set.copyOf(events);
    events.forEach(event -> Bound.name("name of an event", event, Bound.NAME));
  }

  /** Declares a job that subscribes to nothing. */
  public Declaration(
      String job,
      String queue,
      int priority,
      List<DeclaredSchedule> schedules,
      List<Limit> limits) {
    this(job, queue, priority, schedules, limits, Set.of());
  }

  /** Declares a job without limits that subscribes to nothing. */
  public Declaration(String job, String queue, int priority, List<DeclaredSchedule> schedules) {
    this(job, queue, priority, schedules, List.of());
  }

  /** Returns this declaration with subscriptions. */
  public Declaration withEvents(Set<String> newEvents) {
    return new Declaration(job, queue, priority, schedules, limits, newEvents);
  }

  /** What stands before the name of a job in {@link #endOf}; no name of an event begins so. */
  public static final String END_OF = "@ended/";

  /**
   * Returns the name that a job subscribes to in order to follow another: each end of a run of that
   * job then makes an inbox entry, watched or not, whoever writes it.
   *
   * @param followed the name of the other job
   */
  public static String endOf(String followed) {
    return END_OF + followed;
  }

  /**
   * A schedule given in code. It is written if its {@code hash} was never seen for this id before;
   * otherwise the store keeps what it has, an operator's change included. So a roll-back and nodes
   * of two versions do not undo each other.
   *
   * @param id its id, unique in the store
   * @param definition the canonical text of the schedule
   * @param input what each run gets
   * @param tags what each run is labelled with
   * @param firstAt its first tick, if it has one
   * @param hash stands for all that the code says of it
   */
  public record DeclaredSchedule(
      String id,
      String definition,
      Payload input,
      List<String> tags,
      Optional<Instant> firstAt,
      String hash) {
    /** Copies the tags. */
    public DeclaredSchedule {
      tags = List.copyOf(tags);
    }
  }
}
