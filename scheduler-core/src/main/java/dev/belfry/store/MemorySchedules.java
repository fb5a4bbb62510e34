// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.Page;
import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Schedules and ticks in memory. */
final class MemorySchedules {
  private final NavigableMap<String, MemorySchedule> schedules = new TreeMap<>();
  private final Map<String, MemorySchedule.Past> pasts = new HashMap<>();
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
    var past = past(declared.id());
    if (!past.learn(declared.hash())) {
      return;
    }
    var schedule = schedules.get(declared.id());
    if (schedule == null) {
      schedules.put(declared.id(), new MemorySchedule(job, declared, past));
    } else {
      schedule.redeclare(job, declared);
    }
    lanes.changed(commit);
  }

  Verdict create(Amendment.CreateSchedule change, Commit commit) {
    var before = schedules.get(change.id());
    if (before != null && !before.deleted) {
      return Verdict.REFUSED;
    }
    var schedule = new MemorySchedule(change, past(change.id()));
    if (before != null) {
      schedule.version = before.version + 1;
    }
    schedules.put(change.id(), schedule);
    lanes.changed(commit);
    return Verdict.APPLIED;
  }

  Verdict change(Amendment.ChangeSchedule change, Commit commit) {
    var schedule = live(change.id());
    if (schedule == null) {
      return Verdict.REFUSED;
    }
    schedule.overridden = schedule.origin == ScheduleRow.Origin.CODE;
    schedule.change(change.definition(), change.nextAt());
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
    schedule.paused = change.paused();
    schedule.version++;
    lanes.changed(commit);
    return Verdict.APPLIED;
  }

  Verdict delete(Amendment.DeleteSchedule change, Commit commit) {
    var schedule = live(change.id());
    if (schedule == null) {
      return Verdict.REFUSED;
    }
    if (schedule.origin == ScheduleRow.Origin.CODE) {
      schedule.deleted = true;
      schedule.version++;
    } else {
      schedules.remove(change.id());
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
        || (change.lastRun().isPresent() && !change.lastRun().equals(schedule.lastRun))
        || !(life.insert(change.run(), commit) instanceof Accepted.Created made)) {
      return Verdict.REFUSED;
    }
    schedule.lastRun = Optional.of(made.run());
    return Verdict.APPLIED;
  }

  // Ticks

  DueTicks due(Set<String> jobs, Set<String> declared, int limit, Instant now) {
    Supplier<Stream<MemorySchedule>> candidates =
        () ->
            schedules.values().stream()
                .filter(s -> s.mayFire() && s.nextAt.isPresent() && jobs.contains(s.job))
                .filter(s -> s.origin != ScheduleRow.Origin.CODE || declared.contains(s.id));
    var due =
        candidates
            .get()
            .filter(s -> s.isDue(now))
            .sorted(Comparator.comparing(s -> s.nextAt.orElseThrow()))
            .limit(limit)
            .map(this::row)
            .toList();
    var next =
        candidates
            .get()
            .filter(s -> !s.isDue(now))
            .map(s -> s.nextAt.orElseThrow())
            .min(Comparator.naturalOrder());
    return new DueTicks(now, due, next);
  }

  Verdict fire(Firing firing, Commit commit) {
    var schedule = schedules.get(firing.schedule());
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
      schedule.nextAt = Commit.micros(firing.next());
      schedule.queued = false;
    }
    firing.missed().ifPresent(missed -> skip(schedule, missed, commit));
    return Verdict.APPLIED;
  }

  private boolean wasFired(Firing firing) {
    var past = pasts.get(firing.schedule());
    return past != null
        && firing.tick() instanceof Firing.Start start
        && past.hasFired(nominal(start, firing), start.run().id());
  }

  private static Instant nominal(Firing.Start start, Firing firing) {
    return Commit.micros(start.run().trigger().nominal().orElse(firing.nominal()));
  }

  private void start(MemorySchedule schedule, Instant nominal, NewRun run, Commit commit) {
    if (schedule.past.hasFired(nominal)) {
      return;
    }
    var accepted = life.insert(run, commit);
    schedule.past.fired(nominal, run.id());
    if (accepted instanceof Accepted.Created made) {
      schedule.lastAt = Optional.of(nominal);
      schedule.lastRun = Optional.of(made.run());
    }
  }

  private void park(MemorySchedule schedule, MemoryRun on, boolean cancel, Commit commit) {
    on.watched = true;
    schedule.parkedOn = Optional.of(on.id);
    if (cancel) {
      life.cancel(on.id, "the next tick of schedule " + schedule.id + " has come", commit);
    }
  }

  private void skip(MemorySchedule schedule, Firing.Missed missed, Commit commit) {
    String reason =
        "%s: %d ticks from %s to %s"
            .formatted(missed.reason(), missed.count(), missed.first(), missed.last());
    var record =
        NewRun.of(missed.record(), schedule.job, schedule.input)
            .withTrigger(Trigger.schedule(schedule.id, missed.last()))
            .withTags(schedule.tags);
    life.insertSkipped(record, reason, commit);
  }

  // Delivered to

  void apply(Delivery.Effect effect) {
    if (effect instanceof Delivery.Unpark unpark) {
      var schedule = live(unpark.schedule());
      if (schedule != null && schedule.parkedOn.equals(Optional.of(unpark.run()))) {
        schedule.parkedOn = Optional.empty();
        schedule.queued = true;
      }
    } else if (effect instanceof Delivery.NextTick next) {
      var schedule = live(next.schedule());
      if (schedule != null
          && (schedule.nextAt.isEmpty() || schedule.parkedOn.equals(Optional.of(next.run())))
          && schedule.lastRun.equals(Optional.of(next.run()))) {
        schedule.nextAt = Optional.of(Commit.micros(next.at()));
        schedule.parkedOn = Optional.empty();
      }
    }
  }

  // Read and kept

  Page<ScheduleRow> rows(Optional<String> afterId, int limit) {
    var later = afterId.map(id -> schedules.tailMap(id, false)).orElse(schedules);
    var found =
        later.values().stream()
            .filter(schedule -> !schedule.deleted)
            .limit(limit + 1L)
            .map(this::row)
            .toList();
    return Page.of(found, limit);
  }

  List<ScheduleRow> rowsOf(String job, int limit) {
    return schedules.values().stream()
        .filter(schedule -> !schedule.deleted && schedule.job.equals(job))
        .limit(limit)
        .map(this::row)
        .toList();
  }

  Optional<ScheduleRow> row(String id) {
    return Optional.ofNullable(live(id)).map(this::row);
  }

  private ScheduleRow row(MemorySchedule schedule) {
    RunId last = schedule.lastRun.orElse(null);
    return schedule.toRow(last != null && life.pending(last) != null);
  }

  private @Nullable MemorySchedule live(String id) {
    var schedule = schedules.get(id);
    return schedule == null || schedule.deleted ? null : schedule;
  }

  private MemorySchedule.Past past(String id) {
    return pasts.computeIfAbsent(id, i -> new MemorySchedule.Past());
  }

  void purge(Instant before) {
    pasts.values().forEach(past -> past.forget(before));
  }
}
