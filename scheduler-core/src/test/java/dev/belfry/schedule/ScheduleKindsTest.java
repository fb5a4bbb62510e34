// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static java.time.DayOfWeek.FRIDAY;
import static java.time.DayOfWeek.MONDAY;
import static java.time.DayOfWeek.SUNDAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleKindsTest {
  private static final ZoneId UTC = ZoneId.of("UTC");
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Instant NEW_YEAR = Instant.parse("2026-01-01T00:00:00Z");
  private static final LocalTime NINE = LocalTime.of(9, 0);

  /** The next ticks from 2026-01-01 on, without the year where it is 2026. */
  private static String dates(Schedule schedule, int count) {
    return schedule.preview(count, NEW_YEAR.minusNanos(1)).stream()
        .map(tick -> tick.at().toString().substring(0, 10).replace("2026-", ""))
        .collect(Collectors.joining(" "));
  }

  // Weekly and monthly

  @Test
  void weekly_equalsItsCron() {
    assertThat(Schedule.weekly(Set.of(MONDAY, FRIDAY, SUNDAY), LocalTime.of(2, 30), BERLIN))
        .isEqualTo(Schedule.cron("30 2 * * 0,1,5", BERLIN))
        .hasToString("cron 30 2 * * 0,1,5 Europe/Berlin");
  }

  @Test
  void weekly_needsADay() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Schedule.weekly(Set.of(), NINE, BERLIN))
        .withMessage("days must not be empty");
  }

  @ParameterizedTest
  @CsvSource({
    "1, LAST_DAY, 01-01 02-01 03-01 04-01",
    "30, LAST_DAY, 01-30 02-28 03-30 04-30",
    "31, LAST_DAY, 01-31 02-28 03-31 04-30",
    "31, SKIP, 01-31 03-31 05-31 07-31",
    "29, SKIP, 01-29 03-29 04-29 05-29",
    "31, FIRST_OF_NEXT, 01-31 03-01 03-31 05-01 05-31 07-01",
    "29, FIRST_OF_NEXT, 01-29 03-01 03-29 04-29",
  })
  void monthly_knowsWhatToDoInShorterMonths(int day, MonthEnd end, String dates) {
    Schedule schedule = Schedule.monthly(day, NINE, UTC).withMonthEnd(end);

    assertThat(dates(schedule, dates.split(" ", -1).length)).isEqualTo(dates);
  }

  @Test
  void monthly_followsTheRuleForChangesOfTheClock() {
    Schedule schedule = Schedule.monthly(29, LocalTime.of(2, 30), BERLIN);

    assertThat(schedule.next(Instant.parse("2026-03-01T00:00:00Z")))
        .contains(Instant.parse("2026-03-29T01:00:00Z"));
    assertThat(schedule.withDst(DstPolicy.SKIP).next(Instant.parse("2026-03-01T00:00:00Z")))
        .contains(Instant.parse("2026-04-29T00:30:00Z"));
  }

  @Test
  void monthly_refusesADayThatNoMonthHas() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Schedule.monthly(32, NINE, UTC))
        .withMessage("day must be from 1 to 31, was 32");
  }

  @Test
  void withMonthEnd_isRefusedForOtherKinds() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Schedule.daily(NINE).withMonthEnd(MonthEnd.SKIP))
        .withMessage(
            "only monthly(day, time, zone) has a month end, this schedule is cron 0 9 * * * UTC");
  }

  // Some weeks, some dates

  @Test
  void everyWeeks_countsFromTheWeekOfTheAnchor() {
    Schedule schedule = Schedule.weekly(Set.of(MONDAY, SUNDAY), NINE, UTC);

    assertThat(dates(schedule.everyWeeks(2, LocalDate.of(2026, 1, 8)), 4))
        .isEqualTo("01-05 01-11 01-19 01-25");
    assertThat(dates(schedule.everyWeeks(2, LocalDate.of(2026, 7, 2)), 4))
        .isEqualTo("01-04 01-12 01-18 01-26");
    assertThat(schedule.everyWeeks(2, LocalDate.of(2026, 1, 5)))
        .isEqualTo(schedule.everyWeeks(2, LocalDate.of(2026, 1, 11)));
  }

  @Test
  void except_leavesOutDatesOfTheZone() {
    Schedule daily = Schedule.daily(LocalTime.of(0, 30), BERLIN);
    Schedule schedule =
        daily
            .except(Exclusion.dates(LocalDate.of(2026, 1, 2)))
            .except(Exclusion.weekends())
            .except(Exclusion.named("epiphany", date -> date.getDayOfYear() == 6));

    assertThat(schedule.preview(4, NEW_YEAR))
        .extracting(tick -> tick.at().atZone(BERLIN).toLocalDate().getDayOfMonth())
        .containsExactly(5, 7, 8, 9);
    assertThat(schedule.previous(Instant.parse("2026-01-06T12:00:00Z")))
        .contains(Instant.parse("2026-01-04T23:30:00Z"));
  }

  @Test
  void except_goesByTheDateThatAGapLeavesOut() {
    // In Scoresbysund the last hour of 2025-03-29 is left out: the tick comes on the 30th.
    Schedule schedule = Schedule.daily(LocalTime.of(23, 30), ZoneId.of("America/Scoresbysund"));
    Instant before = Instant.parse("2025-03-29T12:00:00Z");

    assertThat(schedule.except(Exclusion.dates(LocalDate.of(2025, 3, 30))).next(before))
        .contains(Instant.parse("2025-03-30T01:00:00Z"));
    assertThat(schedule.except(Exclusion.dates(LocalDate.of(2025, 3, 29))).next(before))
        .contains(Instant.parse("2025-03-31T00:30:00Z"));
  }

  @Test
  void except_takesDatesInUtcFromAPeriod() {
    Schedule schedule = Schedule.every(Duration.ofHours(9)).except(Exclusion.weekends());
    Instant friday = Instant.parse("2026-01-02T12:00:00Z");
    Instant monday = schedule.next(Instant.parse("2026-01-02T22:00:00Z")).orElseThrow();

    assertThat(monday).isEqualTo(Instant.parse("2026-01-05T03:00:00Z"));
    assertThat(schedule.previous(monday)).contains(Instant.parse("2026-01-02T21:00:00Z"));
    assertThat(schedule.ticksUpTo(friday, monday))
        .isEqualTo(new Ticks(monday, 3, schedule.next(monday)));
  }

  @Test
  void except_makesAPauseWaitForTheNextDate() {
    Schedule schedule = Schedule.afterCompletion(Duration.ofHours(2)).except(Exclusion.weekends());

    assertThat(schedule.next(Instant.parse("2026-01-02T12:00:00Z")))
        .contains(Instant.parse("2026-01-02T14:00:00Z"));
    assertThat(schedule.next(Instant.parse("2026-01-02T23:00:00Z")))
        .contains(Instant.parse("2026-01-05T00:00:00Z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cron 0 3 * * * UTC", "every PT1H", "monthly 1 03:00 UTC"})
  void except_leavesNothingIfEveryDateIsLeftOut(String text) {
    Schedule schedule = Schedule.parse(text).except(Exclusion.named("all", date -> true));

    assertThat(schedule.next(NEW_YEAR)).isEmpty();
    assertThat(schedule.previous(NEW_YEAR)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cron */20 1-3 * * * Europe/Berlin; except weekends",
        "cron 15,45 2 * * * Europe/Berlin; every 3 weeks from 2026-01-05; except 2020-03-29",
        "monthly 31 02:30 Europe/Berlin; except weekends",
        "every PT47M; except weekends",
      })
  void ticksUpTo_agreesWithAWalk(String text) {
    Schedule schedule = Schedule.parse(text);
    Instant first = schedule.next(Instant.parse("2020-02-11T00:00:00Z")).orElseThrow();
    Instant now = first.plus(Duration.ofDays(900));
    long count = 1;
    Instant last = first;
    Instant next = schedule.next(first).orElseThrow();
    for (; !next.isAfter(now); next = schedule.next(next).orElseThrow()) {
      assertThat(schedule.previous(next)).contains(last);
      last = next;
      count++;
    }

    assertThat(schedule.ticksUpTo(first, now)).isEqualTo(new Ticks(last, count, Optional.of(next)));
  }

  @Test
  void previous_asksAboutEachDateOfFourCenturiesOnce() {
    AtomicInteger asked = new AtomicInteger();
    Exclusion all = Exclusion.named("all", date -> asked.incrementAndGet() > 0);
    Schedule schedule = Schedule.cron("*/20 * * * *", BERLIN).except(all);

    assertThat(schedule.previous(NEW_YEAR)).isEmpty();
    assertThat(asked).hasValueLessThan(4 * 146_097);
  }

  @Test
  void except_hasALimit() {
    Schedule full = Schedule.daily(NINE);
    for (int i = 0; i < 100; i++) {
      full = full.except(Exclusion.weekends());
    }
    Schedule schedule = full;

    assertThatIllegalArgumentException()
        .isThrownBy(() -> schedule.except(Exclusion.weekends()))
        .withMessage("a schedule may have at most 100 exclusions; one of them may list 1000 dates");
  }

  @Test
  void ticksUpTo_answersForTheEndsOfTime() {
    Schedule schedule = Schedule.parse("every P5D; except weekends");
    Instant late = Instant.parse("9999-12-01T00:00:00Z");
    Instant early = Instant.parse("-9999-01-20T00:00:00Z");

    assertThat(schedule.ticksUpTo(late, Instant.MAX).count()).isEqualTo(5);
    assertThat(schedule.ticksUpTo(Instant.MIN, early).count()).isEqualTo(4);
  }

  // Spread and jitter

  @Test
  void spread_choosesByTheKeyForEver() {
    assertThat(Schedule.spread("H H(1-5) * * *", "customer-1", BERLIN))
        .hasToString("cron 10 4 * * * Europe/Berlin");
    assertThat(Schedule.spread("H/15 * H * *", "customer-1", UTC))
        .hasToString("cron 10-55/15 * 19 * * UTC");
    assertThat(Schedule.spread("h(0-29)/10 3 * * h", "customer-2", UTC))
        .hasToString("cron 6-26/10 3 * * 4 UTC");
  }

  @Test
  void spread_isEven() {
    int[] minutes = new int[60];
    for (int i = 0; i < 6_000; i++) {
      String text = Schedule.spread("H 3 * * *", "customer-" + i, UTC).toString();
      minutes[Integer.parseInt(text.split(" ", -1)[1])]++;
    }

    assertThat(IntStream.of(minutes).boxed()).allMatch(count -> count > 60 && count < 140);
  }

  @Test
  void spread_choosesADayThatEachMonthHas() {
    assertThat(IntStream.range(0, 500).mapToObj(i -> Schedule.spread("0 0 H * *", "k" + i, UTC)))
        .allSatisfy(
            schedule ->
                assertThat(schedule.ticksUpTo(NEW_YEAR, NEW_YEAR.plus(Duration.ofDays(364))))
                    .extracting(Ticks::count)
                    .isIn(12L, 13L));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          H(9-5) * * * * | bad cron "H(9-5) * * * *": field 1 (minute) has the reversed range \
          H(9-5); write H(9-59) or H(0-5)
          0 0 * * H(5-0) | bad cron "0 0 * * H(5-0)": field 5 (day of week) has the reversed range \
          H(5-0); write H(5-7)
          H(5) * * * *   | bad cron "H(5) * * * *": field 1 (minute) is H(5), allowed are 0-59, *, \
          ranges a-b, steps */n and a-b/n, and lists of these; write H, H/n, H(a-b) or H(a-b)/n
          """)
  void spread_refusesWhatItDoesNotKnow(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Schedule.spread(text, "key", UTC))
        .isInstanceOf(CronParseException.class)
        .withMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"H(9-59) * * * *", "H(0-5) * * * *", "0 0 * * H(5-7)"})
  void spread_takesWhatItTellsToWrite(String text) {
    assertThat(Schedule.spread(text, "key", UTC).next(NEW_YEAR)).isPresent();
  }

  @Test
  void jitter_isTheSameOnEachNodeAndBelowItsBound() {
    Schedule schedule = Schedule.daily(NINE).withJitter(Duration.ofMinutes(10));
    Instant tick = Instant.parse("2026-01-01T09:00:00Z");

    assertThat(schedule.dueAt(tick, "report"))
        .isEqualTo(Instant.parse("2026-01-01T09:01:34.934226Z"));
    assertThat(schedule.dueAt(tick, "report")).isNotEqualTo(schedule.dueAt(tick, "other"));
    for (int day = 0; day < 1_000; day++) {
      Instant due = schedule.dueAt(tick.plus(Duration.ofDays(day)), "report");
      assertThat(Duration.between(tick.plus(Duration.ofDays(day)), due))
          .isBetween(Duration.ZERO, Duration.ofMinutes(10).minusNanos(1));
    }
    assertThat(Schedule.daily(NINE).dueAt(tick, "report")).isEqualTo(tick);
    assertThat(schedule.next(NEW_YEAR)).contains(tick);
  }

  @Test
  void jitter_isRefusedOutOfRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Schedule.daily(NINE).withJitter(Duration.ofHours(25)))
        .withMessage("jitter must be from 0 to 1 day, was PT25H");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Schedule.daily(NINE).withJitter(Duration.ofNanos(500)))
        .withMessage("jitter must be whole microseconds, was PT0.0000005S");
  }

  // Text

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cron spring 0 0 3 L * * UTC",
        "cron quartz 0 0 3 ? * 6L 2026-2030 Europe/Berlin; jitter PT5M",
        "monthly 31 02:30 Europe/Berlin",
        "monthly 31 first-of-next 02:30:15 Europe/Berlin; dst skip",
        "cron 0 9 * * 1 UTC; every 2 weeks from 2026-01-05; except 2026-12-24 2026-12-25;"
            + " except weekends; except named holidays; catch-up skip; jitter PT30S",
        "every PT5M; except weekends",
      })
  void parse_isTheInverseOfToString(String text) {
    assertThat(Schedule.parse(text)).hasToString(text);
    assertThat(Schedule.parse(Schedule.parse(text).toString())).isEqualTo(Schedule.parse(text));
  }

  @Test
  void parse_findsExclusionsByTheirNames() {
    Exclusion holidays = Exclusion.named("holidays", date -> date.getDayOfYear() == 2);
    Schedule schedule = Schedule.parse("cron 0 9 * * * UTC; except named holidays", holidays);

    assertThat(schedule.next(Instant.parse("2026-01-01T12:00:00Z")))
        .contains(Instant.parse("2026-01-03T09:00:00Z"));
    assertThat(schedule.exclusions()).containsExactly(holidays);
  }

  @Test
  void next_isRefusedIfAnExclusionIsKnownByItsNameOnly() {
    Schedule schedule = Schedule.parse("cron 0 9 * * * UTC; except named holidays");

    assertThatIllegalStateException()
        .isThrownBy(() -> schedule.next(NEW_YEAR))
        .withMessage(
            "the exclusion \"holidays\" is known by its name only; give it in a job's schedule");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          monthly 1 UTC                  | monthly needs a day, a time and a zone, and after the \
          day maybe a month end
          monthly 1 never 03:00 UTC      | month end is "never", allowed are last-day, skip, \
          first-of-next
          monthly 1 3am UTC              | "3am" is not a time such as 02:30
          every PT1H; every 2 week sfrom 2026-01-05 | every needs a number, weeks, from and a date
          every PT1H; every 2 weeks      | every needs a number, weeks, from and a date
          every PT1H; except             | except needs dates, or weekends, or named and a name
          every PT1H; except christmas   | "christmas" is not a date such as 2026-12-25
          every PT1H; every 0 weeks from 2026-01-05 | weeks must be from 1 to 520, was 0
          every PT1H; jitter PT25H       | jitter must be from 0 to 1 day, was PT25H
          every PT1H; catch-up all 0 PT1H | maxCount must be from 1 to 10000, was 0; skip() makes \
          up no tick
          monthly 32 03:00 UTC           | day must be from 1 to 31, was 32
          every PT0S                     | period must be from 1 millisecond to 36500 days, was PT0S
          """)
  void parse_saysWhatIsWrong(String text, String problem) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Schedule.parse(text))
        .withMessage("bad schedule \"" + text + "\": " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          monthly 1 03:00 UTC           | at 03:00 UTC on day 1 of each month
          monthly 31 03:00 UTC          | at 03:00 UTC on day 31 of each month or on the last if it \
          is shorter
          monthly 31 skip 03:00 UTC     | at 03:00 UTC on day 31 of each month if it has one
          cron 0 9 * * 1 UTC; every 2 weeks from 2026-01-05; except weekends; except named x | \
          at 09:00 UTC on Monday, every 2 weeks from 2026-01-05, except weekends, except x
          every PT1H; jitter PT5M       | every hour, up to 5 minutes later
          """)
  void describe_saysItInWords(String text, String words) {
    assertThat(Schedule.parse(text).describe()).isEqualTo(words);
  }

  @Test
  void exclusion_refusesTooManyDatesAndStrangeNames() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Exclusion.dates(List.of()))
        .withMessage("dates must be from 1 to 1000, were 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Exclusion.named("my holidays", date -> true))
        .withMessage(
            "name must be 1 to 100 letters, digits, \".\", \"-\" and \"_\", was \"my holidays\"");
  }

  // Why, and what to expect

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cron 30 2 * * * Europe/Berlin | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z: 02:30 is \
          left out on 2026-03-29 in Europe/Berlin; the clock goes on at 03:00
          cron 30 2 * * * Europe/Berlin | 2026-03-29T12:00:00Z | 2026-03-30T00:30:00Z: 02:30 on \
          2026-03-30 in Europe/Berlin
          cron 30 2 * * * Europe/Berlin | 2026-10-24T12:00:00Z | 2026-10-25T00:30:00Z: 02:30 is \
          shown twice on 2026-10-25 in Europe/Berlin; this is the first time
          cron 30 * * * * Europe/Berlin | 2026-10-25T00:45:00Z | 2026-10-25T01:30:00Z: 02:30 is \
          shown twice on 2026-10-25 in Europe/Berlin; this is the second time
          cron 30 2,3 * * * Europe/Berlin | 2026-03-29T01:00:00Z | 2026-03-29T01:30:00Z: 03:30 on \
          2026-03-29 in Europe/Berlin
          cron 0,30 2,3 * * * Europe/Berlin | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z: 02:00 \
          is left out on 2026-03-29 in Europe/Berlin; the clock goes on at 03:00
          cron 0,30 2,3 * * * Europe/Berlin; dst skip | 2026-03-28T12:00:00Z | \
          2026-03-29T01:00:00Z: 03:00 on 2026-03-29 in Europe/Berlin
          every PT1H                    | 2026-01-01T00:30:00Z | 2026-01-01T01:00:00Z: every hour, \
          one of them at 1970-01-01T00:00:00Z
          after-completion PT1H         | 2026-01-01T00:30:00Z | 2026-01-01T01:30:00Z: 1 hour \
          after the end of the last run
          at 2026-01-01T00:00:00Z       | 2025-01-01T00:00:00Z | 2026-01-01T00:00:00Z: given
          """)
  void preview_saysWhichRuleApplied(String text, Instant after, String line) {
    assertThat(Schedule.parse(text).preview(1, after)).singleElement().hasToString(line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cron 30 2 * * * Europe/Berlin           | 02:30 is left out on 2026-03-29 in \
          Europe/Berlin; it runs at 03:00
          cron 30 2 * * * Europe/Berlin; dst skip | 02:30 is left out on 2026-03-29 in \
          Europe/Berlin; it does not run
          cron */20 2 * * * Europe/Berlin         | 02:00 is left out on 2026-03-29 in \
          Europe/Berlin; it does not run
          cron 30 2 * 10 * Europe/Berlin          | 02:30 is shown twice on 2026-10-25 in \
          Europe/Berlin; it runs the first time
          cron */30 2 * 10 * Europe/Berlin        | 02:00 is shown twice on 2026-10-25 in \
          Europe/Berlin; it runs both times
          monthly 29 02:30 Europe/Berlin          | 02:30 is left out on 2026-03-29 in \
          Europe/Berlin; it runs at 03:00
          cron 30 3 * * * Europe/Berlin           |
          cron */15 * * * * Europe/Berlin         |
          cron 30 2 * * * UTC                     |
          every PT1H                              |
          """)
  void clockChange_saysWhatTheNextOneDoes(String text, String effect) {
    assertThat(Schedule.parse(text).clockChange(NEW_YEAR).map(ClockChange::effect))
        .isEqualTo(Optional.ofNullable(effect));
  }

  @Test
  void clockChange_looksAtEachOfTwoWithinWeeks() {
    // Morocco puts the clock back for Ramadan, and forward after it.
    Schedule schedule = Schedule.cron("30 2 * * *", ZoneId.of("Africa/Casablanca"));

    assertThat(schedule.clockChange(NEW_YEAR).map(ClockChange::effect))
        .contains(
            "02:30 is shown twice on 2026-02-15 in Africa/Casablanca; it runs the first time");
    assertThat(schedule.clockChange(Instant.parse("2026-02-15T02:00:00Z")).map(ClockChange::effect))
        .contains("02:30 is left out on 2026-03-22 in Africa/Casablanca; it runs at 03:00");
  }

  @Test
  void clockChange_answersForTheEndsOfTime() {
    Schedule schedule = Schedule.cron("30 2 * * *", BERLIN);

    assertThat(schedule.clockChange(Instant.MIN)).isEmpty();
    assertThat(schedule.clockChange(Instant.MAX)).isEmpty();
  }
}
