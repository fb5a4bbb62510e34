// SPDX-License-Identifier: Apache-2.0
package dev.belfry.retry;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The last value that is allowed, and the first that is not. */
class RetryBoundsTest {
  static Stream<Backoff> backoffs() {
    return Stream.of(
        new Backoff.Fixed(ofSeconds(1)),
        new Backoff.Linear(ofSeconds(1)),
        new Backoff.Exponential(ofSeconds(1), 2),
        new Backoff.Table(List.of(ofSeconds(1))));
  }

  @ParameterizedTest
  @MethodSource("backoffs")
  void delayAfter_refusesAnAttemptBeforeTheFirst(Backoff backoff) {
    assertThat(backoff.delayAfter(1)).isEqualTo(ofSeconds(1));
    assertThatThrownBy(() -> backoff.delayAfter(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("attempt must be at least 1 (the first attempt is 1), was 0");
  }

  @Test
  void multiplier_isFromOneToAHundred() {
    assertThat(new Backoff.Exponential(ofSeconds(1), 1).delayAfter(9)).isEqualTo(ofSeconds(1));
    assertThat(new Backoff.Exponential(ofSeconds(1), 100).delayAfter(2)).isEqualTo(ofSeconds(100));
    assertThatThrownBy(() -> new Backoff.Exponential(ofSeconds(1), 0.99))
        .hasMessage("multiplier must be from 1 to 100, was 0.99");
    assertThatThrownBy(() -> new Backoff.Exponential(ofSeconds(1), 100.01))
        .hasMessage("multiplier must be from 1 to 100, was 100.01");
  }

  @Test
  void oneAttemptAndNoPlan_areAllowed() {
    RetryPolicy policy = RetryPolicy.fixed(ofSeconds(1)).withMaxAttempts(1);

    assertThat(policy.plan(0, 1)).isEmpty();
    assertThat(policy.plan(1, 1)).isEmpty();
    assertThatThrownBy(() -> policy.plan(-1, 1))
        .hasMessage("attempts must not be negative, was -1");
  }

  @Test
  void maxElapsed_isWhatWasAskedFor() {
    RetryPolicy policy = RetryPolicy.fixed(ofSeconds(1));

    assertThat(policy.maxElapsed()).isEmpty();
    assertThat(policy.withMaxElapsed(ofMinutes(10)).maxElapsed()).contains(ofMinutes(10));
  }

  @Test
  void failureThatAsksForThePolicysOwnWait_isNotSaidToHaveAsked() {
    RetryPolicy policy = RetryPolicy.fixed(ofSeconds(30));

    assertThat(policy.decide(1, ZERO, new RetryAfterException(ofSeconds(30)), 1))
        .isEqualTo(
            new Decision.RetryAfter(
                ofSeconds(30), "attempt 1 of 5 failed, next after 30 s (fixed, no jitter)"));
    assertThat(policy.decide(1, ZERO, new RetryAfterException(ofSeconds(31)), 1))
        .isEqualTo(
            new Decision.RetryAfter(
                ofSeconds(31), "attempt 1 of 5 failed, next after 31 s (as the failure asked)"));
  }

  /** History shows a wait beside its policy, so no version may draw another one. */
  @Test
  void jitterOfASeedAndAttempt_isTheSameInEachVersion() {
    assertThat(RetryPolicy.defaults().plan(4, 42))
        .containsExactly(
            Duration.parse("PT7.664643S"),
            Duration.parse("PT18.491855S"),
            Duration.parse("PT30.228615S"),
            Duration.parse("PT1M19.03213S"));
  }

  @Test
  void words_changeUnitsAtTheirBorders() {
    assertThat(Delays.words(Duration.ofMillis(999))).isEqualTo("999 ms");
    assertThat(Delays.words(ofSeconds(59))).isEqualTo("59 s");
    assertThat(Delays.words(ofSeconds(60))).isEqualTo("1 min");
    assertThat(Delays.words(ofHours(1).minusSeconds(1))).isEqualTo("59 min 59 s");
    assertThat(Delays.words(ofHours(1))).isEqualTo("1 h");
    assertThat(Delays.words(ofDays(1).minusMinutes(1))).isEqualTo("23 h 59 min");
    assertThat(Delays.words(ofDays(1))).isEqualTo("1 d");
  }
}
