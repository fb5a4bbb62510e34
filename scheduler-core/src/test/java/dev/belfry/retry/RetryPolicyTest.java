// SPDX-License-Identifier: Apache-2.0
package dev.belfry.retry;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPolicyTest {
  private static final long SEED = 42;

  private static Exception failure() {
    return new Exception("no route to host");
  }

  private static Decision decide(RetryPolicy policy, int attempt) {
    return policy.decide(attempt, ZERO, failure(), SEED);
  }

  private static Duration delay(RetryPolicy policy, int attempt, long seed) {
    return ((Decision.RetryAfter) policy.decide(attempt, ZERO, failure(), seed)).delay();
  }

  @Test
  void defaults_areFiveAttemptsTenSecondsDoublingToAnHourWithEqualJitter() {
    RetryPolicy policy = RetryPolicy.defaults();

    assertThat(policy.maxAttempts()).isEqualTo(OptionalInt.of(5));
    assertThat(policy.backoff()).isEqualTo(new Backoff.Exponential(ofSeconds(10), 2));
    assertThat(policy.maxDelay()).isEqualTo(ofHours(1));
    assertThat(policy.maxElapsed()).isEmpty();
    assertThat(policy.jitter()).isEqualTo(Jitter.equal());
    assertThat(policy)
        .hasToString("5 attempts, exponential PT10S x2.0, equal jitter, at most PT1H");
  }

  @Test
  void plan_showsEveryKindOfBackoff() {
    assertThat(RetryPolicy.fixed(ofSeconds(3)).plan(10, SEED))
        .containsExactly(ofSeconds(3), ofSeconds(3), ofSeconds(3), ofSeconds(3));
    assertThat(RetryPolicy.linear(ofSeconds(3)).withJitter(Jitter.none()).plan(3, SEED))
        .containsExactly(ofSeconds(3), ofSeconds(6), ofSeconds(9));
    assertThat(
            RetryPolicy.exponential(ofSeconds(20))
                .withMultiplier(3)
                .withMaxDelay(ofMinutes(2))
                .withJitter(Jitter.none())
                .plan(10, SEED))
        .containsExactly(ofSeconds(20), ofSeconds(60), ofSeconds(120), ofSeconds(120));
    assertThat(RetryPolicy.delays(ofSeconds(15), ofMinutes(1)).plan(10, SEED))
        .containsExactly(ofSeconds(15), ofMinutes(1));
    assertThat(RetryPolicy.delays(ofSeconds(15), ofMinutes(1)).withMaxAttempts(5).plan(10, SEED))
        .containsExactly(ofSeconds(15), ofMinutes(1), ofMinutes(1), ofMinutes(1));
    assertThat(RetryPolicy.none().plan(10, SEED)).isEmpty();
  }

  @Test
  void plan_isWhatDecideDoes() {
    RetryPolicy policy = RetryPolicy.defaults();

    assertThat(policy.plan(10, SEED))
        .containsExactly(
            delay(policy, 1, SEED),
            delay(policy, 2, SEED),
            delay(policy, 3, SEED),
            delay(policy, 4, SEED));
  }

  @Test
  void plan_endsAtTheTimeLimit() {
    RetryPolicy policy = RetryPolicy.fixed(ofMinutes(4)).withMaxElapsed(ofMinutes(10));

    assertThat(policy.plan(10, SEED)).containsExactly(ofMinutes(4), ofMinutes(4));
  }

  @Test
  void decide_saysWhy() {
    RetryPolicy policy = RetryPolicy.fixed(ofSeconds(17));

    assertThat(decide(policy, 2))
        .isEqualTo(
            new Decision.RetryAfter(
                ofSeconds(17), "attempt 2 of 5 failed, next after 17 s (fixed, no jitter)"));
    assertThat(decide(policy.withUnlimitedAttempts(), 200))
        .isEqualTo(
            new Decision.RetryAfter(
                ofSeconds(17), "attempt 200 failed, next after 17 s (fixed, no jitter)"));
    assertThat(decide(policy, 5))
        .isEqualTo(new Decision.Fail("attempt 5 of 5 failed, none is left"));
    assertThat(decide(RetryPolicy.none(), 1))
        .isEqualTo(new Decision.Fail("attempt 1 of 1 failed, none is left"));
  }

  @Test
  void decide_failsWhenCountedPastTheLastAttempt() {
    assertThat(decide(RetryPolicy.defaults(), Integer.MAX_VALUE))
        .isEqualTo(new Decision.Fail("attempt 2147483647 of 5 failed, none is left"));
  }

  @Test
  void decide_countsTheFirstAttempt() {
    RetryPolicy policy = RetryPolicy.fixed(ZERO).withMaxAttempts(2);

    assertThat(decide(policy, 1)).isInstanceOf(Decision.RetryAfter.class);
    assertThat(decide(policy, 2)).isInstanceOf(Decision.Fail.class);
  }

  @Test
  void decide_startsNoAttemptLaterThanTheTimeLimit() {
    RetryPolicy policy = RetryPolicy.fixed(ofMinutes(4)).withMaxElapsed(ofMinutes(10));

    assertThat(policy.decide(1, ofMinutes(6), failure(), SEED))
        .isInstanceOf(Decision.RetryAfter.class);
    assertThat(policy.decide(1, ofMinutes(6).plusNanos(1), failure(), SEED))
        .isEqualTo(
            new Decision.Fail(
                "attempt 1 of 5 failed, the next after 4 min would start later than 10 min after"
                    + " the first"));
    assertThat(policy.decide(1, ofDays(-1), failure(), SEED))
        .isInstanceOf(Decision.RetryAfter.class);
    assertThat(policy.decide(1, Duration.ofSeconds(Long.MAX_VALUE), failure(), SEED))
        .isInstanceOf(Decision.Fail.class);
    assertThat(policy.decide(1, Duration.ofSeconds(Long.MIN_VALUE), failure(), SEED))
        .isInstanceOf(Decision.RetryAfter.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {30, 31, 32, 33, 62, 63, 64, 65, 1_000, 1_024, 5_000, Integer.MAX_VALUE})
  void decide_neverOverflows(int attempt) {
    Duration year = ofDays(365);
    RetryPolicy steep = RetryPolicy.exponential(ofNanos(1)).withMultiplier(100).withMaxDelay(year);
    RetryPolicy long1 = RetryPolicy.linear(year).withMaxDelay(year);

    for (RetryPolicy policy : Set.of(RetryPolicy.defaults(), steep, long1)) {
      Duration delay = delay(policy.withUnlimitedAttempts(), attempt, SEED);
      assertThat(delay).isBetween(policy.maxDelay().dividedBy(2), policy.maxDelay());
      assertThat(Instant.parse("2026-01-01T00:00:00Z").plus(delay))
          .isBefore(Instant.parse("2027-01-02T00:00:00Z"));
    }
  }

  @Test
  void decide_staysWithinTheCapAndSpreadsThere() {
    Duration cap = ofSeconds(60);
    for (Jitter jitter : Set.of(Jitter.full(), Jitter.equal(), Jitter.proportional(0.5))) {
      RetryPolicy policy =
          RetryPolicy.exponential(ofSeconds(10))
              .withMaxDelay(cap)
              .withJitter(jitter)
              .withUnlimitedAttempts();

      Set<Duration> delays =
          LongStream.range(0, 1_000)
              .mapToObj(seed -> delay(policy, 20, seed))
              .collect(Collectors.toSet());

      assertThat(delays).as(jitter.toString()).hasSizeGreaterThan(990);
      assertThat(delays).allSatisfy(delay -> assertThat(delay).isBetween(ZERO, cap));
    }
  }

  @Test
  void decide_keepsTheCapForAnyCap() {
    for (long nanos : new long[] {1, 499, 999, 1_001, 1_499_999, 999_999_999, 60_000_000_001L}) {
      RetryPolicy policy = RetryPolicy.exponential(ofSeconds(10)).withMaxDelay(ofNanos(nanos));

      assertThat(delay(policy, 3, SEED)).isBetween(ZERO, ofNanos(nanos));
    }
  }

  @Test
  void decide_isRepeatable() {
    RetryPolicy policy = RetryPolicy.defaults();

    assertThat(decide(policy, 3)).isEqualTo(decide(policy, 3));
    assertThat(delay(policy, 3, 1)).isNotEqualTo(delay(policy, 3, 2));
  }

  @Test
  void exponential_isNotCutByTheUsualCapWhenItsFirstWaitIsLonger() {
    assertThat(RetryPolicy.exponential(ofHours(2)).maxDelay()).isEqualTo(ofHours(2));
    assertThat(RetryPolicy.fixed(ofHours(2)).plan(1, SEED)).containsExactly(ofHours(2));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void withMaxAttempts_refusesLessThanOne(int attempts) {
    assertThatThrownBy(() -> RetryPolicy.defaults().withMaxAttempts(attempts))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "maxAttempts must be at least 1 (1 = never retry), was "
                + attempts
                + "; withUnlimitedAttempts() has no limit");
  }

  @Test
  void withMultiplier_isRefusedUnlessExponential() {
    assertThatThrownBy(() -> RetryPolicy.fixed(ofSeconds(1)).withMultiplier(2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("only an exponential policy has a multiplier, this one is fixed");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.99, 0, -1, 101, Double.NaN, Double.POSITIVE_INFINITY})
  void withMultiplier_refusesAFactorOutOfRange(double multiplier) {
    assertThatThrownBy(() -> RetryPolicy.defaults().withMultiplier(multiplier))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("multiplier must be from 1 to 100, was " + multiplier);
  }

  @Test
  void factories_refuseWaitsOutOfRange() {
    assertRefused(() -> RetryPolicy.exponential(ZERO), "first must be positive, was PT0S");
    assertRefused(() -> RetryPolicy.linear(ZERO), "step must be positive, was PT0S");
    assertRefused(() -> RetryPolicy.fixed(ofSeconds(-1)), "delay must not be negative, was PT-1S");
    assertRefused(
        () -> RetryPolicy.fixed(ofDays(366)), "delay must be at most 365 days, was PT8784H");
    assertRefused(
        RetryPolicy::delays,
        "delays must not be empty; RetryPolicy.none() is the policy without a retry");
    assertRefused(
        () -> RetryPolicy.defaults().withMaxDelay(ZERO), "maxDelay must be positive, was PT0S");
    assertRefused(
        () -> RetryPolicy.defaults().withMaxElapsed(ZERO), "maxElapsed must be positive, was PT0S");
    assertRefused(
        () -> RetryPolicy.defaults().decide(0, ZERO, failure(), SEED),
        "attempt must be at least 1 (the first attempt is 1), was 0");
    assertRefused(
        () -> RetryPolicy.defaults().plan(-1, SEED), "attempts must not be negative, was -1");
  }

  private static void assertRefused(Runnable call, String message) {
    assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  @Test
  void equals_isByContent() {
    RetryPolicy policy = RetryPolicy.exponential(ofSeconds(10));

    assertThat(policy).isEqualTo(RetryPolicy.defaults()).hasSameHashCodeAs(RetryPolicy.defaults());
    assertThat(policy.withMaxAttempts(4)).isNotEqualTo(policy);
    assertThat(policy.failOn(Error.class)).isEqualTo(policy.failOn(Error.class));
  }

  @Test
  void toString_namesLimitsAndRules() {
    RetryPolicy policy =
        RetryPolicy.delays(ofSeconds(1), ofSeconds(2))
            .withUnlimitedAttempts()
            .withMaxElapsed(ofHours(1))
            .failOn(IllegalStateException.class);

    assertThat(policy)
        .hasToString(
            "unlimited attempts, table [PT1S, PT2S], no jitter, at most PT8760H, all within PT1H,"
                + " FAIL on java.lang.IllegalStateException");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 ms",
    "250, 250 ms",
    "1000, 1 s",
    "2500, 2.5 s",
    "17283, 17 s",
    "59700, 1 min",
    "60000, 1 min",
    "90000, 1 min 30 s",
    "3600000, 1 h",
    "3900000, 1 h 5 min",
    "90000000, 1 d 1 h",
  })
  void words_useTwoUnitsAtMost(long millis, String words) {
    assertThat(Delays.words(ofMillis(millis))).isEqualTo(words);
  }
}
