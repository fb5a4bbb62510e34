// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TallyTest {
  @Test
  void awaitAll_isTrueOnceAsManyRanAsWereExpected() throws InterruptedException {
    Tally tally = Tally.of(3);
    tally.ran(2);

    assertThat(tally.awaitAll(0)).isFalse();
    assertThat(tally.awaitFirst(0)).isEqualTo(tally.firstNanos());

    tally.ran(2);

    assertThat(tally.awaitAll(0)).isTrue();
    assertThat(tally.count()).isEqualTo(4);
  }

  @Test
  void awaitFirst_nothingRan_isAnError() {
    assertThatThrownBy(() -> Tally.of(1).awaitFirst(0)).hasMessage("no run was started within 0 s");
  }

  @Test
  void marking_takesAReadingAtTheFirstRunAndWheneverAMultipleIsReached() {
    var readings = new AtomicLong();
    Tally tally = Tally.of(100).marking(10, () -> new Reading(readings.incrementAndGet(), 0, 0));

    tally.ran(9);
    tally.ran(1);
    tally.ran(15);
    tally.ran(2);

    assertThat(tally.marks())
        .containsExactly(new Reading(1, 0, 0), new Reading(2, 0, 0), new Reading(3, 0, 0));
  }

  @Test
  void began_notesTheTimeSinceTheStamp() {
    Tally tally = Tally.of(1);

    tally.began(System.nanoTime() - 5_000_000);

    assertThat(tally.waits())
        .singleElement()
        .satisfies(wait -> assertThat(wait).isGreaterThan(5e6));
    assertThat(tally.count()).isEqualTo(1);
  }
}
