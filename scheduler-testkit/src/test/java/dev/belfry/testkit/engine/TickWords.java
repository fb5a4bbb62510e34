// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.run.Run;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Short words for a job that a schedule starts. */
abstract class TickWords {
  static final Duration MINUTE = Duration.ofMinutes(1);
  static final Schedule QUARTERS = Schedule.every(Duration.ofMinutes(15));

  World world = new World();
  final List<Instant> ticks = new ArrayList<>();
  final List<Instant> starts = new ArrayList<>();
  Duration takes = Duration.ZERO;

  /** A job that notes its ticks and, if asked to, works until it is resumed. */
  Job<@Nullable Void> job(Schedule schedule) {
    return Job.named("tick")
        .schedule(schedule)
        .handler(
            ctx -> {
              ticks.add(ctx.dueAt());
              starts.add(world.time.now());
              if (!takes.isZero()) {
                world.time.pause();
              }
            });
  }

  static Instant at(String time) {
    return Instant.parse("2026-03-02T" + time + "Z");
  }

  /** Declares a schedule at 08:00, has all nodes gone for a time, and starts one again. */
  Scheduler startAfterDowntime(Schedule schedule, Duration downtime) {
    world.start(job(schedule)).close();
    world.time.advance(downtime);
    Scheduler scheduler = world.start(job(schedule));
    world.time.runDue();
    return scheduler;
  }

  /** Returns how the runs stand that were started, oldest first. */
  List<Status> statuses() {
    return world.runsOf("tick").stream()
        .map(Run::status)
        .filter(status -> status != Status.SKIPPED)
        .toList();
  }

  /** Lets the handlers end that work, and whatever follows at once. */
  void endRuns() {
    world.time.resumeAll();
    world.time.runDue();
  }

  /** Returns why ticks were left out, oldest first. */
  List<String> skips() {
    return world.runsOf("tick").stream()
        .map(Run::state)
        .filter(RunState.Skipped.class::isInstance)
        .map(state -> ((RunState.Skipped) state).reason())
        .toList();
  }
}
