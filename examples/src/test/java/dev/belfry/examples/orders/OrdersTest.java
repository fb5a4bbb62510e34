// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.examples.ChildJvm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrdersTest {
  @TempDir Path folder;

  @Test
  void plainOrders_bookEachAcceptedOrderOnce() throws Exception {
    ChildJvm orders = ChildJvm.run(folder, PlainOrders.class);

    assertThat(orders.printed())
        .containsExactly(
            "attempt 1: o-1 is booked",
            "attempt 2: o-1 is booked",
            "o-2 was refused, and so is not booked either",
            "orders 1",
            "booked 4200");
    assertThat(orders.exitCode()).isZero();
  }

  @Test
  void springOrders_bookWhatSpringHasCommitted() throws Exception {
    ChildJvm orders = ChildJvm.run(folder, SpringOrders.class);

    assertThat(orders.printed()).containsExactly("orders [o-1, o-3]", "booked 5200");
    assertThat(orders.exitCode()).isZero();
  }
}
