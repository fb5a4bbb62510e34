// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.ScheduleSpec;
import dev.belfry.ScheduleView;
import dev.belfry.Scheduler;
import dev.belfry.run.Run;
import dev.belfry.run.Status;
import dev.belfry.run.Trigger;
import dev.belfry.schedule.Overlap;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.Firing;
import dev.belfry.store.JobStore;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When schedules start runs, and what people do to them. */
class ScheduledRunsTest extends TickWords {
  @Test
  void every_startsAtEachTickOnTime() {
    try (Scheduler scheduler = world.start(job(Schedule.every(Duration.ofMinutes(15))))) {
      world.time.advance(Duration.ofHours(1));

      assertThat(ticks)
          .containsExactly(at("08:15:00"), at("08:30:00"), at("08:45:00"), at("09:00:00"));
      assertThat(starts).isEqualTo(ticks);
    }
  }

  @Test
  void cron_startsInItsZoneAndKeepsTheTickAsTrigger() {
    Schedule schedule = Schedule.cron("30 2 * * *", ZoneId.of("Europe/Berlin"));
    world = new World(Instant.parse("2026-03-27T12:00:00Z"));
    try (Scheduler scheduler = world.start(job(schedule))) {
      world.time.advance(Duration.ofDays(3));

      assertThat(ticks)
          .containsExactly(
              Instant.parse("2026-03-28T01:30:00Z"),
              Instant.parse("2026-03-29T01:00:00Z"), // the clock shows 03:00, the gap's end
              Instant.parse("2026-03-30T00:30:00Z"));
      Run first = world.runsOf("tick").get(0);
      assertThat(first.trigger()).isEqualTo(Trigger.schedule("tick", ticks.get(0)));
    }
  }

  @Test
  void at_startsOnceForEachInstantAndEnds() {
    try (Scheduler scheduler =
        world.start(job(Schedule.at(at("08:10:00"), at("07:00:00"), at("08:20:00"))))) {
      world.time.advance(Duration.ofHours(2));

      assertThat(ticks).containsExactly(at("08:10:00"), at("08:20:00"));
      assertThat(scheduler.schedules().find("tick"))
          .map(ScheduleView::state)
          .contains(ScheduleView.State.ENDED);
    }
  }

  @Test
  void trigger_startsARunNowAndMovesNoTick() {
    try (Scheduler scheduler = world.start(job(Schedule.every(Duration.ofHours(1))))) {
      RunHandle handle = scheduler.schedules().trigger("tick", "user-7");
      world.time.runDue();

      assertThat(world.run(handle.id()).trigger()).isEqualTo(Trigger.manual("tick", "user-7"));
      assertThat(world.run(handle.id()).status()).isEqualTo(Status.COMPLETED);
      world.time.advance(Duration.ofHours(1));
      assertThat(ticks).hasSize(2).last().isEqualTo(at("09:00:00"));
    }
  }

  @Test
  void trigger_whileTheLastRunGoesOn_isRefusedUnlessForced() {
    takes = MINUTE;
    try (Scheduler scheduler = world.start(job(Schedule.every(Duration.ofHours(1))))) {
      RunHandle first = scheduler.schedules().trigger("tick", "user-7");
      world.time.runDue();

      assertThatThrownBy(() -> scheduler.schedules().trigger("tick", "user-7"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "the last run of schedule \"tick\", "
                  + first.id()
                  + ", has not ended; use triggerAnyway to start another beside it");

      scheduler.schedules().triggerAnyway("tick", "user-7");
      world.time.runDue();
      assertThat(ticks).hasSize(2);
      world.time.resumeAll();
      world.time.runDue();
    }
  }

  @Test
  void change_countsFromNowAndSurvivesARestartWithTheSameCode() {
    Job<@Nullable Void> declared = job(Schedule.every(MINUTE));
    try (Scheduler scheduler = world.start(declared)) {
      world.time.advance(Duration.ofSeconds(150));
      ScheduleView changed =
          scheduler.schedules().change("tick", Schedule.every(Duration.ofMinutes(30)));

      assertThat(changed.nextAt()).contains(at("08:30:00"));
      assertThat(changed.overridden()).isTrue();
    }
    try (Scheduler scheduler = world.start(declared)) {
      world.time.advance(Duration.ofMinutes(40));
      assertThat(ticks).containsExactly(at("08:01:00"), at("08:02:00"), at("08:30:00"));
    }
  }

  @Test
  void newDeclaration_undoesAnOverrideAndAnOlderOneDoesNot() {
    world.start(job(Schedule.every(MINUTE))).close();
    try (Scheduler scheduler = world.start(job(Schedule.every(Duration.ofMinutes(2))))) {
      assertThat(scheduler.schedules().find("tick"))
          .map(ScheduleView::definition)
          .contains("every PT2M");
      scheduler.schedules().change("tick", Schedule.every(Duration.ofMinutes(7)));
    }
    try (Scheduler rolledBack = world.start(job(Schedule.every(MINUTE)))) {
      assertThat(rolledBack.schedules().find("tick"))
          .map(ScheduleView::definition)
          .contains("every PT7M");
    }
  }

  @Test
  void scheduleMadeAtRunTime_startsRunsWithItsInputUntilItIsDeleted() {
    var inputs = new ArrayList<String>();
    Job<String> job = Job.named("content", String.class).handler((ctx, in) -> inputs.add(in));
    try (Scheduler scheduler = world.start(job)) {
      ScheduleView made =
          scheduler
              .schedules()
              .create(
                  ScheduleSpec.of("p1", job, Schedule.every(MINUTE), "project 1")
                      .withTags("project=p1"));
      assertThat(made.nextAt()).contains(at("08:01:00"));
      assertThat(made.declared()).isFalse();

      world.time.advance(Duration.ofMinutes(2));
      assertThat(inputs).containsExactly("project 1", "project 1");
      assertThat(world.runsOf("content").get(0).tags()).containsExactly("project=p1");

      scheduler.schedules().delete("p1");
      world.time.advance(Duration.ofMinutes(5));
      assertThat(inputs).hasSize(2);
      assertThat(scheduler.schedules().list(Optional.empty(), 10).items()).isEmpty();
    }
  }

  @Test
  void unknownSchedule_isRefusedByName() {
    try (Scheduler scheduler = world.start(job(Schedule.every(MINUTE)))) {
      assertThatThrownBy(() -> scheduler.schedules().pause("tock"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("there is no schedule \"tock\"");
      assertThatThrownBy(
              () ->
                  scheduler
                      .schedules()
                      .create(
                          ScheduleSpec.of(
                              "tick", job(Schedule.every(MINUTE)), Schedule.every(MINUTE))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("there is a schedule \"tick\" already; change it, or delete it first");
    }
  }

  @Test
  void twoNodes_fireEachTickOnce() {
    Schedule schedule = Schedule.every(Duration.ofSeconds(1)).withOverlap(Overlap.ALLOW);
    try (Scheduler one = world.start(job(schedule));
        Scheduler two = world.start(job(schedule))) {
      world.time.advance(Duration.ofMinutes(5));

      assertThat(ticks).hasSize(300).doesNotHaveDuplicates();
    }
  }

  @Test
  void declaredSchedule_thatNoLiveNodeKnows_firesNothing() {
    Job<String> job = Job.named("tick", String.class).handler((ctx, in) -> ticks.add(ctx.dueAt()));
    Job<String> scheduled =
        Job.named("tick", String.class)
            .schedule("gone", Schedule.every(MINUTE), "x")
            .handler((ctx, in) -> ticks.add(ctx.dueAt()));
    world.start(scheduled).close();
    try (Scheduler scheduler = world.start(job)) {
      world.time.advance(Duration.ofMinutes(5));

      assertThat(ticks).isEmpty();
    }
  }

  @Test
  void scheduleWhoseFiringIsRefusedForEver_stopsNoOther() {
    Job<@Nullable Void> poison =
        Job.named("poison")
            .schedule(Schedule.every(MINUTE))
            .handler(ctx -> starts.add(ctx.dueAt()));
    world.faults.refuse(
        "fire",
        arguments ->
            ((List<?>) arguments[0])
                .stream()
                    .map(Firing.class::cast)
                    .anyMatch(firing -> firing.schedule().equals("poison")));
    world.start(job(Schedule.every(MINUTE)), poison);

    world.time.advance(Duration.ofMinutes(5));

    assertThat(ticks)
        .containsExactly(
            at("08:01:00"), at("08:02:00"), at("08:03:00"), at("08:04:00"), at("08:05:00"));
    assertThat(starts).isEqualTo(ticks);
  }

  @Test
  void storesClockThatIsSetAhead_delaysATickByHalfAMinuteAtMost() {
    var ahead = new AtomicReference<>(Duration.ZERO);
    JobStore store = JobStore.inMemory(() -> world.time.now().plus(ahead.get()));
    Scheduler.builder()
        .store(store)
        .host(world.time.newHost())
        .register(job(Schedule.every(Duration.ofHours(1))))
        .start();
    world.time.advance(Duration.ofMinutes(5));

    ahead.set(Duration.ofMinutes(56)); // it shows 09:01
    world.time.advance(Duration.ofSeconds(30));

    assertThat(ticks).containsExactly(at("09:00:00"));
  }
}
