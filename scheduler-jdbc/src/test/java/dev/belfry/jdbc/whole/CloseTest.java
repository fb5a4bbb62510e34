// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.Scheduler;
import dev.belfry.jdbc.EmptyDatabase;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.jdbc.Product;
import dev.belfry.jdbc.ToldPool;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Who has closed a scheduler may close its pool. */
@Execution(ExecutionMode.CONCURRENT)
class CloseTest {
  private static final Job<Void> PULSE =
      Job.named("pulse").schedule(CampaignNode.EACH_SECOND).handler(ctx -> {});

  private final CountDownLatch ticking = new CountDownLatch(1);
  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicInteger ended = new AtomicInteger();

  /** Returns a node whose first tick stands still in the middle of its transaction. */
  private Scheduler start(EmptyDatabase database) {
    return Scheduler.builder()
        .store(JdbcJobStore.using(ToldPool.of(database.pool(), this::listener)))
        .register(PULSE)
        .start();
  }

  private ToldPool.Listener listener() {
    var fires = new boolean[1];
    return (method, text) -> {
      if (text.startsWith("insert into belfry_tick ")) {
        fires[0] = true;
        ticking.countDown();
        gate.await();
      }
      if (method.equals("close") && fires[0]) {
        ended.incrementAndGet();
      }
    };
  }

  @Test
  void callUnderWay_endsBeforeTheSchedulerHasClosed() throws Exception {
    try (EmptyDatabase database = Product.POSTGRES.open()) {
      Scheduler scheduler = start(database);
      assertThat(ticking.await(20, TimeUnit.SECONDS)).isTrue();
      CompletableFuture<Integer> endedAtClose =
          CompletableFuture.supplyAsync(
              () -> {
                scheduler.close();
                return ended.get();
              });
      JdbcJobStore store = JdbcJobStore.using(database.pool());
      Await.until("the node has left", () -> store.nodes().isEmpty());

      gate.countDown();

      assertThat(endedAtClose.get(20, TimeUnit.SECONDS)).isEqualTo(1);
    }
  }

  @Test
  void callThatHangs_doesNotKeepTheSchedulerFromClosing() throws Exception {
    try (EmptyDatabase database = Product.POSTGRES.open()) {
      Scheduler scheduler = start(database);
      assertThat(ticking.await(20, TimeUnit.SECONDS)).isTrue();

      CompletableFuture<Void> closed = CompletableFuture.runAsync(scheduler::close);

      assertThat(closed).succeedsWithin(Duration.ofSeconds(20));
      assertThat(ended).hasValue(0);
      gate.countDown();
      Await.until("the tick is over", () -> ended.get() == 1); // the database goes next
    }
  }
}
