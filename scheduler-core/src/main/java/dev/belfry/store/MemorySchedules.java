// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.Page;
import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Schedules and ticks in memory. */
final class MemorySchedules {
  /** What code said of a schedule, which is known for ever, whatever becomes of the schedule. */
  private record Said(String schedule, String hash) {}

  private final MemoryOrder<MemorySchedule> schedules =
      new MemoryOrder<>(Comparator.comparing(schedule -> schedule.id));
  private final MemoryTimetable timetable = new MemoryTimetable();
  private final MemoryTicks ticks = new MemoryTicks();
  private final MemoryShares shares = new MemoryShares();
  private final Set<Said> declarations = new HashSet<>();
  private final MemoryLanes lanes;
  private final MemoryRuns runs;
  private final MemoryLife life;

  MemorySchedules(MemoryLanes lanes, MemoryRuns runs, MemoryLife life) {
    this.lanes = lanes;
    this.runs = runs;
    this.life = life;
  }

  // Made and changed

  void declare(String job, Declaration.DeclaredSchedule declared, Commit commit) {
    if (declarations.add(new Said(declared.id(), declared.hash()))) {
      put(job, declared, commit);
    }
  }

  Verdict reset(Amendment.ResetSchedule change, Commit commit) {
    declarations.add(new Said(change.said().id(), change.said().hash()));
    put(change.job(), change.said(), commit);
    return Verdict.APPLIED;
  }

  private void put(String job, Declaration.DeclaredSchedule declared, Commit commit) {
    var schedule = get(declared.id());
    if (schedule == null) {
      add(new MemorySchedule(job, declared));
    } else {
      timetable.change(schedule, () -> schedule.redeclare(job, declared));
    }
    lanes.changed(commit);
  }

  private void add(MemorySchedule schedule) {
    schedules.add(schedule);
    timetable.add(schedule);
  }

  private void remove(MemorySchedule schedule) {
    schedules.remove(schedule);
    timetable.remove(schedule);
  }

  Verdict create(Amendment.CreateSchedule change, Commit commit) {
    var before = get(change.id());
    if (before != null && !before.deleted) {
      return Verdict.REFUSED;
    }
    var schedule = new MemorySchedule(change, shares);
    if (before != null) {
      schedule.version = before.version + 1;
      remove(before);
    }
    add(schedule);
    lanes.changed(commit);
    return Verdict.APPLIED;
  }

  Verdict change(Amendment.ChangeSchedule change, Commit commit) {
    var schedule = live(change.id());
    if (schedule == null) {
      return Verdict.REFUSED;
    }
    schedule.overridden = schedule.declared;
    String definition = shares.text(change.definition());
    timetable.change(schedule, () -> schedule.change(definition, change.nextAt()));
    lanes.changed(commit);
    return Verdict.APPLIED;
  }

  Verdict pause(Amendment.PauseSchedule change, Commit commit) {
    var schedule = live(change.id());
    if (schedule == null) {
      return Verdict.REFUSED;
    }
    if (schedule.paused == change.paused()) {
      return Verdict.REPEATED;
    }
    timetable.change(schedule, () -> schedule.pause(change.paused()));
    lanes.changed(commit);
    return Verdict.APPLIED;
  }

  Verdict delete(Amendment.DeleteSchedule change, Commit commit) {
    var schedule = live(change.id());
    if (schedule == null) {
      return Verdict.REFUSED;
    }
    if (schedule.declared) {
      timetable.change(schedule, schedule::bury);
    } else {
      remove(schedule);
    }
    lanes.changed(commit);
    return Verdict.APPLIED;
  }

  Verdict trigger(Amendment.TriggerSchedule change, Commit commit) {
    if (runs.contains(change.run().id())) {
      return Verdict.REPEATED;
    }
    var schedule = live(change.id());
    if (schedule == null
        || (change.lastRun().isPresent()
            && !change.lastRun().equals(Optional.ofNullable(schedule.lastRun)))
        || !(life.insert(change.run(), commit) instanceof Accepted.Created made)) {
      return Verdict.REFUSED;
    }
    schedule.lastRun = made.run();
    return Verdict.APPLIED;
  }

  // Ticks

  DueTicks due(Set<String> jobs, Set<String> declared, int limit, Instant now) {
    var due = timetable.due(jobs, declared, limit, now);
    return new DueTicks(
        now, due.stream().map(this::row).toList(), timetable.next(jobs, declared, now));
  }

  Verdict fire(Firing firing, Commit commit) {
    var schedule = get(firing.schedule());
    if (schedule == null || !schedule.accepts(firing, commit.now())) {
      return wasFired(firing) ? Verdict.REPEATED : Verdict.REFUSED;
    }
    if (firing.tick() instanceof Firing.Park park) {
      var on = life.pending(park.on());
      if (on == null) {
        return Verdict.REFUSED;
      }
      park(schedule, on, park.cancel(), commit);
    } else {
      if (firing.tick() instanceof Firing.Start start) {
        start(schedule, nominal(start, firing), start.run(), commit);
      }
      timetable.change(schedule, () -> schedule.moveTo(firing.next()));
    }
    firing.missed().ifPresent(missed -> skip(schedule, missed, commit));
    return Verdict.APPLIED;
  }

  private boolean wasFired(Firing firing) {
    return firing.tick() instanceof Firing.Start start
        && ticks.hasFired(firing.schedule(), nominal(start, firing), start.run().id());
  }

  private static Instant nominal(Firing.Start start, Firing firing) {
    return Commit.micros(start.run().trigger().nominal().orElse(firing.nominal()));
  }

  private void start(MemorySchedule schedule, Instant nominal, NewRun run, Commit commit) {
    if (ticks.hasFired(schedule.id, nominal)) {
      return;
    }
    var accepted = life.insert(run, commit);
    ticks.fired(schedule.id, nominal, run.id());
    if (accepted instanceof Accepted.Created made) {
      schedule.lastAt = nominal;
      schedule.lastRun = made.run();
    }
  }

  private void park(MemorySchedule schedule, MemoryRun on, boolean cancel, Commit commit) {
    on.watched = true;
    timetable.change(schedule, () -> schedule.parkedOn = on.id);
    if (cancel) {
      life.cancel(on.id, "the next tick of schedule " + schedule.id + " has come", commit);
    }
  }

  private void skip(MemorySchedule schedule, Firing.Missed missed, Commit commit) {
    var record =
        NewRun.of(missed.record(), schedule.job, schedule.input)
            .withTrigger(Trigger.schedule(schedule.id, missed.last()))
            .withTags(schedule.tags);
    life.insertSkipped(record, missed.detail(), commit);
  }

  // Delivered to

  void apply(Delivery.Effect effect) {
    if (effect instanceof Delivery.Unpark unpark) {
      var schedule = live(unpark.schedule());
      if (schedule != null && unpark.run().equals(schedule.parkedOn)) {
        timetable.change(schedule, schedule::unpark);
      }
    } else if (effect instanceof Delivery.NextTick next) {
      var schedule = live(next.schedule());
      if (schedule != null
          && (!schedule.hasNext() || next.run().equals(schedule.parkedOn))
          && next.run().equals(schedule.lastRun)) {
        timetable.change(schedule, () -> schedule.waitUntil(next.at()));
      }
    }
  }

  // Read and kept

  Page<ScheduleRow> rows(Optional<String> afterId, int limit) {
    var found =
        schedules
            .from(schedule -> afterId.isPresent() && schedule.id.compareTo(afterId.get()) <= 0)
            .filter(schedule -> !schedule.deleted)
            .limit(limit + 1L)
            .map(this::row)
            .toList();
    return Page.of(found, limit);
  }

  List<ScheduleRow> rowsOf(String job, int limit) {
    return schedules.stream()
        .filter(schedule -> !schedule.deleted && schedule.job.equals(job))
        .limit(limit)
        .map(this::row)
        .toList();
  }

  Optional<ScheduleRow> row(String id) {
    return Optional.ofNullable(live(id)).map(this::row);
  }

  private ScheduleRow row(MemorySchedule schedule) {
    RunId last = schedule.lastRun;
    return schedule.toRow(last != null && life.pending(last) != null);
  }

  private @Nullable MemorySchedule live(String id) {
    var schedule = get(id);
    return schedule == null || schedule.deleted ? null : schedule;
  }

  private @Nullable MemorySchedule get(String id) {
    var schedule = schedules.first(other -> other.id.compareTo(id) < 0);
    return schedule == null || !schedule.id.equals(id) ? null : schedule;
  }

  void purge(Instant before, int limit) {
    ticks.purge(before, limit);
  }
}
