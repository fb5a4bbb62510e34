// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.belfry.ScheduleView;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.SchedulerEvent.ClockChangeAhead;
import dev.belfry.schedule.ClockChange;
import dev.belfry.schedule.Exclusion;
import dev.belfry.schedule.MonthEnd;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.JobStore;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What changes under a schedule: its rule, its zone, the clock of the zone, the clock itself. */
class ScheduleChangesTest extends TickWords {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
  private static final LocalTime NINE = LocalTime.of(9, 0);

  @Test
  void changeWhileATickIsDue_dropsTheTickAndCountsFromNow() {
    Schedule hourly = Schedule.every(Duration.ofHours(1));
    world.start(job(hourly)).close();
    world.time.advance(Duration.ofMinutes(90)); // nobody was up at 09:00

    SchedulerClient client = SchedulerClient.of(world.faults.store(), job(hourly));
    client.schedules().change("tick", QUARTERS);
    try (Scheduler scheduler = world.start(job(hourly))) {
      world.time.advance(Duration.ofMinutes(30));

      assertThat(ticks).containsExactly(at("09:45:00"), at("10:00:00"));
      assertThat(skips()).isEmpty();
    }
  }

  @Test
  void newExpressionInTheCode_neverFiresThePast() {
    world.start(job(Schedule.cron("0 9 * * *"))).close();
    world.time.advance(Duration.ofHours(3)); // 11:00

    try (Scheduler scheduler = world.start(job(Schedule.cron("30 10,11 * * *")))) {
      world.time.advance(Duration.ofHours(1));

      assertThat(ticks).containsExactly(at("11:30:00"));
    }
  }

  @Test
  void changeOfTheZone_movesTheNextTick() {
    try (Scheduler scheduler = world.start(job(Schedule.daily(NINE, BERLIN)))) {
      world.time.advance(Duration.ofHours(1)); // 09:00 in Berlin is 08:00 UTC, just gone by

      scheduler.schedules().change("tick", Schedule.daily(NINE, NEW_YORK));
      world.time.advance(Duration.ofHours(24));

      assertThat(ticks).containsExactly(at("14:00:00"));
    }
  }

  @Test
  void downtimeOfTenYears_startsTheLatestTickAndSumsUpTheOthers() {
    Schedule secondly = Schedule.parse("cron spring * * * * * * UTC");
    world.start(job(secondly)).close();
    world.time.advance(Duration.ofDays(3_652));

    try (Scheduler scheduler = world.start(job(secondly))) {
      world.time.runDue();

      assertThat(ticks).containsExactly(Instant.parse("2036-03-01T08:00:00Z"));
      assertThat(skips())
          .containsExactly(
              "missed; only the latest tick is caught up: 315532799 ticks from"
                  + " 2026-03-02T08:00:01Z to 2036-03-01T07:59:59Z");
    }
  }

  @Test
  void downtimeOverAGap_startsTheTickThatTheGapMoved() {
    world = new World(Instant.parse("2026-03-28T12:00:00Z"));
    try (Scheduler scheduler =
        startAfterDowntime(Schedule.daily(LocalTime.of(2, 30), BERLIN), Duration.ofHours(14))) {
      assertThat(ticks).containsExactly(Instant.parse("2026-03-29T01:00:00Z"));
    }
  }

  @Test
  void storesClockThatIsSetBack_firesNoTickAgain() {
    var back = new AtomicReference<>(Duration.ZERO);
    JobStore store = JobStore.inMemory(() -> world.time.now().minus(back.get()));
    Scheduler.builder()
        .store(store)
        .host(world.time.newHost())
        .register(job(Schedule.every(Duration.ofHours(1))))
        .start();
    world.time.advance(Duration.ofMinutes(61));

    back.set(Duration.ofMinutes(30)); // it shows 08:31 again, then 09:00 a second time
    world.time.advance(Duration.ofMinutes(60));
    assertThat(ticks).containsExactly(at("09:00:00"));

    world.time.advance(Duration.ofMinutes(30));
    assertThat(ticks).containsExactly(at("09:00:00"), at("10:00:00"));
  }

  @Test
  void jitter_delaysTheRunAndLeavesTheTick() {
    Schedule schedule = Schedule.every(Duration.ofHours(1)).withJitter(Duration.ofMinutes(10));
    try (Scheduler scheduler = world.start(job(schedule))) {
      world.time.advance(Duration.ofHours(3).plusMinutes(10));

      assertThat(ticks).containsExactly(at("09:00:00"), at("10:00:00"), at("11:00:00"));
      assertThat(starts)
          .containsExactlyElementsOf(
              ticks.stream().map(tick -> schedule.dueAt(tick, "tick")).toList());
      assertThat(starts).doesNotContainAnyElementsOf(ticks);
    }
  }

  @Test
  void exclusionByName_isFoundInTheCodeWhenAnOperatorNamesIt() {
    Exclusion holiday = Exclusion.named("holiday", date -> date.equals(LocalDate.of(2026, 3, 4)));
    Schedule schedule = Schedule.daily(NINE).except(holiday);
    try (Scheduler scheduler = world.start(job(schedule))) {
      scheduler
          .schedules()
          .change("tick", Schedule.parse("cron 0 10 * * * UTC; except named holiday", holiday));
      world.time.advance(Duration.ofDays(3));

      assertThat(ticks).containsExactly(at("10:00:00"), at("10:00:00").plus(Duration.ofDays(1)));
    }
  }

  @Test
  void exclusionWithoutAnAnswerForTheNextMonths_changesNothing() {
    Schedule schedule =
        Schedule.daily(LocalTime.of(2, 30), BERLIN)
            .except(Exclusion.dates(LocalDate.of(2026, 3, 29)))
            .except(Exclusion.named("known-until-june", ScheduleChangesTest::isHoliday));
    try (Scheduler scheduler = world.start(job(QUARTERS))) {
      assertThatIllegalStateException()
          .isThrownBy(() -> scheduler.schedules().change("tick", schedule))
          .withMessage("no holidays are known for 2026-10-01");

      assertThat(scheduler.schedules().find("tick").map(ScheduleView::definition))
          .contains(QUARTERS.toString());
    }
  }

  private static boolean isHoliday(LocalDate date) {
    if (date.getMonthValue() > 6) {
      throw new IllegalStateException("no holidays are known for " + date);
    }
    return false;
  }

  @Test
  void monthEnd_isKeptInTheStore() {
    Schedule schedule = Schedule.monthly(31, NINE, BERLIN).withMonthEnd(MonthEnd.FIRST_OF_NEXT);
    try (Scheduler scheduler = world.start(job(QUARTERS))) {
      scheduler.schedules().change("tick", schedule);

      world.time.advance(Duration.ofDays(70));

      assertThat(ticks)
          .containsExactly(
              Instant.parse("2026-03-31T07:00:00Z"), Instant.parse("2026-05-01T07:00:00Z"));
    }
  }

  @Test
  void schedulesInHoursOfAChangeOfTheClock_areTold() {
    try (Scheduler scheduler = world.start(job(Schedule.daily(LocalTime.of(2, 30), NEW_YORK)))) {
      world.time.runDue();
      scheduler.schedules().change("tick", Schedule.cron("15 2 * * *", BERLIN));
      scheduler.schedules().change("tick", Schedule.daily(NINE, BERLIN));
      world.time.runDue();

      assertThat(world.events(ClockChangeAhead.class))
          .isEqualTo(
              List.of(
                  new ClockChangeAhead(
                      "tick",
                      new ClockChange(
                          Instant.parse("2026-03-08T07:00:00Z"),
                          NEW_YORK,
                          "02:30 is left out on 2026-03-08 in America/New_York; it runs at"
                              + " 03:00")),
                  new ClockChangeAhead(
                      "tick",
                      new ClockChange(
                          Instant.parse("2026-03-29T01:00:00Z"),
                          BERLIN,
                          "02:15 is left out on 2026-03-29 in Europe/Berlin; it runs at"
                              + " 03:00"))));
    }
  }

  @Test
  void reset_putsBackWhatTheCodeSays_andCountsFromNow() {
    Schedule hourly = Schedule.every(Duration.ofHours(1));
    try (Scheduler scheduler = world.start(job(hourly))) {
      ScheduleView declared = scheduler.schedules().find("tick").orElseThrow();
      scheduler.schedules().change("tick", QUARTERS);
      scheduler.schedules().pause("tick");
      world.time.advance(Duration.ofMinutes(90)); // 09:30

      ScheduleView reset = scheduler.schedules().reset("tick");
      world.time.advance(Duration.ofMinutes(30));

      assertThat(reset.definition()).isEqualTo(declared.definition());
      assertThat(reset.state()).isEqualTo(ScheduleView.State.ACTIVE);
      assertThat(reset.overridden()).isFalse();
      assertThat(reset.version()).isGreaterThan(declared.version());
      assertThat(ticks).containsExactly(at("10:00:00"));
      assertThat(skips()).isEmpty();
    }
  }

  @Test
  void reset_bringsBackWhatWasDeleted_alsoByAClientAlone() {
    Schedule hourly = Schedule.every(Duration.ofHours(1));
    try (Scheduler scheduler = world.start(job(hourly))) {
      scheduler.schedules().delete("tick");

      SchedulerClient.of(world.faults.store(), job(hourly)).schedules().reset("tick");
      world.time.advance(Duration.ofHours(1));

      assertThat(ticks).containsExactly(at("09:00:00"));
    }
  }

  @Test
  void reset_ofWhatNoCodeDeclares_isRefused() {
    try (Scheduler scheduler = world.start(job(QUARTERS))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> scheduler.schedules().reset("tack"))
          .withMessage(
              "no code here declares schedule \"tack\"; only what code declares can be reset");
    }
  }
}
