// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.operations;

import dev.belfry.ScheduleView;
import dev.belfry.http.Principal;
import dev.belfry.http.routing.Problem;
import dev.belfry.run.RunId;
import dev.belfry.schedule.PlannedTick;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.RunRecord;
import dev.belfry.store.ScheduleRow;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gathers what there is to see of schedules. */
final class ScheduleReading {
  private final Ground ground;

  ScheduleReading(Ground ground) {
    this.ground = ground;
  }

  List<ScheduleEntry> entries(Principal who, List<ScheduleView> views) {
    List<RunId> last = views.stream().flatMap(view -> view.lastRun().stream()).toList();
    Map<RunId, RunRecord> runs = ground.runs(who, last);
    return views.stream().map(view -> entry(view, runs)).toList();
  }

  private ScheduleEntry entry(ScheduleView view, Map<RunId, RunRecord> runs) {
    Optional<Schedule> schedule = schedule(view);
    return new ScheduleEntry(
        view,
        schedule.map(Schedule::describe).orElse("can't be read on this node"),
        schedule.flatMap(Schedule::zone),
        view.lastRun()
            .flatMap(run -> Optional.ofNullable(runs.get(run)))
            .map(record -> ground.redaction().run(record.run())));
  }

  /**
   * Returns the schedule in force; empty if a newer release has written what this one can't read.
   */
  private Optional<Schedule> schedule(ScheduleView view) {
    try {
      return Optional.of(ground.context().schedule(view.definition()));
    } catch (IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  ScheduleDetail detail(Principal who, ScheduleRow row, int ticks) {
    ScheduleView view = ScheduleView.of(row);
    return new ScheduleDetail(
        entries(who, List.of(view)).get(0),
        ticks(view, ticks),
        ground.explanation(who, ground.client().explainSchedule(view.id())),
        ground.redaction().payload(row.input()),
        isDeclaredHere(view.id()));
  }

  boolean isDeclaredHere(String id) {
    return ground.context().jobs().stream().anyMatch(job -> job.schedules().contains(id));
  }

  private List<PlannedTick> ticks(ScheduleView view, int count) {
    Optional<Instant> next = view.nextAt();
    if (view.state() != ScheduleView.State.ACTIVE || next.isEmpty()) {
      return List.of();
    }
    try {
      return schedule(view)
          .filter(schedule -> !schedule.isAfterCompletion())
          .map(schedule -> schedule.preview(count, next.get().minusNanos(1)))
          .orElse(List.of());
    } catch (IllegalArgumentException | IllegalStateException unknown) {
      return List.of(); // an exclusion that only the code of another node has
    }
  }

  /** Reads what somebody writes: the text of a schedule or, with a zone, a cron expression. */
  Schedule read(String definition, Optional<String> zone) {
    Optional<ZoneId> known = Inputs.zone(zone);
    return Inputs.valid(
        "/definition",
        () ->
            known
                .map(at -> Schedule.cron(definition, at))
                .orElseGet(() -> ground.context().schedule(definition)));
  }

  /** Returns the ticks of what somebody writes, and refuses what can't be asked for any. */
  static List<PlannedTick> preview(Schedule schedule, int count, Instant from) {
    try {
      return schedule.isAfterCompletion() ? List.of() : schedule.preview(count, from);
    } catch (IllegalStateException unknown) {
      throw Problem.invalid("/definition", String.valueOf(unknown.getMessage()));
    }
  }
}
