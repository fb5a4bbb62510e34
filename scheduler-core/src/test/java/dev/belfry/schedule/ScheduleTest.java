// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @Test
  void cron_withoutAZoneMeansUtc() {
    Schedule schedule = Schedule.cron("0 3 * * *");

    assertThat(schedule.zone()).contains(ZoneId.of("UTC"));
    assertThat(schedule.next(NOON)).contains(Instant.parse("2026-01-02T03:00:00Z"));
  }

  @Test
  void daily_equalsItsCron() {
    assertThat(Schedule.daily(LocalTime.of(2, 30), BERLIN))
        .isEqualTo(Schedule.cron("30 2 * * *", BERLIN));
    assertThat(Schedule.daily(LocalTime.of(2, 30))).isEqualTo(Schedule.cron("30 2 * * *"));
  }

  @Test
  void daily_takesWholeSeconds() {
    Schedule schedule = Schedule.daily(LocalTime.of(3, 0, 30), BERLIN);

    assertThat(schedule).isEqualTo(Schedule.cron("30 0 3 * * *", CronDialect.SPRING, BERLIN));
    assertThat(schedule).hasToString("cron spring 30 0 3 * * * Europe/Berlin");
    assertThatThrownBy(() -> Schedule.daily(LocalTime.of(3, 0, 30, 500_000_000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("time must be a whole second, was 03:00:30.500");
  }

  @Test
  void dstSkip_leavesOutWhatTheClockLeapsOver() {
    Schedule runOnce = Schedule.daily(LocalTime.of(2, 30), BERLIN);
    Schedule skip = runOnce.withDst(DstPolicy.SKIP);
    Instant before = Instant.parse("2026-03-28T12:00:00Z");

    assertThat(runOnce.next(before)).contains(Instant.parse("2026-03-29T01:00:00Z"));
    assertThat(skip.next(before)).contains(Instant.parse("2026-03-30T00:30:00Z"));
  }

  @Test
  void every_isAnchoredToTheEpoch() {
    Schedule schedule = Schedule.every(ofMinutes(5));

    assertThat(schedule.next(NOON)).contains(NOON.plusSeconds(300));
    assertThat(schedule.next(NOON.minusNanos(1))).contains(NOON);
    assertThat(schedule.next(NOON.plusNanos(1))).contains(NOON.plusSeconds(300));
    assertThat(schedule.next(Instant.EPOCH.minusSeconds(1))).contains(Instant.EPOCH);
    assertThat(schedule.zone()).isEmpty();
  }

  @Test
  void anchoredAt_movesTheTicksBothWays() {
    Instant anchor = NOON.plusSeconds(60);
    Schedule schedule = Schedule.every(ofMinutes(5)).anchoredAt(anchor);

    assertThat(schedule.next(NOON)).contains(anchor);
    assertThat(schedule.next(anchor)).contains(anchor.plusSeconds(300));
    assertThat(schedule.next(NOON.minusSeconds(300))).contains(anchor.minusSeconds(300));
    assertThat(schedule)
        .isEqualTo(Schedule.every(ofMinutes(5)).anchoredAt(anchor.plusSeconds(600)));
    assertThat(schedule).isNotEqualTo(Schedule.every(ofMinutes(5)));
    assertThat(Schedule.every(ofMinutes(5)).anchoredAt(NOON))
        .isEqualTo(Schedule.every(ofMinutes(5)));
  }

  @Test
  void anchoredAt_isRefusedForOtherKinds() {
    assertThatThrownBy(() -> Schedule.cron("0 3 * * *").anchoredAt(NOON))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("only every(period) has an anchor, this schedule is cron 0 3 * * * UTC");
  }

  @Test
  void anchoredAt_refusesADistantInstant() {
    assertThatThrownBy(() -> Schedule.every(ofMinutes(5)).anchoredAt(Instant.MAX))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "anchor must be from year -9999 to 9999, was +1000000000-12-31T23:59:59.999999999Z");
  }

  @Test
  void every_refusesAPeriodOutOfRange() {
    assertThatThrownBy(() -> Schedule.every(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("period must be from 1 millisecond to 36500 days, was PT0S");
    assertThatThrownBy(() -> Schedule.every(ofDays(36_501)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("period must be from 1 millisecond to 36500 days, was PT876024H");
    assertThatThrownBy(() -> Schedule.every(ofSeconds(1).plusNanos(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("period must be whole microseconds, was PT1.000000001S");
    assertThatThrownBy(() -> Schedule.afterCompletion(ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("pause must be from 1 millisecond to 36500 days, was PT-0.000000001S");
  }

  @Test
  void afterCompletion_isDueAfterTheEndAndNeverEarly() {
    Schedule schedule = Schedule.afterCompletion(ofMinutes(10));

    assertThat(schedule.isAfterCompletion()).isTrue();
    assertThat(schedule.next(NOON)).contains(NOON.plusSeconds(600));
    assertThat(schedule.next(NOON.plusNanos(1))).contains(NOON.plusSeconds(600).plusNanos(1_000));
    assertThat(schedule.ticksUpTo(NOON, NOON.plusSeconds(9_999)))
        .isEqualTo(new Ticks(NOON, 1, Optional.empty()));
  }

  @Test
  void at_isSortedAndEnds() {
    Schedule schedule = Schedule.at(NOON.plusSeconds(60), NOON, NOON, NOON.plusNanos(1));

    assertThat(schedule.preview(9, NOON.minusSeconds(1)))
        .extracting(PlannedTick::at)
        .containsExactly(NOON, NOON.plusNanos(1_000), NOON.plusSeconds(60));
    assertThat(schedule.next(NOON.plusSeconds(60))).isEmpty();
    assertThat(schedule.ticksUpTo(NOON, NOON.plusSeconds(61)))
        .isEqualTo(new Ticks(NOON.plusSeconds(60), 3, Optional.empty()));
  }

  @Test
  void at_refusesNone() {
    assertThatThrownBy(Schedule::at)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("instants must be from 1 to 1000, were 0");
  }

  @Test
  void previous_isStrictlyEarlier() {
    Schedule hourly = Schedule.every(ofHours(1));
    Schedule cron = Schedule.cron("0 * * * *", BERLIN);

    for (Schedule schedule : List.of(hourly, cron)) {
      assertThat(schedule.previous(NOON)).contains(NOON.minusSeconds(3_600));
      assertThat(schedule.previous(NOON.plusNanos(1))).contains(NOON);
      assertThat(schedule.previous(Instant.MAX)).isPresent();
      assertThat(schedule.previous(Instant.MIN)).isEmpty();
      assertThat(schedule.previous(Instant.MIN.plusNanos(1))).isEmpty();
    }
    assertThat(Schedule.at(NOON).previous(NOON)).isEmpty();
    assertThat(Schedule.afterCompletion(ofHours(1)).previous(NOON)).isEmpty();
  }

  @Test
  void previous_leavesOutWhatDstSkips() {
    Schedule schedule = Schedule.cron("15,30 2 * * *", BERLIN).withDst(DstPolicy.SKIP);

    assertThat(schedule.previous(Instant.parse("2026-03-29T12:00:00Z")))
        .contains(Instant.parse("2026-03-28T01:30:00Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"every PT7S", "cron */15 * * * * Europe/Berlin", "at 2500-01-01T00:00:00Z"})
  void next_answersForTheEndsOfTime(String text) {
    Schedule schedule = Schedule.parse(text);

    assertThat(schedule.next(Instant.MAX)).isEmpty();
    assertThat(schedule.next(Instant.MIN)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"every P36500D", "after-completion P36500D"})
  void next_isEmptyAfterYear9999(String text) {
    Schedule schedule = Schedule.parse(text);

    assertThat(schedule.next(Instant.parse("9998-01-01T00:00:00Z"))).isEmpty();
    assertThat(schedule.previous(Instant.parse("-9998-01-01T00:00:00Z"))).isEmpty();
  }

  @Test
  void parse_replacesControlCharactersInItsMessage() {
    assertThatThrownBy(() -> Schedule.parse("every P\n1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bad schedule \"every P 1\": \"P 1\" is not a duration such as PT5M");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Etc/GMT+5", "UTC+01:00", "GMT-03:30", "+01:00", "-00:00:15", "Z"})
  void parse_isTheInverseOfToStringForEachKindOfZone(String zone) {
    Schedule schedule = Schedule.cron("30 2 * * *", ZoneId.of(zone));

    assertThat(schedule).hasToString("cron 30 2 * * * " + zone);
    assertThat(Schedule.parse(schedule.toString())).isEqualTo(schedule);
  }

  @Test
  void ticksUpTo_countsAnIntervalInClosedForm() {
    Schedule schedule = Schedule.every(ofMillis(1));
    Instant now = NOON.plus(ofDays(1_000));

    assertThat(schedule.ticksUpTo(NOON, now.plusNanos(999_999)))
        .isEqualTo(new Ticks(now, 86_400_000_001L, Optional.of(now.plusMillis(1))));
  }

  @Test
  void ticksUpTo_countsYearsOfACronAtOnce() {
    Schedule schedule = Schedule.cron("* * * * *", BERLIN);
    Instant first = Instant.parse("1990-01-01T00:00:00Z");
    Instant now = Instant.parse("2990-01-01T00:00:30Z");

    assertThat(schedule.ticksUpTo(first, now))
        .isEqualTo(
            new Ticks(
                now.minusSeconds(30),
                Duration.between(first, now).toMinutes() + 1,
                Optional.of(now.plusSeconds(30))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cron */20 1-3 * * * Europe/Berlin",
        "cron 15,45 2 * * * Europe/Berlin",
        "cron 15,45 2 * * * Europe/Berlin; dst skip",
        "cron 0 0 1 * MON America/Havana",
        "every PT47M",
      })
  void ticksUpTo_agreesWithAWalk(String text) {
    Schedule schedule = Schedule.parse(text);
    Instant first = schedule.next(Instant.parse("2020-02-11T00:00:00Z")).orElseThrow();
    Instant now = first.plus(ofDays(2_000));

    List<Instant> walked = new ArrayList<>(List.of(first));
    Instant next = schedule.next(first).orElseThrow();
    while (!next.isAfter(now)) {
      walked.add(next);
      next = schedule.next(next).orElseThrow();
    }

    assertThat(schedule.ticksUpTo(first, now))
        .isEqualTo(new Ticks(walked.get(walked.size() - 1), walked.size(), Optional.of(next)));
  }

  @Test
  void ticksUpTo_takesADueTimeThatTheChangedScheduleDoesNotHave() {
    Schedule schedule = Schedule.every(ofHours(1));

    assertThat(schedule.ticksUpTo(NOON.plusSeconds(7), NOON.plusSeconds(60)))
        .isEqualTo(new Ticks(NOON.plusSeconds(7), 1, Optional.of(NOON.plusSeconds(3_600))));
  }

  @Test
  void ticksUpTo_refusesWhatIsNotDue() {
    assertThatThrownBy(() -> Schedule.every(ofHours(1)).ticksUpTo(NOON, NOON.minusNanos(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "now must not be before firstDue 2026-01-01T12:00:00Z, was"
                + " 2026-01-01T11:59:59.999999999Z");
  }

  @Test
  void preview_refusesACountOutOfRange() {
    assertThatThrownBy(() -> Schedule.every(ofHours(1)).preview(-1, NOON))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("count must be from 0 to 10000, was -1");
  }

  @Test
  void policies_haveDefaults() {
    Schedule schedule = Schedule.every(ofHours(1));

    assertThat(schedule.catchUp()).isEqualTo(CatchUp.latest());
    assertThat(schedule.overlap()).isEqualTo(Overlap.SKIP);
    assertThat(schedule.dst()).isEqualTo(DstPolicy.RUN_ONCE);
  }

  @Test
  void catchUpAll_refusesLimitsOutOfRange() {
    assertThatThrownBy(() -> CatchUp.all(0, ofHours(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxCount must be from 1 to 10000, was 0; skip() makes up no tick");
    assertThatThrownBy(() -> CatchUp.all(1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxAge must be positive, was PT0S");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cron 0 3 * * * UTC",
        "cron */15 * * * 1-5 Europe/Berlin; dst skip",
        "every PT5M",
        "every PT0.001S; overlap allow",
        "every PT5M anchored 2026-01-01T00:00:00Z",
        "every PT1H; catch-up skip; overlap replace",
        "after-completion PT10M",
        "at 2026-01-01T00:00:00Z 2026-01-01T00:00:00.000001Z; catch-up all 100 PT1H; overlap queue;"
            + " dst skip",
      })
  void parse_isTheInverseOfToString(String text) {
    assertThat(Schedule.parse(text)).hasToString(text);
    assertThat(Schedule.parse(Schedule.parse(text).toString())).isEqualTo(Schedule.parse(text));
  }

  @Test
  void toString_namesPoliciesThatAreNotTheDefault() {
    Schedule schedule =
        Schedule.cron("0 3 * * *")
            .withCatchUp(CatchUp.all(100, ofHours(1)))
            .withOverlap(Overlap.QUEUE)
            .withDst(DstPolicy.SKIP);

    assertThat(schedule)
        .hasToString("cron 0 3 * * * UTC; catch-up all 100 PT1H; overlap queue; dst skip");
  }

  @Test
  void parse_takesOtherSpellings() {
    assertThat(Schedule.parse(" CRON @daily UTC ;Overlap Queue; catch-up latest; dst run-once"))
        .hasToString("cron 0 0 * * * UTC; overlap queue");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                    | it starts with "", allowed are cron, monthly, every, \
          after-completion, at
          hourly                | it starts with "hourly", allowed are cron, monthly, \
          every, after-completion, at
          cron @daily           | cron needs an expression and a zone
          cron 0 3 * * * Bonn   | "Bonn" is not a zone such as UTC or Europe/Berlin
          every 5m              | "5m" is not a duration such as PT5M
          every                 | a duration, or a duration, anchored and an instant expected, \
          was ""
          after-completion 1 2  | a duration expected, was "1 2"
          at noon               | "noon" is not an instant such as 2026-01-31T12:00:00Z
          every PT1H; retry 5   | unknown policy "retry", allowed are every, except, catch-up, \
          overlap, dst, jitter
          every PT1H; overlap skip; Overlap allow | overlap is said twice
          every PT1H;           | unknown policy "", allowed are every, except, catch-up, \
          overlap, dst, jitter
          every PT1H; overlap no | overlap is "no", allowed are skip, allow, queue, replace
          every PT1H; dst       | dst is "", allowed are run-once, skip
          every PT1H; catch-up all | catch-up is "all", allowed are latest, skip, all with a \
          number and a duration
          every PT1H; catch-up all x PT1H | "x" is not a number
          """)
  void parse_saysWhatIsWrong(String text, String problem) {
    assertThatThrownBy(() -> Schedule.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bad schedule \"" + text + "\": " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cron 0 3 * * * UTC                            | at 03:00 UTC every day
          cron */5 * * * * UTC                          | every 5 minutes (UTC)
          cron 0 */6 * * 1-5 Europe/Berlin              | every 6 hours from 00:00 on Monday to \
          Friday (Europe/Berlin)
          every PT5M                                    | every 5 minutes
          every PT1H                                    | every hour
          every PT90S                                   | every 90 seconds
          every PT48H                                   | every 2 days
          every PT0.0015S                               | every 1500 microseconds
          after-completion PT1M                         | 1 minute after the end of the last run
          at 2026-01-01T00:00:00Z                       | once, at 2026-01-01T00:00:00Z
          at 2026-01-01T00:00:00Z 2026-01-02T00:00:00Z  | 2 times, from 2026-01-01T00:00:00Z to \
          2026-01-02T00:00:00Z
          """)
  void describe_saysItInWords(String text, String words) {
    assertThat(Schedule.parse(text).describe()).isEqualTo(words);
  }
}
