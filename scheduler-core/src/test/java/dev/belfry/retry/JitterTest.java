// SPDX-License-Identifier: Apache-2.0
package dev.belfry.retry;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.LongSummaryStatistics;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JitterTest {
  private static LongSummaryStatistics millis(Jitter jitter, Duration delay, Duration max) {
    return LongStream.range(0, 10_000)
        .map(seed -> jitter.apply(delay, max, seed).toMillis())
        .summaryStatistics();
  }

  private static void assertSpread(LongSummaryStatistics millis, long min, long max) {
    long tolerance = (max - min) / 100;
    assertThat(millis.getMin()).isBetween(min, min + tolerance);
    assertThat(millis.getMax()).isBetween(max - tolerance, max);
    assertThat(millis.getAverage())
        .isBetween((min + max) / 2.0 - tolerance, (min + max) / 2.0 + tolerance);
  }

  @Test
  void apply_usesTheWholeSpread() {
    assertSpread(millis(Jitter.full(), ofSeconds(60), ofHours(1)), 0, 60_000);
    assertSpread(millis(Jitter.equal(), ofSeconds(60), ofHours(1)), 30_000, 60_000);
    assertSpread(millis(Jitter.proportional(0.1), ofSeconds(60), ofHours(1)), 54_000, 66_000);
  }

  @Test
  void apply_losesNeitherCapNorSpreadAtTheCap() {
    assertSpread(millis(Jitter.full(), ofHours(9), ofSeconds(60)), 0, 60_000);
    assertSpread(millis(Jitter.equal(), ofHours(9), ofSeconds(60)), 30_000, 60_000);
    assertSpread(millis(Jitter.proportional(0.5), ofHours(9), ofSeconds(60)), 20_000, 60_000);
  }

  @Test
  void apply_isNeverNegative() {
    assertThat(millis(Jitter.proportional(1), ofSeconds(1), ofHours(1)).getMin()).isNotNegative();
    assertThat(Jitter.full().apply(ZERO, ZERO, 7)).isEqualTo(ZERO);
  }

  @Test
  void apply_leavesTheWaitAloneWithoutJitter() {
    assertThat(Jitter.none().apply(ofSeconds(17), ofHours(1), 7)).isEqualTo(ofSeconds(17));
    assertThat(Jitter.none().apply(ofHours(2), ofHours(1), 7)).isEqualTo(ofHours(1));
  }

  @Test
  void apply_isTheSameOnEveryMachine() {
    assertThat(Jitter.full().apply(ofSeconds(60), ofHours(1), 42))
        .isEqualTo(Duration.parse("PT44.493892S"));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.01, Double.NaN})
  void proportional_refusesAShareOutOfRange(double share) {
    assertThatThrownBy(() -> Jitter.proportional(share))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("share must be above 0 and at most 1, was " + share);
  }

  @Test
  void toString_isInWords() {
    assertThat(Jitter.none()).hasToString("no jitter");
    assertThat(Jitter.proportional(0.1)).hasToString("proportional 0.1 jitter");
  }
}
