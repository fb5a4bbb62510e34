// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.jdbc.EmptyDatabase;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.jdbc.Product;
import dev.belfry.run.Page;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Four nodes on one database share a limit, exactly. */
class LimitedNodesTest {
  private static final int RUNS = 600;
  private static final int AT_ONCE = 5;
  private static final Duration WORK = Duration.ofMillis(5);

  private final AtomicInteger going = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger starts = new AtomicInteger();
  private final Job<Integer> limited =
      Job.named("limited", Integer.class)
          .limitRuns(AT_ONCE)
          .handler(
              (ctx, number) -> {
                starts.incrementAndGet();
                most.accumulateAndGet(going.incrementAndGet(), Math::max);
                LockSupport.parkNanos(WORK.toNanos()); // the work
                going.decrementAndGet();
              });

  private Scheduler start(String name, EmptyDatabase database) {
    return Scheduler.builder()
        .name(name)
        .store(JdbcJobStore.using(database.pool()))
        .register(limited)
        .start();
  }

  @ParameterizedTest
  @MethodSource("dev.belfry.jdbc.Product#servers")
  void fourNodes_neverRunMoreThanTheLimit_andLeaveNothingBehind(Product product) throws Exception {
    try (EmptyDatabase database = product.open();
        Scheduler one = start("one", database);
        Scheduler two = start("two", database);
        Scheduler three = start("three", database);
        Scheduler four = start("four", database)) {
      List<RunId> runs =
          one.enqueueAll(limited, IntStream.range(0, RUNS).boxed().toList()).stream()
              .map(RunHandle::id)
              .toList();
      Await.until("all have ended", Duration.ofMinutes(2), () -> unended(one).items().isEmpty());

      assertThat(starts).hasValue(RUNS);
      assertThat(most.get()).isBetween(1, AT_ONCE);
      assertThat(mostAtOnce(one, runs)).isBetween(1, AT_ONCE);
      for (Scheduler other : List.of(two, three, four)) {
        assertThat(unended(other).items()).isEmpty();
      }
      assertThat(database.query("select run from belfry_held")).isEmpty();
      assertThat(database.query("select used from belfry_limit_slot where used <> 0")).isEmpty();
    }
  }

  private static Page<Run> unended(Scheduler scheduler) {
    return scheduler.runs(RunQuery.all().in(Status.SCHEDULED, Status.RUNNING));
  }

  /** Counts from history: from the claim, which has the slot, to the end, which gives it back. */
  private static int mostAtOnce(Scheduler scheduler, List<RunId> runs) {
    var changes = new TreeMap<Instant, Integer>();
    var passes = new ArrayList<Pass>();
    runs.forEach(run -> passes.addAll(scheduler.passes(run)));
    assertThat(passes).extracting(Pass::event).containsOnly(Pass.Event.COMPLETED);
    assertThat(passes).hasSize(RUNS);
    for (Pass pass : passes) {
      changes.merge(pass.startedAt(), 1, Integer::sum);
      changes.merge(pass.endedAt(), -1, Integer::sum);
    }
    int most = 0;
    int now = 0;
    for (int change : changes.values()) {
      now += change;
      most = Math.max(most, now);
    }
    return most;
  }
}
