// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.ScheduleView;
import dev.belfry.Scheduler;
import dev.belfry.run.Run;
import dev.belfry.run.Status;
import dev.belfry.schedule.CatchUp;
import dev.belfry.schedule.Overlap;
import dev.belfry.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of ticks that come while the run before goes on. */
class OverlapTest extends TickWords {
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void overlapSkip_leavesOutTicksWhileTheRunGoesOn() {
    takes = MINUTE;
    try (Scheduler scheduler = world.start(job(Schedule.every(MINUTE)))) {
      world.time.advance(Duration.ofMinutes(3));
      assertThat(ticks).containsExactly(at("08:01:00"));
      assertThat(skips()).hasSize(2);

      world.time.resumeAll();
      world.time.advance(MINUTE);
      assertThat(ticks).containsExactly(at("08:01:00"), at("08:04:00"));
      world.time.resumeAll();
      world.time.runDue();
    }
  }

  @Test
  void overlapAllow_startsRunsBesideEachOther() {
    takes = MINUTE;
    try (Scheduler scheduler =
        world.start(job(Schedule.every(MINUTE).withOverlap(Overlap.ALLOW)))) {
      world.time.advance(Duration.ofMinutes(3));

      assertThat(ticks).containsExactly(at("08:01:00"), at("08:02:00"), at("08:03:00"));
      world.time.resumeAll();
      world.time.runDue();
    }
  }

  @Test
  void overlapQueue_keepsOneWaitingAndStartsItAtTheEndOfTheRun() {
    takes = MINUTE;
    try (Scheduler scheduler =
        world.start(job(Schedule.every(MINUTE).withOverlap(Overlap.QUEUE)))) {
      world.time.advance(Duration.ofSeconds(4 * 60 + 30));
      assertThat(ticks).containsExactly(at("08:01:00"));
      assertThat(scheduler.schedules().find("tick"))
          .map(ScheduleView::state)
          .contains(ScheduleView.State.WAITING);

      world.time.resumeAll();
      world.time.runDue();
      assertThat(ticks).containsExactly(at("08:01:00"), at("08:02:00"));
      assertThat(starts.get(1)).isEqualTo(at("08:04:30"));
      assertThat(skips())
          .containsExactly(
              "one run waited already: 2 ticks from 2026-03-02T08:03:00Z to"
                  + " 2026-03-02T08:04:00Z");
      world.time.resumeAll();
      world.time.runDue();
    }
  }

  @Test
  void overlapReplace_cancelsTheRunAndStartsTheNext() {
    takes = MINUTE;
    try (Scheduler scheduler =
        world.start(job(Schedule.every(MINUTE).withOverlap(Overlap.REPLACE)))) {
      world.time.advance(Duration.ofMinutes(2).plusSeconds(3));

      assertThat(ticks).containsExactly(at("08:01:00"), at("08:02:00"));
      assertThat(world.runsOf("tick"))
          .extracting(Run::status)
          .containsExactly(Status.CANCELLED, Status.RUNNING);
      world.time.resumeAll();
      world.time.runDue();
    }
  }

  @Test
  void queuedTick_withSkip_startsThoughItIsLate() {
    Schedule schedule =
        Schedule.every(MINUTE).withOverlap(Overlap.QUEUE).withCatchUp(CatchUp.skip());
    takes = MINUTE;
    try (Scheduler scheduler = world.start(job(schedule))) {
      world.time.advance(Duration.ofSeconds(4 * 60 + 30));

      endRuns();

      assertThat(ticks).containsExactly(at("08:01:00"), at("08:02:00"));
      assertThat(skips())
          .containsExactly(
              "one run waited already: 2 ticks from 2026-03-02T08:03:00Z to"
                  + " 2026-03-02T08:04:00Z");
      endRuns();
    }
  }

  @Test
  void all_withAllow_startsTicksOnTimeBesideTheRun() {
    Schedule schedule =
        Schedule.every(MINUTE).withOverlap(Overlap.ALLOW).withCatchUp(CatchUp.all(10, HOUR));
    takes = MINUTE;
    try (Scheduler scheduler = world.start(job(schedule))) {
      world.time.advance(Duration.ofMinutes(3));

      assertThat(ticks).containsExactly(at("08:01:00"), at("08:02:00"), at("08:03:00"));
      assertThat(starts).isEqualTo(ticks);
      endRuns();
    }
  }

  @Test
  void all_withAllow_makesUpMissedTicksOneAfterAnother() {
    takes = MINUTE;
    Schedule schedule = QUARTERS.withOverlap(Overlap.ALLOW).withCatchUp(CatchUp.all(10, HOUR));

    try (Scheduler scheduler = startAfterDowntime(schedule, Duration.ofMinutes(37))) {
      assertThat(ticks).containsExactly(at("08:15:00"));

      endRuns();
      assertThat(ticks).containsExactly(at("08:15:00"), at("08:30:00"));
      endRuns();
    }
  }

  @Test
  void all_withQueue_startsEachTickThatCameMeanwhile() {
    Schedule schedule =
        Schedule.every(MINUTE).withOverlap(Overlap.QUEUE).withCatchUp(CatchUp.all(10, HOUR));
    takes = MINUTE;
    try (Scheduler scheduler = world.start(job(schedule))) {
      world.time.advance(Duration.ofSeconds(4 * 60 + 30));
      List<Instant> expected =
          List.of(at("08:01:00"), at("08:02:00"), at("08:03:00"), at("08:04:00"));

      for (int i = 0; i < 4; i++) {
        assertThat(ticks).isEqualTo(expected.subList(0, i + 1));
        endRuns();
      }

      assertThat(ticks).isEqualTo(expected);
      assertThat(skips()).isEmpty();
    }
  }

  @Test
  void all_withReplace_cancelsTheRunForATickOnTime() {
    Schedule schedule =
        Schedule.every(MINUTE).withOverlap(Overlap.REPLACE).withCatchUp(CatchUp.all(10, HOUR));
    takes = MINUTE;
    try (Scheduler scheduler = world.start(job(schedule))) {
      world.time.advance(Duration.ofSeconds(2 * 60 + 3));

      assertThat(ticks).containsExactly(at("08:01:00"), at("08:02:00"));
      assertThat(statuses()).containsExactly(Status.CANCELLED, Status.RUNNING);
      endRuns();
    }
  }

  @Test
  void all_withReplace_cancelsNoRunForMissedTicks() {
    takes = MINUTE;
    Schedule schedule = QUARTERS.withOverlap(Overlap.REPLACE).withCatchUp(CatchUp.all(10, HOUR));

    try (Scheduler scheduler = startAfterDowntime(schedule, Duration.ofMinutes(37))) {
      world.time.advance(Duration.ofSeconds(30));
      assertThat(statuses()).containsExactly(Status.RUNNING);

      endRuns();
      assertThat(ticks).containsExactly(at("08:15:00"), at("08:30:00"));
      assertThat(statuses()).containsExactly(Status.COMPLETED, Status.RUNNING);
      endRuns();
    }
  }

  @Test
  void all_withOverlapSkip_leavesOutTicksOnTimeWhileTheRunGoesOn() {
    Schedule schedule = Schedule.every(MINUTE).withCatchUp(CatchUp.all(10, HOUR));
    takes = MINUTE;
    try (Scheduler scheduler = world.start(job(schedule))) {
      world.time.advance(Duration.ofMinutes(3));

      String reason = "run " + world.runsOf("tick").get(0).id() + " had not ended";
      assertThat(ticks).containsExactly(at("08:01:00"));
      assertThat(skips()).hasSize(2).allSatisfy(skip -> assertThat(skip).startsWith(reason));
      endRuns();
    }
  }
}
