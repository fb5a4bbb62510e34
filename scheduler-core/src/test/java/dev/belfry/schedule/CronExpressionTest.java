// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronExpressionTest {
  private static final ZoneId UTC = ZoneId.of("UTC");
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

  private static List<String> next(String cron, ZoneId zone, String after, int count) {
    CronExpression expression = CronExpression.parse(cron);
    List<String> runs = new ArrayList<>();
    ZonedDateTime time = Instant.parse(after).atZone(zone);
    for (int i = 0; i < count; i++) {
      time = expression.next(time).orElseThrow();
      runs.add(time.toInstant().toString().replace(":00Z", "Z"));
    }
    return runs;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          30 2 * * *     | America/New_York     | 2026-03-07T17:00:00Z | 2026-03-08T07:00Z \
          2026-03-09T06:30Z
          0,30 2 * * *   | America/New_York     | 2026-03-07T17:00:00Z | 2026-03-08T07:00Z \
          2026-03-09T06:00Z
          30 2,3 * * *   | America/New_York     | 2026-03-07T17:00:00Z | 2026-03-08T07:00Z \
          2026-03-08T07:30Z
          30 1 * * *     | America/New_York     | 2026-11-01T05:00:00Z | 2026-11-01T05:30Z \
          2026-11-02T06:30Z
          30 1 * * *     | America/New_York     | 2026-11-01T05:30:00Z | 2026-11-02T06:30Z
          30 1 * * *     | America/New_York     | 2026-11-01T06:10:00Z | 2026-11-02T06:30Z
          */30 * * * *   | America/New_York     | 2026-11-01T04:40:00Z | 2026-11-01T05:00Z \
          2026-11-01T05:30Z 2026-11-01T06:00Z 2026-11-01T06:30Z 2026-11-01T07:00Z
          * * * * *      | America/New_York     | 2026-11-01T06:30:15Z | 2026-11-01T06:31Z
          30 1-3 * * *   | America/New_York     | 2026-11-01T05:00:00Z | 2026-11-01T05:30Z \
          2026-11-01T06:30Z 2026-11-01T07:30Z
          5 * * * *      | America/New_York     | 2026-03-08T06:05:00Z | 2026-03-08T07:05Z
          */20 2 * * *   | America/New_York     | 2026-03-07T17:00:00Z | 2026-03-09T06:00Z
          0 */2 * * *    | America/New_York     | 2026-03-08T05:00:00Z | 2026-03-08T08:00Z
          15 2 * * *     | Australia/Lord_Howe  | 2025-10-04T12:00:00Z | 2025-10-04T15:30Z
          45 2 * * *     | Australia/Lord_Howe  | 2025-10-04T12:00:00Z | 2025-10-04T15:45Z
          0 * * * *      | Australia/Lord_Howe  | 2025-10-04T14:00:00Z | 2025-10-04T14:30Z \
          2025-10-04T16:00Z
          0 0 * * *      | America/Sao_Paulo    | 2018-11-03T12:00:00Z | 2018-11-04T03:00Z
          0 0 * * *      | America/Sao_Paulo    | 2018-02-17T12:00:00Z | 2018-02-18T03:00Z
          0 0 1 * *      | Asia/Almaty          | 2024-02-15T00:00:00Z | 2024-02-29T19:00Z
          30 23 * * *    | America/Scoresbysund | 2025-03-29T12:00:00Z | 2025-03-30T01:00Z
          0 12 * * *     | Africa/Khartoum      | 2000-01-15T00:00:00Z | 2000-01-15T10:00Z
          30 2 * * *     | Europe/Berlin        | 2026-03-28T12:00:00Z | 2026-03-29T01:00Z \
          2026-03-30T00:30Z
          30 2 * * *     | Europe/Berlin        | 2026-10-24T12:00:00Z | 2026-10-25T00:30Z \
          2026-10-26T01:30Z
          30 2 * * *     | Europe/Berlin        | 2026-10-25T01:15:00Z | 2026-10-26T01:30Z
          30 2 30 12 *   | Pacific/Apia         | 2011-12-29T00:00:00Z | 2011-12-30T10:00Z \
          2012-12-29T12:30Z
          """)
  void next_followsTheRuleAroundChangesOfTheClock(
      String cron, ZoneId zone, String after, String expected) {
    List<String> runs = Arrays.asList(expected.split(" ", -1));

    assertThat(next(cron, zone, after, runs.size())).isEqualTo(runs);
  }

  @ParameterizedTest
  @CsvSource({
    "*/15 * * * *, 2026-10-25, 100",
    "*/15 * * * *, 2026-03-29, 92",
    "* * * * *, 2026-10-25, 1500",
    "* * * * *, 2026-03-29, 1380",
    "0 * * * *, 2026-10-25, 25",
    "30 2 * * *, 2026-10-25, 1",
    "30 2 * * *, 2026-03-29, 1",
  })
  void next_runsAsOftenAsADayInBerlinIsLong(String cron, LocalDate date, int count) {
    CronExpression expression = CronExpression.parse(cron);
    ZonedDateTime end = date.plusDays(1).atStartOfDay(BERLIN);
    int runs = 0;

    var run = expression.next(date.atStartOfDay(BERLIN).minusSeconds(1));
    while (run.orElseThrow().isBefore(end)) {
      runs++;
      run = expression.next(run.get());
    }

    assertThat(runs).isEqualTo(count);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 0 13 * FRI     | 2026-01-01T00:00:00Z | 2026-01-02T00:00Z 2026-01-09T00:00Z \
          2026-01-13T00:00Z
          0 0 */2 * MON    | 2026-01-01T00:00:00Z | 2026-01-05T00:00Z 2026-01-19T00:00Z \
          2026-02-09T00:00Z
          0 0 13 * */5     | 2026-01-01T00:00:00Z | 2026-02-13T00:00Z 2026-03-13T00:00Z
          0 0 1 * *        | 2026-01-01T00:00:00Z | 2026-02-01T00:00Z
          0 0 * * */2      | 2026-01-03T12:00:00Z | 2026-01-04T00:00Z 2026-01-06T00:00Z \
          2026-01-08T00:00Z 2026-01-10T00:00Z
          0 0 * * 1-7/2    | 2026-01-04T00:00:00Z | 2026-01-05T00:00Z 2026-01-07T00:00Z \
          2026-01-09T00:00Z 2026-01-11T00:00Z
          0 0 * * 7        | 2026-01-01T00:00:00Z | 2026-01-04T00:00Z
          0 0 * * 5-7      | 2026-01-01T00:00:00Z | 2026-01-02T00:00Z 2026-01-03T00:00Z \
          2026-01-04T00:00Z 2026-01-09T00:00Z
          0 0 29 2 *       | 2096-03-01T00:00:00Z | 2104-02-29T00:00Z
          0 0 */28 2 1     | 2026-01-01T00:00:00Z | 2027-02-01T00:00Z
          0 0 31 * *       | 2026-01-31T00:00:00Z | 2026-03-31T00:00Z 2026-05-31T00:00Z
          0 0 31 2 0       | 2026-01-01T00:00:00Z | 2026-02-01T00:00Z
          08 09 * * *      | 2026-01-01T00:00:00Z | 2026-01-01T09:08Z
          5-20/7,59 0 * * * | 2026-01-01T00:00:00Z | 2026-01-01T00:05Z 2026-01-01T00:12Z \
          2026-01-01T00:19Z 2026-01-01T00:59Z
          59 23 31 12 *    | 2026-01-01T00:00:00Z | 2026-12-31T23:59Z
          @weekly          | 2026-01-01T00:00:00Z | 2026-01-04T00:00Z
          """)
  void next_readsEveryPartOfTheSyntax(String cron, String after, String expected) {
    List<String> runs = Arrays.asList(expected.split(" ", -1));

    assertThat(next(cron, UTC, after, runs.size())).isEqualTo(runs);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 0 30 2 *", "0 0 31 4,6,9,11 *", "* * 30-31 FEB *", "0 0 31 2 */2"})
  void next_isEmptyForAnExpressionThatNeverRuns(String cron) {
    CronExpression expression = CronExpression.parse(cron);
    ZonedDateTime now = Instant.parse("2026-01-01T00:00:00Z").atZone(NEW_YORK);

    assertThat(expression.next(now)).isEmpty();
    assertThat(expression.previous(now)).isEmpty();
    assertThat(expression.nextEpochSecond(0, NEW_YORK)).isEqualTo(Long.MAX_VALUE);
    assertThat(expression.matches(now)).isFalse();
    assertThat(expression.describe()).isEqualTo("never");
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, Long.MAX_VALUE - 1, 253_402_300_800L})
  void nextEpochSecond_isNeverBeyondTheLastYear(long after) {
    assertThat(CronExpression.parse("* * * * *").nextEpochSecond(after, BERLIN))
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void nextEpochSecond_answersForTheDistantPast() {
    assertThat(CronExpression.parse("@yearly").nextEpochSecond(Long.MIN_VALUE, UTC))
        .isEqualTo(ZonedDateTime.of(-9998, 1, 1, 0, 0, 0, 0, UTC).toEpochSecond());
  }

  @Test
  void next_isStrictlyLaterToTheNanosecond() {
    CronExpression hourly = CronExpression.parse("@hourly");
    ZonedDateTime noon = ZonedDateTime.of(2026, 1, 1, 12, 0, 0, 0, UTC);

    assertThat(hourly.next(noon.minusNanos(1))).contains(noon);
    assertThat(hourly.next(noon)).contains(noon.plusHours(1));
    assertThat(hourly.next(noon.plusNanos(1))).contains(noon.plusHours(1));
    assertThat(hourly.previous(noon)).contains(noon.minusHours(1));
    assertThat(hourly.previous(noon.plusNanos(1))).contains(noon);
  }

  @Test
  void matches_isTrueAtTheEndOfAGapAndFalseInTheSecondPass() {
    CronExpression cron = CronExpression.parse("30 2 * * *");

    assertThat(cron.matches(Instant.parse("2026-03-29T01:00:00Z").atZone(BERLIN))).isTrue();
    assertThat(cron.matches(Instant.parse("2026-10-25T00:30:00Z").atZone(BERLIN))).isTrue();
    assertThat(cron.matches(Instant.parse("2026-10-25T01:30:00Z").atZone(BERLIN))).isFalse();
    assertThat(cron.matches(Instant.parse("2026-06-01T00:30:00.9Z").atZone(BERLIN))).isTrue();
    assertThat(cron.matches(Instant.parse("2026-06-01T00:30:01Z").atZone(BERLIN))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 3 * * *            | @DAILY             | false
          0 0 * * *            | @Midnight          | true
          0 0 1 1 *            | @annually          | true
          0 0 1 jan sun        | 00 0 1 1 7         | true
          */5 * * * *          | 0-59/5 * * * *     | true
          0 0 1-31 * MON       | 0 0 * * *          | true
          0 0 1-30 6 MON       | 0 0 * 6 *          | true
          0 0 31 2,3 *         | 0 0 31 3 *         | true
          0 0 30 2 *           | 5 5 31 4 *         | true
          0 0 30 2 MON         | 0 0 * 2 MON        | true
          0 0 13 * FRI         | 0 0 13 * *         | false
          0 0 */2 * MON        | 0 0 1-31/2 * MON   | false
          0,30 2 * * *         | 0-30/30 2 * * *    | false
          """)
  void equals_isByMeaning(String one, String other, boolean equal) {
    CronExpression a = CronExpression.parse(one);
    CronExpression b = CronExpression.parse(other);

    assertThat(a.equals(b)).isEqualTo(equal);
    if (equal) {
      assertThat(a).hasSameHashCodeAs(b);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          @hourly                  | 0 * * * *
          30  2 * * mon-fri        | 30 2 * * 1-5
          5-5 3 * * *              | 5-5 3 * * *
          0-59/15 * * * *          | */15 * * * *
          30,0 2,1 * * *           | 0,30 1,2 * * *
          0 0 */2,2 * 5-7          | 0 0 */2,2 * 0,5,6
          0 0 1-31 1-12 0-6        | 0 0 * * *
          7-59/15 * * * *          | 7-52/15 * * * *
          0,1,2,3 5 * * *          | 0,1,2,3 5 * * *
          """)
  void toString_isCanonical(String text, String canonical) {
    assertThat(CronExpression.parse(text)).hasToString(canonical);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 3 * * *          | at 03:00 every day
          * * * * *          | every minute
          */5 * * * *        | every 5 minutes
          */15 * * * 1-5     | every 15 minutes on Monday to Friday
          0 * * * *          | every hour
          5 * * * *          | at minute 5 of every hour
          */7 * * * *        | at minutes 0, 7, 14, 21, 28, 35, 42, 49 and 56 of every hour
          0 */6 * * *        | every 6 hours from 00:00
          0 9-17 * * 1-5     | every hour in hours 9 to 17 on Monday to Friday
          */20 2 * * *       | at 02:00, 02:20 and 02:40 every day
          30 9 1,15 * *      | at 09:30 on days 1 and 15 of the month
          0 0 1 1 *          | at 00:00 on day 1 of January
          0 0 13 * 5         | at 00:00 on day 13 of the month or on Friday
          0 0 1-7 * */7      | at 00:00 on days 1 to 7 of the month if it is Sunday
          0 12 * 6-8 *       | at 12:00 every day in June to August
          0 12 * 6 1         | at 12:00 on Monday in June
          """)
  void describe_saysItInWords(String cron, String words) {
    assertThat(CronExpression.parse(cron).describe()).isEqualTo(words);
  }
}
