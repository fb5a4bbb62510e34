// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronDialectTest {
  private static final ZoneId UTC = ZoneId.of("UTC");
  private static final ZonedDateTime NEW_YEAR = ZonedDateTime.of(2026, 1, 1, 0, 0, 0, 0, UTC);

  /** The dates of the next runs from 2026-01-01 on, without the year where it is 2026. */
  private static String dates(CronExpression cron, int count) {
    return cron.stream(NEW_YEAR.minusNanos(1))
        .limit(count)
        .map(run -> run.toLocalDate().toString().replace("2026-", ""))
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SPRING | 0 0 0 L * *         | 01-31 02-28 03-31 04-30
          SPRING | 0 0 0 L-30 * *      | 01-01 03-01 05-01 07-01
          SPRING | 0 0 0 L-3,15 * *    | 01-15 01-28 02-15 02-25
          SPRING | 0 0 0 LW * *        | 01-30 02-27 03-31 04-30 05-29
          SPRING | 0 0 0 15W * *       | 01-15 02-16 03-16 04-15 05-15
          SPRING | 0 0 0 1W * *        | 01-01 02-02 03-02 04-01 05-01 06-01 07-01 08-03
          SPRING | 0 0 0 31W * *       | 01-30 03-31 05-29 07-31 08-31 10-30
          SPRING | 0 0 0 * * 5L        | 01-30 02-27 03-27
          SPRING | 0 0 0 * * FRIL,1#1  | 01-05 01-30 02-02 02-27
          SPRING | 0 0 0 * * MON#5     | 03-30 06-29 08-31
          SPRING | 0 0 0 13 * FRI      | 02-13 03-13 11-13
          SPRING | 0 0 0 * * */2       | 01-02 01-04 01-05 01-07 01-09
          SPRING | 0 0 0 * * 0/2       | 01-01 01-03 01-04 01-06
          SPRING | 0 0 0 * * FRI-SUN   | 01-02 01-03 01-04 01-09
          SPRING | 0 0 0 * * 7-2       | 01-04 01-05 01-06 01-11
          SPRING | 0 0 0 5/10 * ?      | 01-05 01-15 01-25 02-05
          SPRING | 0 0 0 L * MON#1     | ''
          SPRING | @weekly             | 01-04 01-11
          QUARTZ | 0 0 0 ? * 1         | 01-04 01-11
          QUARTZ | 0 0 0 ? * L         | 01-03 01-10
          QUARTZ | 0 0 0 ? * FRI-MON   | 01-02 01-03 01-04 01-05 01-09
          QUARTZ | 0 0 0 ? * 6L        | 01-30 02-27
          QUARTZ | 0 0 0 ? * 6#3       | 01-16 02-20
          QUARTZ | 0 0 0 L-3W * ?      | 01-28 02-25 03-27 04-27
          QUARTZ | 0 0 0 1 NOV-FEB ?   | 01-01 02-01 11-01 12-01
          QUARTZ | 0 0 0 30-2 * ?      | 01-01 01-02 01-30 01-31 02-01
          QUARTZ | 0 0 0 1 1 ? 2030/4  | 2030-01-01 2034-01-01
          QUARTZ | 0 0 0 29 2 ? 2026-2028 | 2028-02-29
          QUARTZ | 0 0 0 29 2 ? 2026   | ''
          """)
  void next_readsTheDayFieldsOfTheDialect(CronDialect dialect, String text, String dates) {
    CronExpression cron = CronExpression.parse(text, dialect);

    assertThat(dates(cron, Math.max(dates.split(" ", -1).length, 1))).isEqualTo(dates);
    assertThat(cron.isNever()).isEqualTo(dates.isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SPRING | 30/15 0 12 * * *     | 12:00:30 12:00:45
          SPRING | */20 58-59 23 * * *  | 23:58 23:58:20 23:58:40 23:59 23:59:20 23:59:40
          QUARTZ | 0 0 22-3/2 * * ?     | 00:00 02:00 22:00
          QUARTZ | 58-1 0 0 ? * *       | 00:00 00:00:01 00:00:58 00:00:59
          """)
  void next_readsTheTimeFieldsOfTheDialect(CronDialect dialect, String text, String times) {
    var day = CronExpression.parse(text, dialect).between(NEW_YEAR, NEW_YEAR.plusDays(1));

    assertThat(day.map(run -> run.toLocalTime().toString()).collect(Collectors.joining(" ")))
        .isEqualTo(times);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          UNIX   | 0 3 * * *            | SPRING | 0 0 3 * * *
          UNIX   | 0 3 * * 1-5          | QUARTZ | 0 0 3 ? * 2-6
          UNIX   | 0 3 1 * *            | QUARTZ | 0 0 3 1 * ?
          UNIX   | 0 3 * * 0            | QUARTZ | 0 0 3 ? * 1
          UNIX   | 0 3 * * */2          | SPRING | 0 0 3 * * 0,2,4,6
          UNIX   | */15 * * * *         | QUARTZ | 0 */15 * * * ?
          UNIX   | 5-5 3 * * *          | SPRING | 0 5-5 3 * * *
          UNIX   | 0 0 1-7 * */7        | SPRING | 0 0 0 1-7 * 0
          UNIX   | 0 0 1-31 * MON       | QUARTZ | 0 0 0 * * ?
          SPRING | 0 0 0 *,L,15W * *,MON#1 | UNIX | 0 0 * * *
          SPRING | 0 0 0 1-7 * SUN      | UNIX   | 0 0 1-7 * */7
          SPRING | 0 0 0 */2 * MON      | UNIX   | 0 0 */2 * 1
          SPRING | 0 0 0 L * *          | QUARTZ | 0 0 0 L * ?
          SPRING | 0 0 0 * * 5L,1#2     | QUARTZ | 0 0 0 ? * 2#2,6L
          SPRING | 0 0/5 9-17 * * MON   | UNIX   | */5 9-17 * * 1
          QUARTZ | 0 0 12 ? * L         | SPRING | 0 0 12 * * 6
          QUARTZ | 0 0 12 LW * ?        | SPRING | 0 0 12 LW * *
          """)
  void to_writesTheSameRunsInAnotherDialect(
      CronDialect from, String text, CronDialect to, String converted) {
    CronExpression cron = CronExpression.parse(text, from);

    assertThat(cron.to(to)).hasToString(converted).isEqualTo(cron);
    assertThat(CronExpression.parse(converted, to)).isEqualTo(cron).hasToString(converted);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          UNIX   | 0 0 13 * FRI      | SPRING | can't convert "0 0 13 * 5": the SPRING dialect \
          can't say a day of the month or a day of the week, whichever comes first
          UNIX   | 0 0 */2 * MON     | QUARTZ | can't convert "0 0 */2 * 1": the QUARTZ dialect \
          can't say a day of the month and a day of the week together
          SPRING | 5 0 0 * * *       | UNIX   | can't convert "5 0 0 * * *": the UNIX dialect \
          can't say seconds other than 0
          SPRING | 0 0 0 L * *       | UNIX   | can't convert "0 0 0 L * *": the UNIX dialect \
          can't say L, W and #
          SPRING | 0 0 0 13 * FRI    | UNIX   | can't convert "0 0 0 13 * 5": the UNIX dialect \
          can't say a day of the month and a day of the week together
          QUARTZ | 0 0 0 1 1 ? 2030  | SPRING | can't convert "0 0 0 1 1 ? 2030": the SPRING \
          dialect can't say years
          QUARTZ | 0 0 0 L-3W * ?    | SPRING | can't convert "0 0 0 L-3W * ?": the SPRING \
          dialect can't say L-nW
          """)
  void to_refusesWhatTheDialectCannotSay(
      CronDialect from, String text, CronDialect to, String message) {
    CronExpression cron = CronExpression.parse(text, from);

    assertThatIllegalArgumentException().isThrownBy(() -> cron.to(to)).withMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SPRING | 0 0 0 L-0 * *          | 0 0 0 L * *
          SPRING | 0 0 0 l,3w,1 jan *     | 0 0 0 1,3W,L 1 *
          SPRING | 0 0/10 * ? * sunl      | 0 */10 * * * 0L
          SPRING | 0 0 0 * * MON#1,TUE    | 0 0 0 * * 2,1#1
          QUARTZ | 0 0 0 ? * sun,mon *    | 0 0 0 ? * 1,2
          QUARTZ | 0 0 0 ? * ?,1          |
          QUARTZ | 0 0 0 * * ? 1970-2199  | 0 0 0 * * ?
          QUARTZ | 0 0 0 1W 1 ? 2026,2027,2028,2030 | 0 0 0 1W 1 ? 2026-2028,2030
          """)
  void toString_isCanonicalInTheDialect(CronDialect dialect, String text, String canonical) {
    assertThat(CronExpression.tryParse(text, dialect).expression().map(CronExpression::toString))
        .isEqualTo(Optional.ofNullable(canonical));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SPRING | 0 0 0 31 1,3,5,7,8,10,12 *    | SPRING | 0 0 0 31W,31 * *      | false
          SPRING | 0 0 0 28-31 2 MON             | SPRING | 0 0 0 28,29 2 1       | true
          SPRING | 0 0 0 L 4,6,9,11 *            | UNIX   | 0 0 30 4,6,9,11 *     | true
          SPRING | 0 0 0 L-27 2 *                | SPRING | 0 0 0 1,2 2 *         | false
          SPRING | 0 0 0 * * MON#1               | SPRING | 0 0 0 1-7 * MON       | true
          QUARTZ | 0 0 0 29 2 ? 2026-2028        | QUARTZ | 0 0 0 29 2 ? 2028     | true
          QUARTZ | 0 0 0 29 2 ? 2026             | UNIX   | 0 0 30 2 *            | true
          QUARTZ | 0 0 0 1 1 ? 2026              | QUARTZ | 0 0 0 1 1 ? 2027      | false
          SPRING | 0 0 3 * * *                   | UNIX   | 0 3 * * *             | true
          SPRING | 1 0 3 * * *                   | UNIX   | 0 3 * * *             | false
          """)
  void equals_isByMeaningWhateverTheDialect(
      CronDialect first, String one, CronDialect second, String other, boolean equal) {
    CronExpression a = CronExpression.parse(one, first);
    CronExpression b = CronExpression.parse(other, second);

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
          UNIX   | * * * * *         | PT1M      | PT1M
          UNIX   | */7 * * * *       | PT4M      | PT7M
          UNIX   | 0 3 * * *         | PT24H     | PT24H
          UNIX   | 0 9,17 * * 1-5    | PT8H      | PT64H
          UNIX   | 0 0 1 * *         | PT672H    | PT744H
          UNIX   | 0 0 29 2 *        | PT35064H  | PT70104H
          SPRING | */10 * * * * *    | PT10S     | PT10S
          QUARTZ | 0 0 0 1 1 ? 2026,2028 | PT17520H | PT17520H
          QUARTZ | 0 0 0 1 1 ? 2026  |           |
          UNIX   | 0 0 30 2 *        |           |
          """)
  void intervals_areTheShortestAndTheLongestOfTheCalendar(
      CronDialect dialect, String text, Duration shortest, Duration longest) {
    CronExpression cron = CronExpression.parse(text, dialect);

    assertThat(cron.shortestInterval()).isEqualTo(Optional.ofNullable(shortest));
    assertThat(cron.longestInterval()).isEqualTo(Optional.ofNullable(longest));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SPRING | * * * * * *           | every second
          SPRING | */10 * * * * *        | every 10 seconds
          SPRING | 30 * * * * *          | at second 30 of every minute
          SPRING | */10 * 9-17 * * *     | every 10 seconds in hours 9 to 17
          SPRING | 0,30 0,1 * * * *      | every 30 seconds in minutes 0 and 1 of every hour
          SPRING | 5 */15 9-17 * * *     | at second 5 in minutes 0, 15, 30 and 45 in hours 9 to 17
          SPRING | 30 0 3 * * *          | at 03:00:30 every day
          SPRING | 0 0 0 L * *           | at 00:00 on the last day of the month
          SPRING | 0 0 0 L-3 2 *         | at 00:00 on the last day but 3 of February
          SPRING | 0 0 0 1,LW * *        | at 00:00 on day 1 and the last weekday of the month
          SPRING | 0 0 0 15W * *         | at 00:00 on the weekday nearest to day 15 of the month
          SPRING | 0 0 0 * * 5L          | at 00:00 on the last Friday of the month
          SPRING | 0 0 0 * 3 MON#2       | at 00:00 on the second Monday of the month in March
          SPRING | 0 0 0 13 * FRI        | at 00:00 on day 13 of the month if it is Friday
          QUARTZ | 0 0 12 L-2W * ?       | at 12:00 on the weekday nearest to the last day but 2 \
          of the month
          QUARTZ | 0 0 12 ? * 2-6 2026-2028,2030 | at 12:00 on Monday to Friday, only 2026 to 2028 \
          and 2030
          """)
  void describe_saysItInWords(CronDialect dialect, String text, String words) {
    assertThat(CronExpression.parse(text, dialect).describe()).isEqualTo(words);
  }

  @Test
  void describe_speaksOtherLanguages() {
    var texts = new TreeMap<>(CronWording.english().texts());
    texts.put("at", "um {0} {1}");
    texts.put("on", "am {0}");
    texts.put("range", "{0} bis {1}");
    var german = CronWording.of(Locale.GERMAN, texts);

    assertThat(CronExpression.parse("0 3 * * 1-5").describe(german))
        .isEqualTo("um 03:00 am Montag bis Freitag");
  }

  @Test
  void wording_needsEachText() {
    var texts = new TreeMap<>(CronWording.english().texts());
    texts.remove("at");
    texts.put("um", "um {0}");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> CronWording.of(Locale.GERMAN, texts))
        .withMessage("texts must have the keys of the English ones; missing: [at], unknown: [um]");
  }

  @Test
  void next_leavesAGapOutIfToldSo() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    CronExpression cron = CronExpression.parse("30 2 * * *");
    ZonedDateTime before = Instant.parse("2026-03-28T12:00:00Z").atZone(berlin);
    ZonedDateTime after = Instant.parse("2026-03-29T12:00:00Z").atZone(berlin);

    assertThat(cron.next(before, DstPolicy.SKIP))
        .map(ZonedDateTime::toInstant)
        .contains(Instant.parse("2026-03-30T00:30:00Z"));
    assertThat(cron.previous(after, DstPolicy.SKIP))
        .map(ZonedDateTime::toInstant)
        .contains(Instant.parse("2026-03-28T01:30:00Z"));
  }

  @Test
  void between_takesTheStartAndLeavesTheEnd() {
    CronExpression cron = CronExpression.parse("@hourly");

    assertThat(cron.between(NEW_YEAR, NEW_YEAR.plusHours(3)))
        .isEqualTo(List.of(NEW_YEAR, NEW_YEAR.plusHours(1), NEW_YEAR.plusHours(2)));
  }
}
