// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Texts of a million characters. They are read in a few milliseconds if each character is looked at
 * a few times, and in many minutes if each is looked at once for each of the others.
 */
class CronLongTextTest {
  private static final int LENGTH = 1_000_000;

  static Stream<String> repeated() {
    return Stream.of(
        " ", "*", "0", ",", "-", "/", "?", "#", "@", "x", "\0", "\uD83D", "1,", "*/1,", "0-59/7,",
        "MON,", "L-3,", "15W,", "FRI#2,", "@daily ", "1 ", ";");
  }

  @ParameterizedTest
  @MethodSource("repeated")
  @Timeout(20)
  void longText_isReadInOnePass(String part) {
    String many = part.repeat(LENGTH / part.length());

    for (CronDialect dialect : CronDialect.values()) {
      assertThat(CronExpression.tryParse(many, dialect)).isNotNull();
      assertThat(CronExpression.tryParse(inDayOfMonth(many, dialect), dialect)).isNotNull();
      assertThat(CronExpression.tryParse(inDayOfWeek(many, dialect), dialect)).isNotNull();
    }
    assertThatCode(() -> Schedule.parse("cron " + many + "* * * * * UTC"))
        .satisfiesAnyOf(
            thrown -> assertThat(thrown).isNull(),
            thrown -> assertThat(thrown).isInstanceOf(IllegalArgumentException.class));
  }

  private static String inDayOfMonth(String many, CronDialect dialect) {
    return switch (dialect) {
      case UNIX -> "* * " + many + "1 * *";
      case SPRING -> "0 * * " + many + "1 * *";
      case QUARTZ -> "0 * * " + many + "1 * ?";
    };
  }

  private static String inDayOfWeek(String many, CronDialect dialect) {
    return switch (dialect) {
      case UNIX -> "* * * * " + many + "1";
      case SPRING -> "0 * * * * " + many + "1";
      case QUARTZ -> "0 * * ? * " + many + "1";
    };
  }
}
