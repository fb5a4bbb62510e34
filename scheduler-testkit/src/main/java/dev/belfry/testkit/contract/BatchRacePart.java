// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static dev.belfry.testkit.contract.ConcurrencyPart.inParallel;
import static dev.belfry.testkit.contract.ConcurrencyPart.persistently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.store.Claimed;
import dev.belfry.store.Declaration;
import dev.belfry.store.Demand;
import dev.belfry.store.JobStore;
import dev.belfry.store.Limit;
import dev.belfry.store.LimitKey;
import dev.belfry.store.NewRun;
import dev.belfry.store.Outcome;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many nodes form batches of the same runs: each run is in one of them, and none is left behind.
 */
@Timeout(60)
abstract class BatchRacePart extends ContractPart {
  private static final String LIMIT = Limit.Kind.BATCH.of("job send-email");
  private static final int KEYS = 3;
  private static final int SIZE = 10;
  private static final int RUNS = 360; // so many that only full batches start

  private final AtomicInteger roles = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final Queue<List<Claimed>> batches = new ConcurrentLinkedQueue<>();

  BatchRacePart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  @Test
  void fourNodes_startEachRunOnceAndInFullBatches() throws Exception {
    var limit = List.<Limit>of(new Limit.Batch(LIMIT, SIZE, Duration.ofHours(1)));
    store.declare(List.of(new Declaration(JOB, "default", 0, List.of(), limit)));
    List<NewRun> runs = IntStream.range(0, RUNS).mapToObj(this::ofSomeKey).toList();
    Demand demand = demand(2, quota(lane(JOB), 2));

    inParallel(
        5,
        () -> {
          if (roles.getAndIncrement() == 0) {
            for (int from = 0; from < RUNS; from += 12) {
              List<NewRun> some = runs.subList(from, from + 12);
              persistently(() -> store.insert(some));
            }
          } else {
            work(demand);
          }
          return true;
        });

    assertThat(batches).hasSize(RUNS / SIZE).allSatisfy(batch -> assertThat(batch).hasSize(SIZE));
    assertThat(batches)
        .allSatisfy(batch -> assertThat(batch.stream().map(Claimed::tags).distinct()).hasSize(1));
    Map<RunId, Integer> starts = new HashMap<>();
    batches.forEach(batch -> batch.forEach(run -> starts.merge(run.id(), 1, Integer::sum)));
    assertThat(starts).hasSize(RUNS).values().containsOnly(1);
  }

  /** Returns a run of a key, which is its label too. */
  private NewRun ofSomeKey(int number) {
    String key = "k" + number % KEYS;
    return newRun().withTags(List.of(key)).withLimits(List.of(new LimitKey(LIMIT, key)));
  }

  private void work(Demand demand) throws Exception {
    NodeId node = persistently(this::join);
    List<Outcome> outcomes = List.of();
    while (ended.get() < RUNS) {
      List<Outcome> last = outcomes;
      List<Claimed> claimed =
          persistently(() -> store.exchange(node, last, List.of(demand))).claimed();
      ended.addAndGet(last.size());
      Map<RunId, List<Claimed>> byBatch =
          claimed.stream().collect(Collectors.groupingBy(run -> run.batch().orElseThrow()));
      batches.addAll(byBatch.values());
      outcomes = claimed.stream().map(ConcurrencyPart::completion).toList();
    }
  }
}
