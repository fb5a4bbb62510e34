// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.store.JobStore;
import dev.belfry.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code in the page on flow control. */
class FlowControlTest {
  record Order(String customer, int number) {}

  /** Where charges go in this test. */
  private static final class Payments {
    private final List<String> charged = new ArrayList<>();

    void charge(Order order) {
      charged.add(order.customer() + " " + order.number());
    }
  }

  @Test
  void charges_comeInTheOrderOfEachCustomer() {
    var payments = new Payments();
    Job<Order> charge =
        Job.named("charge", Order.class)
            .limitRuns(5) // at once, over all nodes
            .inOrder(Order::customer)
            .handler((ctx, order) -> payments.charge(order));
    VirtualTime time = VirtualTime.from(Instant.parse("2026-03-02T08:00:00Z"), 7);

    try (Scheduler scheduler =
        Scheduler.builder()
            .store(JobStore.inMemory(time.clock()))
            .host(time.newHost())
            .register(charge)
            .start()) {
      scheduler.enqueueAll(
          charge, List.of(new Order("ann", 1), new Order("bob", 1), new Order("ann", 2)));
      time.advance(Duration.ofSeconds(1));
    }

    assertThat(payments.charged).containsExactlyInAnyOrder("ann 1", "bob 1", "ann 2");
    assertThat(payments.charged).containsSubsequence("ann 1", "ann 2");
  }

  record Cart(String id) {}

  private static final EventType<String> CART_ORDERED =
      EventType.of("cart/ordered", String.class).keyedBy(cart -> cart);

  private final List<String> mails = new ArrayList<>();

  private void remind(Cart cart) {
    mails.add(cart.id());
  }

  @Test
  void reminders_areCancelledByAnOrder_orComeInTime() {
    Job<Cart> remind =
        Job.named("remind", Cart.class)
            .cancelOn(CART_ORDERED, Cart::id)
            .finishWithin(Duration.ofDays(3))
            .handler(
                (ctx, cart) -> {
                  ctx.sleep("a-day", Duration.ofDays(1));
                  ctx.step("mail", () -> remind(cart));
                });
    VirtualTime time = VirtualTime.from(Instant.parse("2026-03-02T08:00:00Z"), 7);

    try (Scheduler scheduler =
        Scheduler.builder()
            .store(JobStore.inMemory(time.clock()))
            .host(time.newHost())
            .register(remind)
            .start()) {
      scheduler.enqueueAll(remind, List.of(new Cart("ann's"), new Cart("bob's")));
      time.advance(Duration.ofHours(5));
      scheduler.send(CART_ORDERED, "ann's");
      time.advance(Duration.ofDays(2));
    }

    assertThat(mails).containsExactly("bob's");
  }
}
