// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import dev.belfry.ScheduleView;
import dev.belfry.SchedulerClient;
import dev.belfry.run.Part;
import dev.belfry.run.Run;
import dev.belfry.run.RunQuery;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** When time alone has something start next. */
final class NextStart {
  private static final int MOST = 1_000;

  private NextStart() {}

  /** Says what is to come: which runs have not ended, and when schedules tick. For people. */
  static String words(SchedulerClient client) {
    Stream<String> runs =
        client
            .runs(
                RunQuery.all()
                    .in(Status.SCHEDULED, Status.WAITING, Status.BLOCKED, Status.RUNNING)
                    .limit(MOST))
            .items()
            .stream()
            .map(
                run ->
                    "  run " + run.id() + " of job \"" + run.job() + "\": " + words(client, run));
    Stream<String> ticks =
        client.schedules().list(Optional.empty(), MOST).items().stream()
            .map(
                schedule ->
                    "  schedule \""
                        + schedule.id()
                        + "\": "
                        + schedule
                            .nextAt()
                            .map(next -> "ticks at " + next)
                            .orElse("ticks no more"));
    String all = Stream.concat(runs, ticks).collect(Collectors.joining("\n"));
    return all.isEmpty() ? "  nothing" : all;
  }

  private static String words(SchedulerClient client, Run run) {
    return Timeline.state(run)
        + dues(client, run)
            .min(Comparator.naturalOrder())
            .filter(due -> !(run.state() instanceof RunState.Scheduled))
            .map(due -> ", until " + due)
            .orElse("");
  }

  /**
   * Returns the first time after an instant at which a run or a tick is due, or a wait gives up.
   */
  static Optional<Instant> after(Instant now, SchedulerClient client) {
    Stream<Instant> runs =
        client
            .runs(RunQuery.all().in(Status.SCHEDULED, Status.WAITING).limit(MOST))
            .items()
            .stream()
            .flatMap(run -> dues(client, run));
    Stream<Instant> ticks =
        client.schedules().list(Optional.empty(), MOST).items().stream()
            .filter(schedule -> schedule.state() == ScheduleView.State.ACTIVE)
            .flatMap(schedule -> schedule.nextAt().stream());
    return Stream.concat(runs, ticks)
        .filter(due -> due.isAfter(now))
        .min(Comparator.naturalOrder());
  }

  private static Stream<Instant> dues(SchedulerClient client, Run run) {
    return run.state() instanceof RunState.Scheduled scheduled
        ? Stream.of(scheduled.due())
        : client.parts(run.id()).stream()
            .map(Part::state)
            .filter(Part.Pending.class::isInstance)
            .flatMap(state -> ((Part.Pending) state).until().stream());
  }
}
