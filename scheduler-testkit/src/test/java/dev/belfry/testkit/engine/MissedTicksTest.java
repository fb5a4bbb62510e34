// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Scheduler;
import dev.belfry.run.Status;
import dev.belfry.run.Target;
import dev.belfry.schedule.CatchUp;
import dev.belfry.schedule.Overlap;
import dev.belfry.schedule.Schedule;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What becomes of ticks that came while nobody was up. */
class MissedTicksTest extends TickWords {

  @Test
  void downtime_withLatest_startsTheLatestTickOnlyAndRecordsTheOthers() {
    world.start(job(Schedule.every(Duration.ofMinutes(15)))).close();
    world.time.advance(Duration.ofHours(2).plusMinutes(7));

    try (Scheduler scheduler = world.start(job(Schedule.every(Duration.ofMinutes(15))))) {
      world.time.runDue();

      assertThat(ticks).containsExactly(at("10:00:00"));
      assertThat(skips())
          .containsExactly(
              "missed; only the latest tick is caught up: 7 ticks from 2026-03-02T08:15:00Z to"
                  + " 2026-03-02T09:45:00Z");
    }
  }

  @Test
  void downtime_withSkip_startsNothingThatIsLate() {
    Schedule schedule = Schedule.every(Duration.ofMinutes(15)).withCatchUp(CatchUp.skip());
    world.start(job(schedule)).close();
    world.time.advance(Duration.ofHours(2).plusMinutes(7));

    try (Scheduler scheduler = world.start(job(schedule))) {
      world.time.runDue();
      assertThat(ticks).isEmpty();
      assertThat(skips())
          .containsExactly(
              "missed and not caught up: 8 ticks from 2026-03-02T08:15:00Z to"
                  + " 2026-03-02T10:00:00Z");

      world.time.advance(Duration.ofMinutes(8));
      assertThat(ticks).containsExactly(at("10:15:00"));
    }
  }

  @Test
  void downtime_withAll_makesUpEachTickInOrderOneAfterAnother() {
    Schedule schedule =
        Schedule.every(Duration.ofMinutes(15)).withCatchUp(CatchUp.all(3, Duration.ofHours(1)));
    world.start(job(schedule)).close();
    world.time.advance(Duration.ofHours(2).plusMinutes(7));
    takes = MINUTE;

    try (Scheduler scheduler = world.start(job(schedule))) {
      for (int i = 0; i < 3; i++) {
        world.time.runDue();
        assertThat(ticks).hasSize(i + 1);
        world.time.resumeAll();
        world.time.runDue();
      }

      assertThat(ticks).containsExactly(at("09:30:00"), at("09:45:00"), at("10:00:00"));
      assertThat(skips())
          .containsExactly(
              "missed; more or older than is caught up: 5 ticks from 2026-03-02T08:15:00Z to"
                  + " 2026-03-02T09:15:00Z");
    }
  }

  @Test
  void pausedSchedule_startsNothingAndItsTicksAreMissedAtResume() {
    try (Scheduler scheduler = world.start(job(Schedule.every(MINUTE)))) {
      scheduler.schedules().pause("tick");
      world.time.advance(Duration.ofMinutes(5).plusSeconds(1));
      assertThat(ticks).isEmpty();

      scheduler.schedules().resume("tick");
      world.time.runDue();
      assertThat(ticks).containsExactly(at("08:05:00"));
      assertThat(skips()).hasSize(1);
    }
  }

  @Test
  void pausedJob_letsTicksMakeRunsThatWait() {
    try (Scheduler scheduler =
        world.start(job(Schedule.every(MINUTE).withOverlap(Overlap.ALLOW)))) {
      scheduler.pause(Target.job("tick"), "operator");
      world.time.advance(Duration.ofMinutes(3));
      assertThat(ticks).isEmpty();

      scheduler.resume(Target.job("tick"), "operator");
      world.time.runDue();
      assertThat(ticks).containsExactly(at("08:01:00"), at("08:02:00"), at("08:03:00"));
    }
  }

  @Test
  void downtime_withSkip_startsATickThatIsAMinuteLate() {
    Schedule skipping = QUARTERS.withCatchUp(CatchUp.skip());

    try (Scheduler scheduler = startAfterDowntime(skipping, Duration.ofMinutes(16))) {
      assertThat(ticks).containsExactly(at("08:15:00"));
      assertThat(starts).containsExactly(at("08:16:00"));
      assertThat(skips()).isEmpty();
    }
  }

  @Test
  void downtime_withSkip_startsNoTickThatIsMoreThanAMinuteLate() {
    Schedule skipping = QUARTERS.withCatchUp(CatchUp.skip());

    try (Scheduler scheduler =
        startAfterDowntime(skipping, Duration.ofMinutes(31).plusNanos(1_000))) {
      assertThat(ticks).isEmpty();
      assertThat(skips())
          .containsExactly(
              "missed and not caught up: 2 ticks from 2026-03-02T08:15:00Z to"
                  + " 2026-03-02T08:30:00Z");
    }
  }

  @Test
  void downtime_withAll_makesUpNoTickThatIsTooOld() {
    Schedule schedule = QUARTERS.withCatchUp(CatchUp.all(10, Duration.ofMinutes(30)));

    try (Scheduler scheduler = startAfterDowntime(schedule, Duration.ofMinutes(127))) {
      assertThat(ticks).containsExactly(at("09:45:00"), at("10:00:00"));
      assertThat(skips())
          .containsExactly(
              "missed; more or older than is caught up: 6 ticks from 2026-03-02T08:15:00Z to"
                  + " 2026-03-02T09:30:00Z");
    }
  }

  @Test
  void downtime_withAll_startsTheLastTickHoweverOldItIs() {
    Schedule schedule = QUARTERS.withCatchUp(CatchUp.all(10, MINUTE));

    try (Scheduler scheduler = startAfterDowntime(schedule, Duration.ofMinutes(127))) {
      assertThat(ticks).containsExactly(at("10:00:00"));
    }
  }

  @Test
  void downtime_withLatestAndQueue_startsTheLatestTickOnly() {
    Schedule queueing = QUARTERS.withOverlap(Overlap.QUEUE);

    try (Scheduler scheduler = startAfterDowntime(queueing, Duration.ofMinutes(52))) {
      assertThat(ticks).containsExactly(at("08:45:00"));
      assertThat(skips())
          .containsExactly(
              "missed; only the latest tick is caught up: 2 ticks from 2026-03-02T08:15:00Z to"
                  + " 2026-03-02T08:30:00Z");
    }
  }

  @Test
  void missedTicks_withLatestAndAllow_startTheLatestBesideTheRun() {
    takes = MINUTE;
    try (Scheduler scheduler =
        world.start(job(Schedule.every(MINUTE).withOverlap(Overlap.ALLOW)))) {
      world.time.advance(MINUTE);
      scheduler.schedules().pause("tick");
      world.time.advance(Duration.ofMinutes(5).plusSeconds(1));
      scheduler.schedules().resume("tick");
      world.time.runDue();

      assertThat(ticks).containsExactly(at("08:01:00"), at("08:06:00"));
      assertThat(statuses()).containsExactly(Status.RUNNING, Status.RUNNING);
      assertThat(skips())
          .containsExactly(
              "missed; only the latest tick is caught up: 4 ticks from 2026-03-02T08:02:00Z to"
                  + " 2026-03-02T08:05:00Z");
      endRuns();
    }
  }
}
