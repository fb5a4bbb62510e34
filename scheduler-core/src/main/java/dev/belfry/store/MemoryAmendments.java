// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

/** Changes from outside, in memory. */
final class MemoryAmendments {
  private final MemoryLife life;
  private final MemorySchedules schedules;

  MemoryAmendments(MemoryLife life, MemorySchedules schedules) {
    this.life = life;
    this.schedules = schedules;
  }

  Verdict amend(Amendment change, Commit commit) {
    if (change instanceof Amendment.Cancel cancel) {
      return life.cancel(cancel.run(), cancel.reason(), commit);
    } else if (change instanceof Amendment.Reschedule reschedule) {
      return life.reschedule(reschedule, commit);
    } else if (change instanceof Amendment.Release release) {
      return life.release(release, commit);
    } else if (change instanceof Amendment.CreateSchedule create) {
      return schedules.create(create, commit);
    } else if (change instanceof Amendment.ChangeSchedule other) {
      return schedules.change(other, commit);
    } else if (change instanceof Amendment.PauseSchedule pause) {
      return schedules.pause(pause, commit);
    } else if (change instanceof Amendment.DeleteSchedule delete) {
      return schedules.delete(delete, commit);
    } else if (change instanceof Amendment.ResetSchedule reset) {
      return schedules.reset(reset, commit);
    } else if (change instanceof Amendment.TriggerSchedule trigger) {
      return schedules.trigger(trigger, commit);
    }
    throw new IllegalArgumentException("unknown change: " + change);
  }
}
