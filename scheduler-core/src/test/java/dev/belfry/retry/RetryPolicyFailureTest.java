// SPDX-License-Identifier: Apache-2.0
package dev.belfry.retry;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Which failures a policy tries again. */
class RetryPolicyFailureTest {
  private static final RetryPolicy POLICY = RetryPolicy.fixed(ofSeconds(10));
  private static final Decision RETRY =
      new Decision.RetryAfter(
          ofSeconds(10), "attempt 1 of 5 failed, next after 10 s (fixed, no jitter)");

  private static Decision decide(RetryPolicy policy, Throwable failure) {
    return policy.decide(1, ZERO, failure, 0);
  }

  private static Decision.Fail notRetried(String type) {
    return new Decision.Fail("attempt 1 of 5 failed with " + type + ", which is not retried");
  }

  @Test
  void anyFailure_isRetriedWithoutARule() {
    assertThat(decide(POLICY, new Exception())).isEqualTo(RETRY);
    assertThat(decide(POLICY, new AssertionError())).isEqualTo(RETRY);
  }

  @Test
  void failOn_endsTheRunAlongTheChainOfCauses() {
    RetryPolicy policy = POLICY.failOn(IOException.class);

    assertThat(decide(policy, new IOException())).isEqualTo(notRetried("IOException"));
    assertThat(decide(policy, new FileNotFoundException()))
        .isEqualTo(notRetried("FileNotFoundException"));
    assertThat(decide(policy, new CompletionException(new UncheckedIOException(new IOException()))))
        .isEqualTo(notRetried("IOException"));
    assertThat(decide(policy, new IllegalStateException())).isEqualTo(RETRY);
  }

  @Test
  void failOn_namesAnAnonymousType() {
    Exception failure =
        new IOException() {
          private static final long serialVersionUID = 1L;
        };

    assertThat(decide(POLICY.failOn(IOException.class), failure))
        .isEqualTo(notRetried("RetryPolicyFailureTest$1"));
  }

  @Test
  void retryOn_makesEverythingElseFail() {
    RetryPolicy policy = POLICY.retryOn(IOException.class);

    assertThat(decide(policy, new UncheckedIOException(new IOException()))).isEqualTo(RETRY);
    assertThat(decide(policy, new IllegalStateException()))
        .isEqualTo(notRetried("IllegalStateException"));
  }

  @Test
  void rules_letTheMostSpecificTypeDecideWhateverTheOrder() {
    RetryPolicy one = POLICY.failOn(FileNotFoundException.class).retryOn(IOException.class);
    RetryPolicy other = POLICY.retryOn(IOException.class).failOn(FileNotFoundException.class);

    for (RetryPolicy policy : new RetryPolicy[] {one, other}) {
      assertThat(decide(policy, new IOException())).isEqualTo(RETRY);
      assertThat(decide(policy, new FileNotFoundException()))
          .isEqualTo(notRetried("FileNotFoundException"));
    }
  }

  @Test
  void rules_letTheLastOfEqualTypesDecide() {
    assertThat(
            decide(POLICY.failOn(IOException.class).retryOn(IOException.class), new IOException()))
        .isEqualTo(RETRY);
  }

  @Test
  void rules_letTheOutermostExceptionDecide() {
    RetryPolicy policy = POLICY.discardOn(IllegalStateException.class).failOn(IOException.class);

    assertThat(decide(policy, new IllegalStateException(new IOException())))
        .isEqualTo(
            new Decision.Discard(
                "attempt 1 of 5 failed with IllegalStateException, which discards the run"));
  }

  @Test
  void pauseJobOn_pausesTheJob() {
    assertThat(decide(POLICY.pauseJobOn(SecurityException.class), new SecurityException()))
        .isEqualTo(
            new Decision.PauseJob(
                "attempt 1 of 5 failed with SecurityException, which pauses the job"));
  }

  @Test
  void failIf_isAskedForEachCause() {
    RetryPolicy policy = POLICY.failIf(e -> "gone".equals(e.getMessage()));

    assertThat(decide(policy, new Exception(new IOException("gone"))))
        .isEqualTo(notRetried("IOException"));
    assertThat(decide(policy, new Exception("busy"))).isEqualTo(RETRY);
  }

  @Test
  void failIf_countsATestThatThrowsAsFalse() {
    RetryPolicy policy =
        POLICY.failIf(
            e -> {
              throw new IllegalStateException("broken test");
            });

    assertThat(decide(policy, new Exception())).isEqualTo(RETRY);
  }

  @Test
  @SuppressWarnings("ReferenceEquality") // that very exception is meant
  void causes_mayFormACircle() {
    Exception inner = new Exception("inner");
    Exception outer = new Exception("outer", inner);
    inner.initCause(outer);

    assertThat(decide(POLICY.failOn(IOException.class), outer)).isEqualTo(RETRY);
    assertThat(decide(POLICY.failIf(e -> e == inner), outer)).isEqualTo(notRetried("Exception"));
  }

  @Test
  void nonRetryable_failsWhateverThePolicy() {
    RetryPolicy policy = POLICY.retryOn(RuntimeException.class).withUnlimitedAttempts();
    Exception failure = new NonRetryableException("no such user", new IOException());

    assertThat(decide(policy, new IllegalStateException(failure)))
        .isEqualTo(
            new Decision.Fail("attempt 1 failed with NonRetryableException, which is not retried"));
  }

  @Test
  void retryAfter_waitsForTheLongerOfBoth() {
    assertThat(decide(POLICY, new RetryAfterException(ofMinutes(2))))
        .isEqualTo(
            new Decision.RetryAfter(
                ofMinutes(2), "attempt 1 of 5 failed, next after 2 min (as the failure asked)"));
    assertThat(decide(POLICY, new RetryAfterException(ofSeconds(2)))).isEqualTo(RETRY);
    assertThat(decide(POLICY, new RetryAfterException(ofSeconds(-2)))).isEqualTo(RETRY);
  }

  @Test
  void retryAfter_mayExceedTheLongestWaitButNotADay() {
    RetryPolicy policy = POLICY.withMaxDelay(ofSeconds(10));

    assertThat(decide(policy, new RetryAfterException(ofHours(2))))
        .extracting("delay")
        .isEqualTo(ofHours(2));
    assertThat(decide(policy, new RetryAfterException(Duration.ofSeconds(Long.MAX_VALUE))))
        .extracting("delay")
        .isEqualTo(ofHours(24));
    assertThat(decide(RetryPolicy.fixed(ofDays(3)), new RetryAfterException(ofDays(9))))
        .extracting("delay")
        .isEqualTo(ofDays(3));
  }

  @Test
  void retryAfter_isNeverEarly() {
    assertThat(decide(POLICY, new RetryAfterException(ofSeconds(20).plusNanos(1))))
        .extracting("delay")
        .isEqualTo(ofSeconds(20).plusNanos(1_000));
  }

  @Test
  void retryAfter_usesUpTheAttempt() {
    assertThat(POLICY.decide(5, ZERO, new RetryAfterException(ofMinutes(2)), 0))
        .isEqualTo(new Decision.Fail("attempt 5 of 5 failed, none is left"));
  }

  @Test
  void retryAfter_isRetriedThoughOnlyOtherTypesAre() {
    assertThat(decide(POLICY.retryOn(IOException.class), new RetryAfterException(ZERO)))
        .isEqualTo(RETRY);
  }

  @Test
  void snooze_needsNoAttempt() {
    assertThat(RetryPolicy.none().decide(1, ofDays(9), new SnoozeException(ofDays(2)), 0))
        .isEqualTo(new Decision.Snooze(ofDays(2)));
  }

  @Test
  void snooze_refusesADelayOutOfRange() {
    assertThatThrownBy(() -> new SnoozeException(ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("delay must be positive, was PT0S");
    assertThatThrownBy(() -> new SnoozeException(ofDays(366)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("delay must be at most 365 days, was PT8784H");
  }

  @Test
  void exceptions_haveAMessage() {
    assertThat(new RetryAfterException(ofSeconds(30))).hasMessage("retry after PT30S");
    assertThat(new SnoozeException(ofMinutes(5))).hasMessage("snooze for PT5M");
    assertThat(new RetryAfterException("busy", ofNanos(1), new IOException()).delay())
        .isEqualTo(ofNanos(1));
  }

  @Test
  @SuppressWarnings("unchecked")
  void rules_needAType() {
    assertThatThrownBy(() -> POLICY.failOn())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("types must not be empty");
  }
}
