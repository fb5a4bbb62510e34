// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Page;
import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import dev.belfry.schedule.ClockChange;
import dev.belfry.schedule.Overlap;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.Accepted;
import dev.belfry.store.Amendment;
import dev.belfry.store.Declaration.DeclaredSchedule;
import dev.belfry.store.JobStore;
import dev.belfry.store.NewRun;
import dev.belfry.store.Payload;
import dev.belfry.store.ScheduleRow;
import dev.belfry.store.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The schedules of a store. Thread-safe. */
final class StoredSchedules implements Schedules {
  private final JobStore store;
  private final Jobs jobs;
  private final Payloads payloads;
  private final RunIds ids;
  private final Handles handles;
  private final BiConsumer<String, ClockChange> warnings;

  StoredSchedules(
      JobStore store,
      Jobs jobs,
      Payloads payloads,
      RunIds ids,
      Handles handles,
      BiConsumer<String, ClockChange> warnings) {
    this.store = store;
    this.jobs = jobs;
    this.payloads = payloads;
    this.ids = ids;
    this.handles = handles;
    this.warnings = warnings;
  }

  /** The first tick of a schedule that begins to count now. */
  static Optional<Instant> firstTick(Schedule schedule, Instant now) {
    return schedule.isAfterCompletion() ? Optional.of(now) : schedule.next(now);
  }

  @Override
  public ScheduleView create(ScheduleSpec<?> spec) {
    Instant now = store.now();
    Optional<ClockChange> clockChange = spec.schedule().clockChange(now);
    var change =
        new Amendment.CreateSchedule(
            spec.id(),
            spec.job().name(),
            spec.schedule().toString(),
            inputOf(spec),
            spec.tags(),
            firstTick(spec.schedule(), now));
    if (amend(change) == Verdict.REFUSED) {
      throw new IllegalArgumentException(
          "there is a schedule \"" + spec.id() + "\" already; change it, or delete it first");
    }
    clockChange.ifPresent(ahead -> warnings.accept(spec.id(), ahead));
    return view(spec.id());
  }

  private <I extends @Nullable Object> Payload inputOf(ScheduleSpec<I> spec) {
    return payloads.input(JobDefinition.of(spec.job()), spec.input());
  }

  @Override
  public ScheduleView change(String id, Schedule schedule) {
    Instant now = store.now();
    Optional<ClockChange> clockChange = schedule.clockChange(now);
    // What is still to run, the next tick of a pause after completion included, counts from now.
    apply(new Amendment.ChangeSchedule(id, schedule.toString(), firstTick(schedule, now)), id);
    clockChange.ifPresent(ahead -> warnings.accept(id, ahead));
    return view(id);
  }

  @Override
  public void pause(String id) {
    apply(new Amendment.PauseSchedule(id, true), id);
  }

  @Override
  public void resume(String id) {
    apply(new Amendment.PauseSchedule(id, false), id);
  }

  @Override
  public void delete(String id) {
    apply(new Amendment.DeleteSchedule(id), id);
  }

  @Override
  public ScheduleView reset(String id) {
    Instant now = store.now();
    for (JobDefinition<?, ?> job : jobs.all()) {
      for (DeclaredSchedule said : Declarations.schedules(job, payloads, now)) {
        if (said.id().equals(id)) {
          amend(new Amendment.ResetSchedule(job.name(), said));
          return view(id);
        }
      }
    }
    throw new IllegalArgumentException(
        "no code here declares schedule \"" + id + "\"; only what code declares can be reset");
  }

  private void apply(Amendment change, String id) {
    if (amend(change) == Verdict.REFUSED) {
      throw unknown(id);
    }
  }

  private Verdict amend(Amendment change) {
    return store.amend(List.of(change)).get(0);
  }

  private static IllegalArgumentException unknown(String id) {
    return new IllegalArgumentException("there is no schedule \"" + id + "\"");
  }

  @Override
  public RunHandle trigger(String id, String actor) {
    ScheduleRow row = row(id);
    boolean overlaps = row.active() && Schedule.parse(row.definition()).overlap() != Overlap.ALLOW;
    if (overlaps) {
      throw stillRuns(row);
    }
    return start(row, row.lastRun(), actor);
  }

  @Override
  public RunHandle triggerAnyway(String id, String actor) {
    return start(row(id), Optional.empty(), actor);
  }

  private RunHandle start(ScheduleRow row, Optional<RunId> lastRun, String actor) {
    JobDefinition<?, ?> job = jobs.find(row.job());
    NewRun run =
        NewRun.of(ids.next(), row.job(), row.input())
            .withTags(row.tags())
            .withTrigger(Trigger.manual(row.id(), actor))
            .withWatched(Schedule.parse(row.definition()).isAfterCompletion());
    NewRun placed = RunLimit.byHand(RunLimit.place(job, payloads, run));
    if (amend(new Amendment.TriggerSchedule(row.id(), placed, lastRun)) == Verdict.REFUSED) {
      throw stillRuns(row(row.id()));
    }
    return handles.of(new Accepted.Created(run.id()));
  }

  private static IllegalStateException stillRuns(ScheduleRow row) {
    return new IllegalStateException(
        "the last run of schedule \""
            + row.id()
            + "\", "
            + row.lastRun().map(RunId::toString).orElse("unknown")
            + ", has not ended; use triggerAnyway to start another beside it");
  }

  private ScheduleRow row(String id) {
    return store.schedule(id).orElseThrow(() -> unknown(id));
  }

  private ScheduleView view(String id) {
    return ScheduleView.of(row(id));
  }

  @Override
  public Optional<ScheduleView> find(String id) {
    return store.schedule(id).map(ScheduleView::of);
  }

  @Override
  public Page<ScheduleView> list(Optional<String> afterId, int limit) {
    if (limit < 1 || limit > 1_000) {
      throw new IllegalArgumentException("limit must be 1 to 1000, was " + limit);
    }
    return store.schedules(afterId, limit).map(ScheduleView::of);
  }
}
