// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Questions to which other libraries gave wrong answers, as their trackers tell, with the right
 * ones. An expression of another dialect is written in the nearest one here.
 */
class KnownBugsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cron-utils #9     | QUARTZ | 0 11 11 11 11 ?    | UTC              \
          | 2015-03-26T00:00Z      | 2015-11-11T11:11Z
          cron-utils #41    | UNIX   | 0 3 * * 3          | UTC              \
          | 2015-09-18T12:00Z      | 2015-09-23T03:00Z
          cron-utils #54    | UNIX   | 0 6 * * 0          | UTC              \
          | 2015-11-27T15:15Z      | 2015-11-29T06:00Z
          cron-utils #54    | UNIX   | 0 6 * * 1          | UTC              \
          | 2015-11-27T15:15Z      | 2015-11-30T06:00Z
          cron-utils #61    | UNIX   | 0 17 * * *         | America/New_York \
          | 2016-03-12T17:00-05:00 | 2016-03-13T21:00Z
          cron-utils #66    | QUARTZ | 0 * * ? 5 1 *      | UTC              \
          | 2016-01-11T00:00Z      | 2016-05-01T00:00Z
          cron-utils #66    | QUARTZ | 0 * * ? * 1 2099   | UTC              \
          | 2098-12-01T00:00Z      | 2099-01-04T00:00Z
          cron-utils #69    | UNIX   | 0 * * * 1-5        | America/Chicago  \
          | 2016-02-29T11:00-06:00 | 2016-02-29T18:00Z
          cron-utils #75    | QUARTZ | 0 0 0 1W * ?       | UTC              \
          | 2016-04-15T00:00Z      | 2016-05-02T00:00Z 2016-06-01T00:00Z
          cron-utils #79    | UNIX   | 0 8 * * 1          | Europe/Ljubljana \
          | 2014-11-30T00:00+01:00 | 2014-12-01T07:00Z
          cron-utils #92    | UNIX   | 1 0 * * tue        | UTC              \
          | 2016-05-24T01:02:50Z   | 2016-05-31T00:01Z
          cron-utils #112   | UNIX   | * * * * *          | America/Sao_Paulo \
          | 2016-02-20T23:00-03:00 | 2016-02-21T02:01Z
          cron-utils #123   | QUARTZ | 0 5/15 * * * ? *   | UTC              \
          | 2016-07-30T15:00:00.000000527Z | 2016-07-30T15:05Z
          cron-utils #138   | QUARTZ | 0 0 0 ? * SUN      | UTC              \
          | 2016-12-28T23:00Z      | 2017-01-01T00:00Z
          cron-utils #153   | QUARTZ | 0 0 8 31 * ?       | UTC              \
          | 2017-04-10T00:00Z      | 2017-05-31T08:00Z
          cron-utils #160   | QUARTZ | 32 23 14 * * ?     | UTC              \
          | 2100-11-08T14:23:31Z   | 2100-11-08T14:23:32Z
          cron-utils #215   | QUARTZ | 0 0 8 ? * MON-FRI  | UTC              \
          | 2017-06-30T10:00Z      | 2017-07-03T08:00Z
          cron-utils #223   | UNIX   | 0 9 */1 * 3        | UTC              \
          | 2017-09-20T09:00Z      | 2017-09-27T09:00Z
          cron-utils #228   | UNIX   | 0 9 1-7 * 1        | UTC              \
          | 2017-09-29T12:00Z      | 2017-10-01T09:00Z 2017-10-02T09:00Z
          cron-utils #253   | UNIX   | * * * * *          | Europe/Berlin    \
          | 2017-10-29T02:30+01:00 | 2017-10-29T01:31Z
          cron-utils #430   | QUARTZ | 0 0 12 30 6 ? 2020/10 | UTC           \
          | 2020-06-30T12:00Z      | 2030-06-30T12:00Z
          cron-utils #446   | UNIX   | 0 2 25 10 *        | Europe/Rome      \
          | 2020-10-25T02:00+02:00 | 2021-10-25T00:00Z
          cron-utils #610   | QUARTZ | 0 0 0 * * ?        | UTC              \
          | 2123-11-09T06:13Z      | 2123-11-10T00:00Z
          cron-utils #623   | QUARTZ | 0 0 23 * * ? *     | Europe/Kiev      \
          | 2024-03-31T21:59:30+03:00 | 2024-03-31T20:00Z
          cron-utils #715   | QUARTZ | 0 0 0 31W * ?      | UTC              \
          | 2025-06-01T00:00Z      | 2025-07-31T00:00Z 2025-08-29T00:00Z 2025-10-31T00:00Z \
          2025-12-31T00:00Z 2026-01-30T00:00Z
          cron-utils        | UNIX   | 45 3 * * *         | Pacific/Chatham  \
          | 2024-09-28T00:00Z      | 2024-09-28T14:00Z 2024-09-29T14:00Z
          cron-utils        | UNIX   | 0 */2 * * *        | America/Caracas  \
          | 2016-05-01T05:00Z      | 2016-05-01T06:30Z 2016-05-01T08:00Z
          cron-utils        | QUARTZ | 0 0 22-2 * * ?     | UTC              \
          | 2026-01-01T22:00Z      | 2026-01-01T23:00Z 2026-01-02T00:00Z 2026-01-02T01:00Z \
          2026-01-02T02:00Z 2026-01-02T22:00Z
          Spring #26390     | SPRING | 0 0 * L * *        | UTC              \
          | 2021-01-30T00:00Z      | 2021-01-31T00:00Z
          Spring #27966     | SPRING | 0 0 0 1W * *       | UTC              \
          | 2021-12-15T00:00Z      | 2022-01-03T00:00Z 2022-02-01T00:00Z
          Spring #28038     | SPRING | 0 5 0 * * *        | Europe/Amsterdam \
          | 2021-03-28T01:00+01:00 | 2021-03-28T22:05Z
          Spring #36859     | SPRING | 0 0 */2 * * ?      | Africa/Cairo     \
          | 2025-04-24T22:00+02:00 | 2025-04-24T23:00Z
          Spring 7.0.8      | SPRING | 0 0 0 L-30 * *     | UTC              \
          | 2026-01-31T00:00Z      | 2026-03-01T00:00Z
          Spring 7.0.8      | SPRING | 0 0 0 31W * *      | UTC              \
          | 2025-08-28T00:00Z      | 2025-08-29T00:00Z
          Quartz #81        | QUARTZ | 0 * * * * ?        | Europe/Berlin    \
          | 2016-10-30T02:59+02:00 | 2016-10-30T01:00Z
          Quartz #1322      | QUARTZ | 0 30 15 1W * ?     | UTC              \
          | 2025-05-02T00:00Z      | 2025-06-02T15:30Z
          Quartz #1322      | QUARTZ | 0 30 15 4W * ?     | UTC              \
          | 2025-04-17T00:00Z      | 2025-05-05T15:30Z
          Quartz #1444      | QUARTZ | 0 0 0 1W * ? *     | Asia/Shanghai    \
          | 2023-01-01T00:00+08:00 | 2023-01-01T16:00Z
          Quartz 2.5.0      | QUARTZ | 0 0 0 L * ?        | UTC              \
          | 2026-01-31T00:00Z      | 2026-02-28T00:00Z 2026-03-31T00:00Z
          Quartz 2.5.0      | QUARTZ | 0 0 0 L 2 ?        | UTC              \
          | 2026-01-31T00:00Z      | 2026-02-28T00:00Z 2027-02-28T00:00Z 2028-02-29T00:00Z
          Quartz 2.5.2      | QUARTZ | 0 30 23 * * ?      | America/Scoresbysund \
          | 2025-03-29T12:00Z      | 2025-03-30T01:00Z 2025-03-31T00:30Z
          Quartz.NET #540   | QUARTZ | 0 0/15 * * * ?     | Europe/Berlin    \
          | 2017-10-29T00:45Z      | 2017-10-29T01:00Z 2017-10-29T01:15Z 2017-10-29T01:30Z \
          2017-10-29T01:45Z 2017-10-29T02:00Z
          Quartz.NET #587   | QUARTZ | 0 11 7 ? * SUN-SAT * | America/New_York \
          | 2017-11-04T07:11-04:00 | 2017-11-05T12:11Z
          Quartz.NET #2331  | QUARTZ | 0 0 12 15W * ?     | UTC              \
          | 2024-05-15T12:00Z      | 2024-06-14T12:00Z
          Quartz.NET #2475  | QUARTZ | 0 * * * * ?        | Europe/Amsterdam \
          | 2023-10-29T02:30:10+01:00 | 2023-10-29T01:31Z
          croner #54        | UNIX   | 0 0 * * sun        | UTC              \
          | 2022-02-17T00:00Z      | 2022-02-20T00:00Z
          croner #253       | SPRING | 0 0 0 * * 5L       | UTC              \
          | 2026-01-01T00:00Z      | 2026-01-30T00:00Z 2026-02-27T00:00Z
          croner #254       | SPRING | 0 0 0 * * 6#4      | UTC              \
          | 2024-08-24T00:00Z      | 2024-09-28T00:00Z
          croner #284       | SPRING | 0 0 * * * *        | UTC              \
          | 2025-10-05T02:00Z      | 2025-10-05T03:00Z
          croner #343       | SPRING | * * * * * *        | Europe/Vienna    \
          | 2025-10-26T02:59:58+02:00 | 2025-10-26T00:59:59Z 2025-10-26T01:00Z
          croniter #25      | UNIX   | 00 20 * * *        | Europe/Paris     \
          | 2022-10-30T00:00+02:00 | 2022-10-30T19:00Z 2022-10-31T19:00Z
          croniter #28      | UNIX   | 0 * * * *          | America/New_York \
          | 2022-03-13T01:00-05:00 | 2022-03-13T07:00Z
          croniter #70      | UNIX   | 0 0 1 * *          | Europe/Berlin    \
          | 2024-03-01T00:00+01:00 | 2024-03-31T22:00Z
          croniter #243     | UNIX   | 0 0 31 2 0         | UTC              \
          | 2026-01-01T00:00Z      | 2026-02-01T00:00Z
          taichino/croniter #19  | UNIX | */30 * * * *    | Europe/Athens    \
          | 2013-10-27T03:00+03:00 | 2013-10-27T00:30Z 2013-10-27T01:00Z 2013-10-27T01:30Z
          taichino/croniter #82  | UNIX | 0 0 * * *       | Europe/Warsaw    \
          | 2017-03-26T00:00+01:00 | 2017-03-26T22:00Z
          taichino/croniter #87  | UNIX | 0 0 * * *       | America/Sao_Paulo \
          | 2018-02-17T00:05-02:00 | 2018-02-18T03:00Z
          taichino/croniter #91  | UNIX | 30 * * * *      | Europe/Vienna    \
          | 2017-10-29T02:30+02:00 | 2017-10-29T01:30Z 2017-10-29T02:30Z
          taichino/croniter #147 | UNIX | 0 1 * * *       | Europe/Berlin    \
          | 2020-10-24T00:00+02:00 | 2020-10-23T23:00Z 2020-10-24T23:00Z 2020-10-26T00:00Z
          taichino/croniter #178 | UNIX | 0 0 */10 * *    | UTC              \
          | 2021-02-21T00:00Z      | 2021-03-01T00:00Z
          Prefect PR 5957   | UNIX   | 0 0 * * 0          | America/Santiago \
          | 2022-08-28T00:00-04:00 | 2022-09-04T04:00Z
          cronie #191       | UNIX   | 0 0 1,15 * 5       | UTC              \
          | 2026-01-01T00:00Z      | 2026-01-02T00:00Z 2026-01-09T00:00Z 2026-01-15T00:00Z
          cronie #218       | UNIX   | 0 12 * * 0         | Europe/Berlin    \
          | 2022-03-24T12:00+01:00 | 2022-03-27T10:00Z
          systemd #8647     | UNIX   | * * * * *          | Australia/Sydney \
          | 2018-03-31T15:59:59Z   | 2018-03-31T16:00Z 2018-03-31T16:01Z
          systemd #13745    | SPRING | 0 30 2/4 * * *     | Australia/Sydney \
          | 2019-10-06T00:00+10:00 | 2019-10-05T19:30Z
          systemd #22665    | SPRING | 0 0 4 1/5 * *      | Asia/Seoul       \
          | 2022-02-28T01:00+09:00 | 2022-02-28T19:00Z
          systemd #36897    | UNIX   | 0 * * * *          | Europe/Dublin    \
          | 2025-10-26T01:00+01:00 | 2025-10-26T01:00Z 2025-10-26T02:00Z
          cron-parser #29   | UNIX   | 0 23 * * 5         | Europe/Stockholm \
          | 2014-10-23T00:00Z      | 2014-10-24T21:00Z 2014-10-31T22:00Z
          cron-parser #404  | UNIX   | 0 5 * * 7          | Europe/Rome      \
          | 2025-03-28T23:59:59Z   | 2025-03-30T03:00Z
          Cronos #5         | SPRING | 0 0/15 * * * *     | Europe/Berlin    \
          | 2017-10-29T00:45Z      | 2017-10-29T01:00Z 2017-10-29T01:15Z
          Cronos #71        | SPRING | 0 0 2 * * 0        | Europe/Berlin    \
          | 2024-10-27T00:30Z      | 2024-11-03T01:00Z
          Hangfire #567     | UNIX   | * * * * *          | Europe/London    \
          | 2016-10-30T00:59Z      | 2016-10-30T01:00Z
          robfig/cron PR 541 | UNIX  | 0 2 * * *          | America/Los_Angeles \
          | 2025-03-08T12:00-08:00 | 2025-03-09T10:00Z 2025-03-10T09:00Z
          dragonmantank #154 | UNIX  | 30 07 * * *        | America/New_York \
          | 2023-03-11T08:00-05:00 | 2023-03-12T11:30Z
          dragonmantank #196 | UNIX  | 00 01 * * *        | America/Los_Angeles \
          | 2024-11-03T01:15-07:00 | 2024-11-04T09:00Z
          dragonmantank #202 | UNIX  | 0 10 * * *         | America/Chicago  \
          | 2025-03-08T09:00-06:00 | 2025-03-08T16:00Z 2025-03-09T15:00Z
          maennchen/crontab PR 132 | SPRING | 0 0 9 * * mon#5 | UTC          \
          | 2024-10-22T00:00Z      | 2024-12-30T09:00Z
          kelektiv/cron     | UNIX   | 0 1 * * *          | America/Argentina/Mendoza \
          | 1992-10-17T18:00-04:00 | 1992-10-18T04:00Z
          JobRunr 8.1       | UNIX   | * * * * *          | America/New_York \
          | 2026-11-01T01:30:15-05:00 | 2026-11-01T06:31Z
          """)
  void next_isRightWhereAnotherLibraryWasWrong(
      String where, CronDialect dialect, String cron, ZoneId zone, String after, String expected) {
    CronRuns.assertNext(dialect, cron, zone, after, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cron-utils #65    | QUARTZ | 0 30 12 1 9 ? 2010 | UTC              \
          | 2016-01-08T00:00Z      | 2010-09-01T12:30Z
          cron-utils #123   | QUARTZ | 0 5/15 * * * ? *   | UTC              \
          | 2016-07-30T15:00:00.000000527Z | 2016-07-30T14:50Z
          cron-utils #123   | QUARTZ | 0 0/15 * * * ? *   | UTC              \
          | 2016-07-30T15:00:00.000000527Z | 2016-07-30T15:00Z
          cron-utils #312   | QUARTZ | 0 0 20 * * ? *     | UTC              \
          | 2018-02-28T20:00:00.1Z | 2018-02-28T20:00Z
          cron-utils #402   | QUARTZ | 0 0 0 1 3 ? 2001/2 | UTC              \
          | 2015-01-15T00:00Z      | 2013-03-01T00:00Z
          taichino/croniter #90  | UNIX | 00 00 * * 6     | Australia/Sydney \
          | 2017-10-03T02:07Z      | 2017-09-29T14:00Z 2017-09-22T14:00Z
          taichino/croniter #116 | UNIX | 0 8 * * 1,2,3,4,5 | America/New_York \
          | 2018-11-04T05:00-05:00 | 2018-11-02T12:00Z 2018-11-01T12:00Z
          cron-parser #378  | UNIX   | 0 2 * * *          | America/New_York \
          | 2020-03-08T03:01-04:00 | 2020-03-08T07:00Z 2020-03-07T07:00Z
          """)
  void previous_isRightWhereAnotherLibraryWasWrong(
      String where, CronDialect dialect, String cron, ZoneId zone, String before, String expected) {
    CronRuns.assertPrevious(dialect, cron, zone, before, expected);
  }
}
