// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.On;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.jdbc.EmptyDatabase;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.jdbc.Product;
import dev.belfry.retry.RetryPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nodes that do not know each other's jobs end runs on a database: each dependant starts once. */
class DependantsTest {
  private static final int RUNS = 400;

  private final Map<String, Integer> starts = new ConcurrentHashMap<>();

  /** Every end has a hook and a dependant, and every other one another dependant. */
  private final CountDownLatch expected = new CountDownLatch(2 * RUNS + RUNS / 2);

  private final Job<Integer> parent =
      Job.named("parent", Integer.class)
          .retry(RetryPolicy.none())
          .onEnd((ctx, end) -> started("end " + end.run()))
          .handler(
              (ctx, number) -> {
                if (number % 2 == 1) {
                  throw new IOException("odd");
                }
              });
  private final Job<Integer> well =
      Job.named("well", Integer.class)
          .after(parent)
          .on(On.SUCCESS)
          .handler((ctx, number) -> started("well " + number));
  private final Job<Integer> anyway =
      Job.named("anyway", Integer.class)
          .after(parent)
          .on(On.ALWAYS)
          .handler((ctx, number) -> started("anyway " + number));

  private void started(String what) {
    starts.merge(what, 1, Integer::sum);
    expected.countDown();
  }

  @ParameterizedTest
  @MethodSource("dev.belfry.jdbc.Product#tested")
  void everyDependantStartsOnce(Product product) throws Exception {
    try (EmptyDatabase database = product.open()) {
      DataSource pool = database.pool();
      try (Scheduler one = start(pool, parent);
          Scheduler two = start(pool, parent);
          Scheduler three = start(pool, well);
          Scheduler four = start(pool, anyway)) {
        SchedulerClient.of(JdbcJobStore.using(pool), parent)
            .enqueueAll(parent, IntStream.range(0, RUNS).boxed().toList());

        assertThat(expected.await(60, TimeUnit.SECONDS)).as(() -> "started: " + starts).isTrue();
        for (Scheduler node : List.of(one, two, three, four)) {
          assertThat(node.awaitIdle(Duration.ofSeconds(30))).isTrue();
        }
      }
    }

    assertThat(starts.values()).containsOnly(1);
    assertThat(starts).hasSize(2 * RUNS + RUNS / 2);
  }

  private static Scheduler start(DataSource pool, Job<?> job) {
    return Scheduler.builder().store(JdbcJobStore.using(pool)).register(job).start();
  }
}
