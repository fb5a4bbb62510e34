// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.Job;
import dev.belfry.JobContext;
import dev.belfry.run.TypeRef;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Handlers are called alone, and single jobs, without waiting. */
class TestContextTest {
  record Order(String id) {}

  private final List<String> charged = new ArrayList<>();

  private void bill(JobContext ctx, Order order) {
    ctx.step("charge", () -> charged.add(order.id()));
    ctx.sleep("cool-down", Duration.ofDays(30));
    ctx.note("order", order.id());
  }

  @Test
  void handler_isCalledToItsEnd() {
    TestContext.of(new Order("7"))
        .run(this::bill)
        .completed()
        .note("order", "7")
        .step("charge")
        .done();

    assertThat(charged).containsExactly("7");
  }

  @Test
  void handlerThatReturns_isAskedForItsResult() {
    TestContext.of(new TypeRef<List<String>>() {}, List.of("a", "b"))
        .run(Integer.class, (ctx, list) -> ctx.step("count", Integer.class, list::size))
        .completed()
        .returned("2");
  }

  @Test
  void handlerThatFails_isNotCalledAgain() {
    TestContext.of(new Order("7"))
        .run(
            (ctx, order) -> {
              throw new IOException("declined");
            })
        .attempts(1)
        .failedWith("declined");
  }

  @Test
  void faults_befallAHandlerToo() {
    TestContext<Order> context = TestContext.of(new Order("7"));
    context.scheduler().faults().step("charge").failTimes(1, () -> new IOException("no network"));

    context.run(this::bill).failedWith("no network");

    assertThat(charged).isEmpty();
  }

  // Idempotence

  @Test
  void jobThatBearsToBeDoneAgain_isIdempotent() {
    Map<String, String> payments = new HashMap<>();
    Job<Order> job =
        Job.named("pay", Order.class)
            .handler((ctx, order) -> payments.put(ctx.idempotencyKey(), order.id()));

    TestScheduler.assertIdempotent(job, new Order("7"), () -> Map.copyOf(payments));

    assertThat(payments).hasSize(1);
  }

  @Test
  void jobThatDoesNot_isNamedWithWhatItDid() {
    Job<Order> job = Job.named("pay", Order.class).handler((ctx, order) -> charged.add(order.id()));

    assertThatThrownBy(
            () -> TestScheduler.assertIdempotent(job, new Order("7"), () -> List.copyOf(charged)))
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            "job \"pay\" is not idempotent: after a run there is [7], after the same run again"
                + " [7, 7]");
  }
}
