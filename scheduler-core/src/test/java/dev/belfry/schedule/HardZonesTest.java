// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes of clocks that are not an hour at two at night, each with what makes it hard. */
class HardZonesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # half an hour, 02:00 -> 02:30 and 02:00 -> 01:30
          SPRING | 20 15 2 * * *      | Australia/Lord_Howe  | 2025-10-04T12:00Z \
          | 2025-10-04T15:30Z 2025-10-05T15:15:20Z
          SPRING | 0 45 2 * * *       | Australia/Lord_Howe  | 2025-10-04T12:00Z \
          | 2025-10-04T15:45Z 2025-10-05T15:45Z
          QUARTZ | 0 0/20 2 * * ?     | Australia/Lord_Howe  | 2025-10-04T12:00Z \
          | 2025-10-04T15:40Z 2025-10-05T15:00Z
          SPRING | 30 45 1 * * *      | Australia/Lord_Howe  | 2025-04-05T12:00Z \
          | 2025-04-05T14:45:30Z 2025-04-06T15:15:30Z
          QUARTZ | 30 */15 1 * * ?    | Australia/Lord_Howe  | 2025-04-05T14:40Z \
          | 2025-04-05T14:45:30Z 2025-04-05T15:00:30Z 2025-04-05T15:15:30Z 2025-04-06T14:30:30Z
          # no midnight, 00:00 -> 01:00
          SPRING | 0 15 0 * * *       | America/Sao_Paulo    | 2018-11-03T12:00Z \
          | 2018-11-04T03:00Z 2018-11-05T02:15Z
          SPRING | 15,45 0 0,1 * * *  | America/Sao_Paulo    | 2018-11-03T12:00Z \
          | 2018-11-04T03:00Z 2018-11-04T03:00:15Z 2018-11-04T03:00:45Z 2018-11-05T02:00:15Z
          SPRING | 30 0 0 * * *       | America/Havana       | 2025-03-08T12:00Z \
          | 2025-03-09T05:00Z 2025-03-10T04:00:30Z
          QUARTZ | 0 0 0 ? * 1        | Asia/Beirut          | 2025-03-29T12:00Z \
          | 2025-03-29T22:00Z 2025-04-05T21:00Z
          QUARTZ | 0 0 0 ? * SUN#2    | America/Santiago     | 2024-09-07T12:00Z \
          | 2024-09-08T04:00Z 2024-10-13T03:00Z
          QUARTZ | 0 0 0 ? * 1        | Atlantic/Azores      | 2025-03-29T12:00Z \
          | 2025-03-30T01:00Z 2025-04-06T00:00Z
          SPRING | 0 30 0 26W * *     | Asia/Amman           | 2021-03-25T12:00Z \
          | 2021-03-25T22:00Z 2021-04-25T21:30Z
          SPRING | 0 30 0 25 4 *      | Africa/Cairo         | 2025-04-24T12:00Z \
          | 2025-04-24T22:00Z 2026-04-24T21:30Z
          QUARTZ | 0 15 0 ? * SUN     | Asia/Gaza            | 2022-03-26T00:00Z \
          | 2022-03-26T22:00Z 2022-04-02T21:15Z
          SPRING | 0 0 0 * * *        | Asia/Tehran          | 2022-03-21T12:00Z \
          | 2022-03-21T20:30Z 2022-03-22T19:30Z
          # midnight is reached and left again, 00:00 -> 23:00 the day before
          QUARTZ | 0 30 23 17 2 ?     | America/Sao_Paulo    | 2018-02-17T12:00Z \
          | 2018-02-18T01:30Z 2019-02-18T02:30Z
          QUARTZ | 0 0 0 * * ?        | America/Asuncion     | 2024-03-23T12:00Z \
          | 2024-03-24T04:00Z 2024-03-25T04:00Z
          SPRING | 0 0 0 * * *        | Asia/Tehran          | 2022-09-21T12:00Z \
          | 2022-09-21T20:30Z 2022-09-22T20:30Z
          QUARTZ | 0 30 23 21 9 ?     | Asia/Tehran          | 2022-09-21T12:00Z \
          | 2022-09-21T19:00Z 2023-09-21T20:00Z
          QUARTZ | 0 0 0 1 * ?        | Africa/Cairo         | 2024-10-31T12:00Z \
          | 2024-10-31T22:00Z 2024-11-30T22:00Z
          QUARTZ | 0 30 23 L * ?      | Africa/Cairo         | 2024-10-31T12:00Z \
          | 2024-10-31T20:30Z 2024-11-30T21:30Z
          QUARTZ | 0 30 23 L * ?      | Africa/Juba          | 2021-01-31T12:00Z \
          | 2021-01-31T20:30Z 2021-02-28T21:30Z
          SPRING | 0 0 0 1 * *        | Africa/Juba          | 2021-01-31T12:00Z \
          | 2021-01-31T22:00Z 2021-02-28T22:00Z
          SPRING | 0 0 0 1 * *        | Africa/Khartoum      | 2017-10-31T12:00Z \
          | 2017-10-31T22:00Z 2017-11-30T22:00Z
          # March is reached and left for February 29
          SPRING | 0 0 0 1 * *        | Asia/Almaty          | 2024-02-15T00:00Z \
          | 2024-02-29T19:00Z 2024-03-31T19:00Z
          QUARTZ | 0 30 23 L 2 ?      | Asia/Almaty          | 2024-02-15T00:00Z \
          | 2024-02-29T17:30Z 2025-02-28T18:30Z
          QUARTZ | 0 0/30 23 L 2 ?    | Asia/Qostanay        | 2024-02-15T00:00Z \
          | 2024-02-29T17:00Z 2024-02-29T17:30Z 2024-02-29T18:00Z 2024-02-29T18:30Z \
          2025-02-28T18:00Z
          # the gap ends the day, 23:00 or 23:30 -> 00:00
          QUARTZ | 0 30 23 29 3 ?     | America/Scoresbysund | 2025-03-29T12:00Z \
          | 2025-03-30T01:00Z 2026-03-30T00:30Z
          QUARTZ | 0 30 23 * * ?      | America/Scoresbysund | 2024-10-26T12:00Z \
          | 2024-10-27T00:30Z 2024-10-28T01:30Z
          SPRING | 0 30 23 L-2 * *    | America/Nuuk         | 2025-03-29T12:00Z \
          | 2025-03-30T01:00Z 2025-04-29T00:30Z
          QUARTZ | 0 45 23 * * ?      | Asia/Pyongyang       | 2018-05-04T12:00Z \
          | 2018-05-04T15:00Z 2018-05-05T14:45Z
          QUARTZ | 0 45 23 * * ?      | Asia/Pyongyang       | 2015-08-14T12:00Z \
          | 2015-08-14T14:45Z 2015-08-15T15:15Z
          # a day is left out
          QUARTZ | 0 0 12 ? * FRI     | Pacific/Apia         | 2011-12-28T00:00Z \
          | 2011-12-30T10:00Z 2012-01-05T22:00Z
          QUARTZ | 0 0 12 ? * 6L      | Pacific/Apia         | 2011-12-28T00:00Z \
          | 2011-12-30T10:00Z 2012-01-26T22:00Z
          SPRING | 0 0 12 LW * *      | Pacific/Apia         | 2011-12-28T00:00Z \
          | 2011-12-30T10:00Z 2012-01-30T22:00Z
          QUARTZ | 0 0 0 30 12 ?      | Pacific/Fakaofo      | 2011-12-29T00:00Z \
          | 2011-12-30T11:00Z 2012-12-29T11:00Z
          QUARTZ | 0 0 12 ? * L       | Pacific/Kwajalein    | 1993-08-18T00:00Z \
          | 1993-08-21T12:00Z 1993-08-28T00:00Z
          QUARTZ | 0 0 0 * * ?        | Pacific/Kwajalein    | 1993-08-20T00:00Z \
          | 1993-08-20T12:00Z 1993-08-21T12:00Z 1993-08-22T12:00Z
          SPRING | 0 0 12 L 12 *      | Pacific/Kiritimati   | 1994-12-30T00:00Z \
          | 1994-12-31T10:00Z 1995-12-30T22:00Z
          # winter time is the exception
          SPRING | 0 30 1 * * *       | Europe/Dublin        | 2025-03-29T12:00Z \
          | 2025-03-30T01:00Z 2025-03-31T00:30Z
          SPRING | 0 30 1 * * *       | Europe/Dublin        | 2025-10-25T12:00Z \
          | 2025-10-26T00:30Z 2025-10-27T01:30Z
          QUARTZ | 0 0 * * * ?        | Europe/Dublin        | 2025-10-25T23:30Z \
          | 2025-10-26T00:00Z 2025-10-26T01:00Z 2025-10-26T02:00Z
          SPRING | 0 30 2 * * *       | Africa/Casablanca    | 2025-02-22T12:00Z \
          | 2025-02-23T01:30Z 2025-02-24T02:30Z
          SPRING | 0 30 2 * * *       | Africa/Casablanca    | 2025-04-05T12:00Z \
          | 2025-04-06T02:00Z 2025-04-07T01:30Z
          # two and three hours
          SPRING | 0 30 1,2 * * *     | Antarctica/Troll     | 2025-03-29T12:00Z \
          | 2025-03-30T01:00Z 2025-03-30T23:30Z 2025-03-31T00:30Z
          QUARTZ | 0 30 1,2 * * ?     | Antarctica/Troll     | 2025-10-25T12:00Z \
          | 2025-10-25T23:30Z 2025-10-26T00:30Z 2025-10-27T01:30Z
          QUARTZ | 0 30 1-2 * * ?     | Antarctica/Troll     | 2025-10-25T12:00Z \
          | 2025-10-25T23:30Z 2025-10-26T00:30Z 2025-10-26T01:30Z 2025-10-26T02:30Z \
          2025-10-27T01:30Z
          SPRING | 0 15 2,3 * * *     | Europe/Simferopol    | 2014-03-29T12:00Z \
          | 2014-03-30T00:00Z 2014-03-30T22:15Z
          QUARTZ | 0 30 0,1 * * ?     | Asia/Chita           | 2014-10-25T12:00Z \
          | 2014-10-25T14:30Z 2014-10-25T15:30Z 2014-10-26T16:30Z
          QUARTZ | 0 30 0 * * ?       | Antarctica/Casey     | 2010-03-04T00:00Z \
          | 2010-03-04T13:30Z 2010-03-05T16:30Z
          QUARTZ | 0 30 23 4 3 ?      | Antarctica/Casey     | 2010-03-04T00:00Z \
          | 2010-03-04T12:30Z 2011-03-04T15:30Z
          # a minute past the hour, 00:01 -> 03:01
          SPRING | 0 0 0,3 * * *      | Antarctica/Casey     | 2020-10-03T12:00Z \
          | 2020-10-03T16:00Z 2020-10-03T16:01Z 2020-10-04T13:00Z
          SPRING | 59 0 0 * * *       | Antarctica/Casey     | 2020-10-03T12:00Z \
          | 2020-10-03T16:00:59Z 2020-10-04T13:00:59Z
          SPRING | 0 1 0,3 * * *      | Antarctica/Casey     | 2020-10-03T12:00Z \
          | 2020-10-03T16:01Z 2020-10-04T13:01Z
          # a quarter past, 02:45 -> 03:45 and 03:45 -> 02:45
          SPRING | 30 0 3 * * *       | Pacific/Chatham      | 2024-09-28T00:00Z \
          | 2024-09-28T14:00Z 2024-09-29T13:15:30Z
          QUARTZ | 0 0 3 * * ?        | Pacific/Chatham      | 2025-04-05T00:00Z \
          | 2025-04-05T13:15Z 2025-04-06T14:15Z
          SPRING | 0 45 2 * * *       | America/Caracas      | 2007-12-09T00:00Z \
          | 2007-12-09T06:45Z 2007-12-10T07:15Z
          QUARTZ | 0 45 1 * * ?       | Pacific/Norfolk      | 2015-10-03T12:00Z \
          | 2015-10-03T14:15Z 2015-10-04T14:45Z
          QUARTZ | 0 10 0 1 1 ?       | Asia/Kathmandu       | 1985-12-31T12:00Z \
          | 1985-12-31T18:30Z 1986-12-31T18:25Z
          # at noon, at New Year, for good
          SPRING | 0 30 12 * * *      | Africa/Khartoum      | 2000-01-15T00:00Z \
          | 2000-01-15T10:00Z 2000-01-16T09:30Z
          QUARTZ | 0 30 1 1 1 ? *     | Africa/Sao_Tome      | 2017-12-31T12:00Z \
          | 2018-01-01T01:00Z 2019-01-01T00:30Z 2020-01-01T01:30Z
          QUARTZ | 0 0 0 * * ?        | America/Asuncion     | 2024-10-05T12:00Z \
          | 2024-10-06T04:00Z 2024-10-07T03:00Z
          SPRING | 0 30 3 * * *       | Pacific/Apia         | 2021-04-03T00:00Z \
          | 2021-04-03T13:30Z 2021-04-04T14:30Z
          # the last hour of the only year is shown twice
          QUARTZ | 0 0/30 23 31 12 ? 2009 | Asia/Dhaka       | 2009-12-31T16:15Z \
          | 2009-12-31T16:30Z 2009-12-31T17:00Z 2009-12-31T17:30Z
          QUARTZ | 0 0/30 1 1 1 ? 2019 | Africa/Sao_Tome     | 2018-12-31T23:45Z \
          | 2019-01-01T00:00Z 2019-01-01T00:30Z 2019-01-01T01:00Z 2019-01-01T01:30Z
          # the common case, with seconds
          SPRING | 15 30 2 * * *      | America/New_York     | 2026-03-07T17:00Z \
          | 2026-03-08T07:00Z 2026-03-09T06:30:15Z
          SPRING | 0,30 0 2,3 * * *   | America/New_York     | 2026-03-07T17:00Z \
          | 2026-03-08T07:00Z 2026-03-08T07:00:30Z 2026-03-09T06:00Z
          SPRING | */30 59 1 * * *    | America/New_York     | 2026-11-01T04:30Z \
          | 2026-11-01T05:59Z 2026-11-01T05:59:30Z 2026-11-01T06:59Z 2026-11-01T06:59:30Z \
          2026-11-02T06:59Z
          QUARTZ | 30 59 1 ? * SUN#1  | America/New_York     | 2026-11-01T04:30Z \
          | 2026-11-01T05:59:30Z 2026-12-06T06:59:30Z
          """)
  void next_followsTheRuleWhereTheClockIsHard(
      CronDialect dialect, String cron, ZoneId zone, String after, String expected) {
    CronRuns.assertNext(dialect, cron, zone, after, expected);
  }

  @Test
  void next_isEmptyAtOnceIfAllRunsAreInGapsThatAreLeftOut() {
    CronExpression cron = CronExpression.parse("0 30 2 25-31 3 SUN", CronDialect.SPRING);
    ZonedDateTime asked = ZonedDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneId.of("Europe/Berlin"));

    assertThat(assertTimeoutPreemptively(ofSeconds(10), () -> cron.next(asked, DstPolicy.SKIP)))
        .isEmpty();
    assertThat(cron.previous(asked, DstPolicy.SKIP))
        .contains(ZonedDateTime.of(1980, 3, 30, 2, 30, 0, 0, ZoneId.of("Europe/Berlin")));
  }
}
