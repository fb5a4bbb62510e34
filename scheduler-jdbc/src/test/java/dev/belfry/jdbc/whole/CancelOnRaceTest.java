// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.EventType;
import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.jdbc.EmptyDatabase;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.jdbc.Product;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An event that is sent after a run was inserted cancels it, whichever of the two is committed and
 * seen first, and whatever the run does then; one that was sent before does not.
 */
@Execution(ExecutionMode.CONCURRENT)
class CancelOnRaceTest {
  private static final int RUNS = Integer.getInteger("belfry.race.runs", 200);
  private static final EventType<Integer> STOP =
      EventType.of("stop", Integer.class).keyedBy(String::valueOf);
  private static final Job<Integer> WORK =
      Job.named("work", Integer.class)
          .cancelOn(STOP, String::valueOf)
          .handler(
              (ctx, number) -> {
                ctx.step("begin", () -> {});
                ctx.sleep("nap", Duration.ofHours(1));
              });

  private final Random random = new Random(7);

  @ParameterizedTest
  @MethodSource("dev.belfry.jdbc.Product#servers")
  void noRunIsMissed_andNoneThatCameLater_isCancelled(Product product) throws Exception {
    try (EmptyDatabase database = product.open();
        Scheduler one = start("one", database.pool());
        Scheduler two = start("two", database.pool())) {
      JdbcJobStore store = JdbcJobStore.using(database.pool());
      store.open();
      var cancelled = new ArrayList<RunId>();
      var untouched = new ArrayList<RunId>();
      for (int number = 0; number < RUNS; number++) {
        two.send(STOP, number);
        untouched.add(one.enqueue(WORK, -number - 1).id());
        cancelled.add(inserted(store, database.pool(), two, number).id());
      }

      awaitEnds(store, cancelled);
      assertThat(one.awaitIdle(Duration.ofSeconds(60))).isTrue();
      assertThat(statuses(store, cancelled)).containsOnly(Status.CANCELLED);
      assertThat(statuses(store, untouched)).containsOnly(Status.SCHEDULED);
      store.close();
    }
  }

  /**
   * Inserts a run in a transaction, and sends the event that cancels it before or after the commit.
   */
  private RunHandle inserted(JdbcJobStore store, DataSource pool, Scheduler two, int number)
      throws Exception {
    boolean sentBeforeTheCommit = random.nextBoolean();
    RunHandle run;
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      run = store.within(connection).enqueue(WORK, number);
      if (sentBeforeTheCommit) {
        two.send(STOP, number);
        spin(random.nextInt(6)); // it is delivered meanwhile, perhaps
      }
      connection.commit();
      connection.setAutoCommit(true);
    }
    if (!sentBeforeTheCommit) {
      spin(random.nextInt(3)); // the run is claimed meanwhile, perhaps
      two.send(STOP, number);
    }
    return run;
  }

  private static void spin(int millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private static void awaitEnds(JdbcJobStore store, List<RunId> runs) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!statuses(store, runs).stream().allMatch(Status::isFinal)
        && System.nanoTime() < deadline) {
      spin(50);
    }
  }

  private static List<Status> statuses(JdbcJobStore store, List<RunId> runs) {
    return store.runs(runs).stream().map(found -> found.run()).map(Run::status).toList();
  }

  private Scheduler start(String name, DataSource pool) {
    return Scheduler.builder()
        .name(name)
        .pollInterval(Duration.ofMillis(50))
        .store(JdbcJobStore.using(pool))
        .register(WORK)
        .start();
  }
}
