// SPDX-License-Identifier: Apache-2.0
package dev.belfry.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All forms of Retry-After. */
class RetryAfterTest {
  private static final Instant NOW = Instant.parse("1994-11-06T08:49:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "120|PT2M",
        " 120 |PT2M",
        "1.5|PT1.5S",
        "Sun, 06 Nov 1994 08:49:37 GMT|PT37S",
        "Sunday, 06-Nov-94 08:49:37 GMT|PT37S",
        "Sun Nov  6 08:49:37 1994|PT37S",
        "Wed Nov 16 08:49:00 1994|PT240H",
        "999999999|PT8760H", // at most a year
      })
  void parse_readsSecondsAndTheThreeDatesOfHttp(String text, Duration expected) {
    assertThat(RetryAfter.parse(text, NOW)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "-5",
        "soon",
        "1e9",
        "9999999999",
        "Sun, 06 Nov 1994 08:48:00 GMT",
        "Sun, 32 Nov 1994 08:49:37 GMT",
        "1994-11-06T08:50:00Z"
      })
  void parse_ofAnythingElse_orOfWhatHasPassed_isEmpty(String text) {
    assertThat(RetryAfter.parse(text, NOW)).isEmpty();
  }
}
