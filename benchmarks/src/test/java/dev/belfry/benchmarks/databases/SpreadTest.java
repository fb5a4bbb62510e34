// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void of_oddNumber_hasTheOneInTheMiddle() {
    assertThat(Spread.of(List.of(3.0, 1.0, 7.0))).isEqualTo(new Spread(1, 3, 7));
  }

  @Test
  void of_evenNumber_hasTheMeanOfTheTwoInTheMiddle() {
    assertThat(Spread.of(List.of(4.0, 1.0, 7.0, 3.0))).isEqualTo(new Spread(1, 3.5, 7));
  }

  @Test
  void of_nothing_isRefused() {
    assertThatThrownBy(() -> Spread.of(List.of())).hasMessage("a spread needs at least one value");
  }

  @Test
  void percentile_isTheNearestValueThatTheShareDoesNotExceed() {
    List<Double> hundred = IntStream.rangeClosed(1, 100).mapToObj(i -> 101.0 - i).toList();

    assertThat(Spread.percentile(hundred, 0.5)).isEqualTo(50);
    assertThat(Spread.percentile(hundred, 0.99)).isEqualTo(99);
    assertThat(Spread.percentile(hundred, 1)).isEqualTo(100);
    assertThat(Spread.percentile(List.of(8.0), 0.99)).isEqualTo(8);
  }
}
