// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.docs;

import static java.time.Duration.ofMinutes;

import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.StepOptions;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.testkit.TestScheduler;
import dev.belfry.testkit.junit.SchedulerTest;
import java.io.IOException;

/** The code in the guide on tests. */
class TestingTest {
  record Order(String id) {}

  private static final EventType<Order> ORDER_PLACED = EventType.of("order/placed", Order.class);

  private final Job<Order> billing =
      Job.named("billing", Order.class)
          .onEvent(ORDER_PLACED)
          .handler(
              (ctx, order) ->
                  ctx.step(
                      "charge",
                      StepOptions.retry(RetryPolicy.fixed(ofMinutes(1))),
                      step -> {
                        if (step.attempt() < 3) {
                          throw new IOException("declined");
                        }
                      }));

  @SchedulerTest(start = "2026-03-29T00:59:00Z")
  void billing_chargesThoughTheFirstTriesFail(TestScheduler t) {
    t.register(billing);
    t.send(ORDER_PLACED, new Order("7"));
    t.runDue(); // all that is due; time stands still
    t.enqueued("billing").times(1).with("{\"id\":\"7\"}");
    t.advance(ofMinutes(5)); // each thing at its time
    t.assertThatRun("billing").completed().step("charge").attempts(3);
  }
}
