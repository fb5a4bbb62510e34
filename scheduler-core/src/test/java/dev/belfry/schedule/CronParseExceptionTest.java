// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronParseExceptionTest {
  private static CronParseException failure(String text) {
    return catchThrowableOfType(CronParseException.class, () -> CronExpression.parse(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          60 * * * *      | minute       | 0  | 60    | field 1 (minute) is 60, allowed are 0-59
          0 24 * * *      | hour         | 2  | 24    | field 2 (hour) is 24, allowed are 0-23
          0 0 0 * *       | day of month | 4  | 0     | field 3 (day of month) is 0, allowed \
          are 1-31
          0 0 1 13 *      | month        | 6  | 13    | field 4 (month) is 13, allowed are 1-12 \
          or JAN-DEC
          0 0 * * 8       | day of week  | 8  | 8     | field 5 (day of week) is 8, allowed are \
          0-7 or SUN-SAT
          0 22-2 * * *    | hour         | 2  | 22-2  | field 2 (hour) has the reversed range \
          22-2; write 22-23,0-2
          0 0 * * FRI-SUN | day of week  | 8  | FRI-SUN | field 5 (day of week) has the \
          reversed range FRI-SUN; write 5-7
          0 0 * * FRI-MON | day of week  | 8  | FRI-MON | field 5 (day of week) has the \
          reversed range FRI-MON; write 5-6,0-1
          5/10 * * * *    | minute       | 0  | 5/10  | field 1 (minute) has a step after a \
          single value, 5/10; write 5-59/10
          */0 * * * *     | minute       | 2  | 0     | field 1 (minute) has step 0, allowed \
          are 1-59; steps start again each hour
          */90 * * * *    | minute       | 2  | 90    | field 1 (minute) has step 90, allowed \
          are 1-59; steps start again each hour
          1,,2 * * * *    | minute       | 2  | ``    | field 1 (minute) has an empty item in \
          its list
          1, * * * *      | minute       | 2  | ``    | field 1 (minute) has an empty item in \
          its list
          0 0 * * MONDAY  | day of week  | 8  | MONDAY | field 5 (day of week) is MONDAY, \
          allowed are 0-7 or SUN-SAT, *, ranges a-b, steps */n and a-b/n, and lists of these
          0 0 L * *       | day of month | 4  | L     | field 3 (day of month) is L, allowed \
          are 1-31, *, ranges a-b, steps */n and a-b/n, and lists of these
          0 0 ? * *       | day of month | 4  | ?     | field 3 (day of month) is ?, allowed \
          are 1-31, *, ranges a-b, steps */n and a-b/n, and lists of these
          +5 * * * *      | minute       | 0  | +5    | field 1 (minute) is +5, allowed are \
          0-59, *, ranges a-b, steps */n and a-b/n, and lists of these
          -5 * * * *      | minute       | 0  | -5    | field 1 (minute) is -5, allowed are \
          0-59, *, ranges a-b, steps */n and a-b/n, and lists of these
          \u0665 * * * *       | minute       | 0  | \u0665     | field 1 (minute) is \u0665, \
          allowed are 0-59, *, ranges a-b, steps */n and a-b/n, and lists of these
          */ * * * *      | minute       | 0  | */    | field 1 (minute) is */, allowed are \
          0-59, *, ranges a-b, steps */n and a-b/n, and lists of these
          1-5/2/3 * * * * | minute       | 0  | 1-5/2/3 | field 1 (minute) is 1-5/2/3, allowed \
          are 0-59, *, ranges a-b, steps */n and a-b/n, and lists of these
          99999999999 * * * * | minute   | 0  | 99999999999 | field 1 (minute) is 99999999999, \
          allowed are 0-59
          """)
  void parse_saysWhichFieldIsWrong(
      String text, String field, int index, String token, String problem) {
    CronParseException failure = failure(text);

    assertThat(failure).hasMessage("bad cron \"" + text + "\": " + problem);
    assertThat(failure.field()).contains(field);
    assertThat(failure.index()).isEqualTo(index);
    assertThat(failure.token()).isEqualTo(token);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``            | 0  | ``      | 5 fields expected (minute, hour, day of month, month, \
          day of week), was 0
          * * * *       | 7  | ``      | 5 fields expected (minute, hour, day of month, month, \
          day of week), was 4
          0 0 * * * MON | 10 | MON     | 5 fields expected (minute, hour, day of month, month, \
          day of week), was 6; there is no field for seconds
          * * * * * * * | 10 | *       | 5 fields expected (minute, hour, day of month, month, \
          day of week), was 7
          @reboot       | 0  | @reboot | unknown macro @reboot, allowed are @yearly, @annually, \
          @monthly, @weekly, @daily, @midnight, @hourly
          @daily x      | 7  | x       | nothing may follow a macro, was x
          """)
  void parse_saysWhatIsWrongWithTheWhole(String text, int index, String token, String problem) {
    CronParseException failure = failure(text);

    assertThat(failure).hasMessage("bad cron \"" + text + "\": " + problem);
    assertThat(failure.field()).isEqualTo(Optional.empty());
    assertThat(failure.index()).isEqualTo(index);
    assertThat(failure.token()).isEqualTo(token);
  }

  @Test
  void parse_countsFromTheStartOfTheText() {
    CronParseException failure = failure(" \t0 0  99\t* * ");

    assertThat(failure)
        .hasMessage("bad cron \"  0 0  99 * * \": field 3 (day of month) is 99, allowed are 1-31");
    assertThat(failure.index()).isEqualTo(7);
  }

  @Test
  void parse_refusesOtherBlanks() {
    assertThat(failure("0\u00a00 * * *"))
        .hasMessage(
            "bad cron \"0\u00a00 * * *\": 5 fields expected (minute, hour, day of month, month, day"
                + " of week), was 4");
  }

  @Test
  void parse_keepsTheMessageShortForAHugeText() {
    String list = "1,".repeat(1_000_000);
    CronParseException failure = failure(list + " * * * *");

    assertThat(failure)
        .hasMessage(
            "bad cron \""
                + "1,".repeat(30)
                + "...\": field 1 (minute) has an empty item in its list");
    assertThat(failure.index()).isEqualTo(2_000_000);
  }

  @Test
  void parse_takesAHugeList() {
    assertThat(CronExpression.parse("1,".repeat(1_000_000) + "2 * * * *"))
        .isEqualTo(CronExpression.parse("1,2 * * * *"));
  }
}
