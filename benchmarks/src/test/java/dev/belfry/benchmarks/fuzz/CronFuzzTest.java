// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.code_intelligence.jazzer.mutation.annotation.WithUtf8Length;
import dev.belfry.schedule.CronDialect;
import dev.belfry.schedule.CronError;
import dev.belfry.schedule.CronExpression;
import dev.belfry.schedule.CronParseException;
import dev.belfry.schedule.Schedule;
import java.time.ZonedDateTime;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Jazzer makes up texts, led by the code that they reach. In the tests' own run only the texts
 * listed here are tried; the run named "fuzz" in pom.xml goes on from them.
 */
class CronFuzzTest {
  private static final ZonedDateTime NOON =
      ZonedDateTime.parse("2024-02-28T12:00:00-05:00[America/New_York]");

  @ValueSource(
      strings = {
        "*/15 0-5/2,8 1,15 JAN-MAR,6-9/2 mon-fri",
        "0 0 29 2 7",
        "@daily",
        "0 30 4/2 L-3,LW,15W 4/2 FRI#2,5L",
        "0 */5 22-2 ? NOV-FEB 2#5 2024-2040/2",
        "0 0 0 L-3W * ? *",
        "cron 30 2 * * * Europe/Berlin; catch-up skip",
        "every 15m"
      })
  @DictionaryEntries({
    " ", "*", "?", "/2", "/7", "-3", "-9", ",1", ",L", "L-", "W", "#1", "MON", "SUN", "JAN", "DEC",
    "59", "23", "31", "12", "2199", "@yearly", "@hourly"
  })
  @FuzzTest(maxDuration = "30s", maxExecutions = 50_000)
  void anyText_isReadOrRefused(@NotNull @WithUtf8Length(max = 80) String text) {
    try {
      for (CronDialect dialect : CronDialect.values()) {
        readOrRefuse(text, dialect);
      }
      readOrRefuse(text);
    } catch (Throwable e) {
      throw new AssertionError("the text is \"" + escaped(text) + "\"", e);
    }
  }

  private static void readOrRefuse(String text, CronDialect dialect) {
    CronExpression cron;
    try {
      cron = CronExpression.parse(text, dialect);
    } catch (CronParseException e) {
      CronError error = e.error();
      assertThat(text.startsWith(error.token(), error.index())).as("%s", error).isTrue();
      return;
    }
    assertThat(CronExpression.parse(cron.toString(), dialect)).isEqualTo(cron);
    assertThat(cron.describe()).isNotBlank();
    cron.next(NOON)
        .ifPresent(
            run -> {
              assertThat(run).isAfter(NOON);
              assertThat(cron.matches(run)).as("matches(%s)", run).isTrue();
            });
  }

  private static void readOrRefuse(String text) {
    Schedule schedule;
    try {
      schedule = Schedule.parse(text);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    assertThat(Schedule.parse(schedule.toString())).isEqualTo(schedule);
  }

  /** The text as it can be written in a test. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.chars()
        .forEach(
            c -> escaped.append(c >= ' ' && c <= '~' ? "" + (char) c : "\\u%04x".formatted(c)));
    return escaped.toString();
  }
}
