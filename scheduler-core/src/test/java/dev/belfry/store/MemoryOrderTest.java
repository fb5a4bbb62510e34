// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryOrderTest {
  private final MemoryOrder<Integer> order = new MemoryOrder<>(Comparator.naturalOrder());
  private final TreeSet<Integer> model = new TreeSet<>();

  @Test
  void emptyOrder_hasNothing() {
    assertThat(order.first(e -> false)).isNull();
    assertThat(order.stream()).isEmpty();
    assertThat(order.downFrom(e -> true)).isEmpty();
  }

  @Test
  void upwards_isInOrder() {
    IntStream.range(0, 2_000).forEach(this::add);

    assertSame();
  }

  @Test
  void downwards_isInOrder() {
    IntStream.range(0, 2_000).forEach(i -> add(2_000 - i));

    assertSame();
  }

  @Test
  void downwardsInAGap_isInOrder() {
    IntStream.range(0, 2_000).map(i -> i < 1_024 ? i : i + 5_000).forEach(this::add);

    IntStream.range(0, 2_000).forEach(i -> add(5_000 - i));

    assertSame();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void addedAndRemovedAtRandom_isInOrder(long seed) {
    var random = new Random(seed);
    for (int step = 0; step < 20; step++) {
      for (int i = 0; i < 1_000; i++) {
        int element = random.nextInt(10_000);
        if (model.contains(element)) {
          remove(element);
        } else {
          add(element);
        }
      }
      assertSame();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void emptiedAtRandom_isInOrderToTheEnd(long seed) {
    IntStream.range(0, 3_000).forEach(this::add);
    var left = new ArrayList<>(model);
    Collections.shuffle(left, new Random(seed));

    for (int i = 0; i < left.size(); i++) {
      remove(left.get(i));
      if (i % 100 == 0) {
        assertSame();
      }
    }

    assertThat(order.stream()).isEmpty();
  }

  private void add(int element) {
    order.add(element);
    model.add(element);
  }

  private void remove(int element) {
    order.remove(element);
    model.remove(element);
  }

  private void assertSame() {
    assertThat(order.stream()).containsExactlyElementsOf(model);
    for (int place = -1; place < 10_001; place += 613) {
      int from = place;
      assertThat(order.first(e -> e < from)).isEqualTo(model.ceiling(from));
      assertThat(order.from(e -> e < from)).containsExactlyElementsOf(model.tailSet(from));
      assertThat(order.downFrom(e -> e < from))
          .containsExactlyElementsOf(model.headSet(from, false).descendingSet());
    }
  }
}
