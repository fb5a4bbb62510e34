// SPDX-License-Identifier: Apache-2.0
package dev.belfry.admin.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times and numbers as people read them. */
class WordsTest {
  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "PT0S, now",
    "PT0.9S, now",
    "PT1S, 1 s ago",
    "PT59S, 59 s ago",
    "PT60S, 1 min ago",
    "PT1H, 1 h ago",
    "PT47H59M, 47 h ago",
    "PT48H, 2 d ago",
    "P60D, 60 d ago",
    "P61D, 31 Dec 2025",
    "PT-5M, in 5 min",
    "PT-30H, in 30 h",
  })
  void relative_isInTheGreatestUnit(Duration ago, String words) {
    assertThat(Times.words(NOON.minus(ago), NOON)).isEqualTo(words);
  }

  @Test
  void relative_hasTheInstantAndItsZoneAsTitle() {
    assertThat(Times.relative(NOON.minusSeconds(90), NOON).markup())
        .isEqualTo(
            "<time datetime=\"2026-03-02T11:58:30Z\" title=\"Mon 2 Mar 2026, 11:58:30 UTC\""
                + " data-ago=\"\">1 min ago</time>");
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 ms", "PT0.0002S, <1 ms", "PT0.25S, 250 ms", "PT1.25S, 1.3 s", "PT9.9S, 9.9 s",
    "PT45S, 45 s", "PT2M, 2 min", "PT2M5S, 2 min 5 s", "PT26H, 1 d 2 h", "PT-2S, -2.0 s",
  })
  void span_isInTheTwoGreatestUnits(Duration time, String words) {
    assertThat(Times.span(time)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({"1, 100 %", "0, 0 %", "0.99996, 99.9 %", "0.00001, 0.1 %", "0.625, 62.5 %"})
  void percent_isWholeOnlyIfItIs(double share, String words) {
    assertThat(Numbers.percent(share)).isEqualTo(words);
  }

  @Test
  void durationsInSentences_areWritten() {
    assertThat(Sentence.words("60 starts in PT1M, at most P2DT3H; PX and PARENT stay"))
        .isEqualTo("60 starts in 1 min, at most 2 d 3 h; PX and PARENT stay");
  }
}
