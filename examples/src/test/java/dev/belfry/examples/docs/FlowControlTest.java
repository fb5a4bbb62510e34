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

  record Edit(String document, int number) {}

  /** Where documents go in this test. */
  private static final class Search {
    private final List<String> indexed = new ArrayList<>();

    void index(String document) {
      indexed.add(document);
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

  @Test
  void index_isMadeOfTheLastEdit() {
    var search = new Search();
    Job<Edit> index =
        Job.named("index", Edit.class)
            .debounce(Duration.ofSeconds(5), Edit::document) // the last of many edits in a row
            .throttle(100, Duration.ofMinutes(1)) // of all documents
            .handler((ctx, edit) -> search.index(edit.document()));
    VirtualTime time = VirtualTime.from(Instant.parse("2026-03-02T08:00:00Z"), 7);

    try (Scheduler scheduler =
        Scheduler.builder()
            .store(JobStore.inMemory(time.clock()))
            .host(time.newHost())
            .register(index)
            .start()) {
      scheduler.enqueueAll(index, List.of(new Edit("a", 1), new Edit("a", 2), new Edit("b", 1)));
      time.advance(Duration.ofSeconds(5));
      assertThat(search.indexed).hasSize(1); // each takes 0.6 s
      time.advance(Duration.ofSeconds(1));
    }

    assertThat(search.indexed).containsExactly("a", "b");
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
