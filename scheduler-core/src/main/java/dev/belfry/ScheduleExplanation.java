// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Page;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.RunState;
import dev.belfry.schedule.Overlap;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.Firing;
import dev.belfry.store.JobStore;
import dev.belfry.store.RunRecord;
import dev.belfry.store.ScheduleRow;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Says in a sentence what a schedule does, or did at an instant, and why not more. */
final class ScheduleExplanation {
  /** Why a schedule fires nothing at present; the first cause that speaks is told. */
  private static final List<Function<ScheduleExplanation, Optional<String>>> SILENT =
      List.of(
          ScheduleExplanation::paused,
          ScheduleExplanation::parked,
          ScheduleExplanation::counting,
          ScheduleExplanation::over,
          ScheduleExplanation::unserved,
          ScheduleExplanation::orphan);

  /** How long after its tick one that nobody has fired is given up; nodes look each 30 s. */
  private static final Duration LATE = Duration.ofMinutes(1);

  private static final int PAGE = 1_000;

  private final JobStore store;
  private final Present present;
  private final ScheduleRow row;
  private final Schedule schedule;

  private ScheduleExplanation(JobStore store, ScheduleRow row, Schedule schedule) {
    this.store = store;
    this.present = Present.of(store);
    this.row = row;
    this.schedule = schedule;
  }

  static String of(JobStore store, Jobs jobs, String id) {
    return of(store, jobs, id, explanation -> explanation.now().orElseGet(explanation::next));
  }

  static String of(JobStore store, Jobs jobs, String id, Instant at) {
    Instant tick = at.truncatedTo(ChronoUnit.MICROS); // as the store has it
    return of(store, jobs, id, explanation -> explanation.at(tick));
  }

  private static String of(
      JobStore store, Jobs jobs, String id, Function<ScheduleExplanation, String> predicate) {
    Optional<ScheduleRow> found = store.schedule(id);
    if (found.isEmpty()) {
      return "there is no schedule \"" + id + "\"; it was deleted or never made";
    }
    String subject = "schedule \"" + id + "\" ";
    try {
      Schedule schedule = jobs.scheduleOf(found.get());
      return subject + predicate.apply(new ScheduleExplanation(store, found.get(), schedule));
    } catch (IllegalArgumentException | IllegalStateException unreadable) {
      return subject + "can't be read here: " + unreadable.getMessage();
    }
  }

  // At present

  private Optional<String> now() {
    return SILENT.stream().flatMap(cause -> cause.apply(this).stream()).findFirst();
  }

  private Optional<String> paused() {
    return row.paused()
        ? Optional.of(
            "is paused"
                + row.nextAt()
                    .map(at -> "; its ticks from " + at + " on are missed when it is resumed")
                    .orElse(""))
        : Optional.empty();
  }

  private Optional<String> parked() {
    return row.parkedOn()
        .map(run -> "waits for the end of run " + run + " with its tick at " + tick());
  }

  private Optional<String> counting() {
    return row.nextAt().isEmpty() && row.active()
        ? Optional.of("counts from the end of run " + lastRun() + ", which has not ended")
        : Optional.empty();
  }

  private Optional<String> over() {
    return row.nextAt().isEmpty()
        ? Optional.of("has no further tick: it is \"" + row.definition() + "\"")
        : Optional.empty();
  }

  private Optional<String> unserved() {
    return present.lackOf(row.job()).map(lack -> "fires nothing: " + lack);
  }

  /** The store does not know which node's code declares what; but a tick stays behind. */
  private Optional<String> orphan() {
    boolean late = row.nextAt().filter(at -> at.plus(LATE).isBefore(present.now())).isPresent();
    return late
        ? Optional.of(
            "fires nothing: its tick at "
                + tick()
                + " has come, but "
                + (row.origin() == ScheduleRow.Origin.CODE
                    ? "the code of no live node declares it"
                    : "no live node can fire it; their logs say why"))
        : Optional.empty();
  }

  private String next() {
    if (!row.nextAt().filter(present.now()::isBefore).isPresent()) {
      return "is about to fire its tick at " + tick();
    }
    String fires = "fires next at " + tick();
    if (row.active() && schedule.overlap() == Overlap.SKIP) {
      return fires + ", if run " + lastRun() + " has ended by then";
    }
    return fires
        + present.pauseOf(row.job()).map(pause -> "; its run will wait: " + pause).orElse("");
  }

  private String tick() {
    return row.nextAt().map(Instant::toString).orElse("no time");
  }

  private String lastRun() {
    return row.lastRun().map(RunId::toString).orElse("unknown");
  }

  // At an instant

  private String at(Instant at) {
    Optional<RunRecord> trace = trace(at);
    if (trace.isPresent()) {
      return trace.get().run().state() instanceof RunState.Skipped skipped
              && EndingDelivery.isRecordOfTicks(trace.get())
          ? "left out its tick at " + at + ": " + skipped.reason()
          : "fired at " + at + ": " + Explanation.of(store, trace.get());
    }
    if (!isTick(at)) {
      return "has no tick at " + at + whyNone(at);
    }
    String tick = "has a tick at " + at;
    if (at.isAfter(present.now())) {
      return tick + ", which is to come" + now().map(why -> "; it " + why).orElse("");
    } else if (row.nextAt().filter(next -> !next.isAfter(at)).isPresent()) {
      return tick + ", which has not fired; it " + now().orElseGet(this::next);
    }
    return tick
        + " that left no trace: it was made or changed after that, or its history was deleted";
  }

  /** Returns the run that a tick started, or the record that says why it started none. */
  private Optional<RunRecord> trace(Instant at) {
    RunQuery query =
        RunQuery.ofJob(row.job())
            .ofSchedule(row.id())
            .between(at, present.now().plusSeconds(1))
            .limit(PAGE);
    while (true) {
      Page<RunRecord> page = store.runs(query);
      Optional<RunRecord> found =
          page.items().stream().filter(record -> isAbout(record, at)).findFirst();
      if (found.isPresent() || !page.more()) {
        return found;
      }
      query = query.olderThan(page.items().get(page.items().size() - 1).run().id());
    }
  }

  private static boolean isAbout(RunRecord record, Instant at) {
    if (EndingDelivery.isRecordOfTicks(record)) {
      return record.run().state() instanceof RunState.Skipped skipped
          && Firing.Missed.covers(skipped.reason(), at);
    }
    return record.run().trigger().nominal().equals(Optional.of(at));
  }

  private boolean isTick(Instant at) {
    return schedule.isAfterCompletion()
        ? row.nextAt().equals(Optional.of(at))
        : schedule.next(at.minusNanos(1)).equals(Optional.of(at));
  }

  private String whyNone(Instant at) {
    if (schedule.isAfterCompletion()) {
      return ": it counts from the ends of its runs, and " + now().orElseGet(this::next);
    }
    LocalDate date = LocalDate.ofInstant(at, schedule.zone().orElse(ZoneOffset.UTC));
    if (schedule.exclusions().stream().anyMatch(exclusion -> exclusion.excludes(date))) {
      return ": " + date + " is excluded";
    }
    List<String> near =
        Stream.concat(schedule.previous(at).stream(), schedule.next(at).stream())
            .map(Instant::toString)
            .toList();
    return near.isEmpty()
        ? ": it has none at all"
        : (near.size() == 1 ? "; the nearest is " : "; the nearest are ")
            + String.join(" and ", near);
  }
}
