// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Page;
import dev.belfry.schedule.Schedule;
import java.util.Optional;

/**
 * The schedules in the store, those that jobs' code declares and those made at run time. All of it
 * works without a restart and on every node.
 *
 * <p>What is done here to a declared schedule overrides the code. A later start does not undo it,
 * unless the code says something that it never said before.
 */
public interface Schedules {
  /**
   * Makes a schedule. Its first tick is the first after now.
   *
   * @throws IllegalArgumentException if one of this id exists
   */
  ScheduleView create(ScheduleSpec<?> spec);

  /**
   * Changes when a schedule fires. The past is not fired again: its next tick is the first after
   * now.
   *
   * @throws IllegalArgumentException if there is none of this id
   */
  ScheduleView change(String id, Schedule schedule);

  /**
   * Pauses a schedule. Nothing happens if it is paused already.
   *
   * @throws IllegalArgumentException if there is none of this id
   */
  void pause(String id);

  /**
   * Resumes a schedule. Ticks since the pause were missed: its catch-up policy says what becomes of
   * them.
   *
   * @throws IllegalArgumentException if there is none of this id
   */
  void resume(String id);

  /**
   * Deletes a schedule; its runs stay. One that code declares stays away until its declaration
   * changes.
   *
   * @throws IllegalArgumentException if there is none of this id
   */
  void delete(String id);

  /**
   * Puts back what the code of this node declares, as if nobody had ever changed, paused or deleted
   * the schedule. Its first tick is the first after now.
   *
   * @throws IllegalArgumentException if the code of this node declares none of this id
   */
  ScheduleView reset(String id);

  /**
   * Starts a run now. Moves no tick, and works on a paused schedule.
   *
   * @param actor who asks, for the history
   * @throws IllegalArgumentException if there is none of this id
   * @throws IllegalStateException if its last run has not ended and it does not allow overlap
   */
  RunHandle trigger(String id, String actor);

  /**
   * Starts a run now, also while the last one has not ended.
   *
   * @param actor who asks, for the history
   * @throws IllegalArgumentException if there is none of this id
   */
  RunHandle triggerAnyway(String id, String actor);

  /** Returns a schedule. */
  Optional<ScheduleView> find(String id);

  /**
   * Returns schedules in order of id.
   *
   * @param afterId where to go on: the last id of the page before
   * @param limit the most to return; 1 to 1,000
   */
  Page<ScheduleView> list(Optional<String> afterId, int limit);
}
