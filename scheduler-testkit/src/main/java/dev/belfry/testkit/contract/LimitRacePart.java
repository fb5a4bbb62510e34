// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static dev.belfry.testkit.contract.ConcurrencyPart.inParallel;
import static dev.belfry.testkit.contract.ConcurrencyPart.persistently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import dev.belfry.store.Declaration;
import dev.belfry.store.Demand;
import dev.belfry.store.JobStore;
import dev.belfry.store.Limit;
import dev.belfry.store.LimitKey;
import dev.belfry.store.NewRun;
import dev.belfry.store.Outcome;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Limits hold over many nodes, and none of their runs is left behind. */
@Timeout(60)
abstract class LimitRacePart extends ContractPart {
  private final AtomicInteger roles = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();

  LimitRacePart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  @Test
  void limitOfFive_neverHasSix() throws Exception {
    var runs = new ArrayList<NewRun>();
    for (int i = 0; i < 400; i++) {
      runs.add(limited("mail"));
    }

    assertThat(most(runs)).containsOnlyKeys("mail").allSatisfy(this::isAtMostFive);
  }

  @Test
  void limitsOfManyKeys_neverHaveSix() throws Exception {
    var runs = new ArrayList<NewRun>();
    for (int i = 0; i < 300; i++) {
      runs.add(i % 2 == 0 ? limited("mail-" + i % 3) : limited("mail-" + i % 3, "disk-" + i % 5));
    }

    assertThat(most(runs)).hasSize(8).allSatisfy(this::isAtMostFive);
  }

  private void isAtMostFive(String key, int most) {
    assertThat(most).as(key).isLessThanOrEqualTo(5);
  }

  /** Returns a run with keys of one limit, which are its labels too. */
  private NewRun limited(String... keys) {
    return newRun()
        .withTags(List.of(keys))
        .withLimits(List.of(keys).stream().map(key -> new LimitKey("limit", key)).toList());
  }

  /** Has runs done by four nodes, and returns the most that somebody saw running, by key. */
  private Map<String, Integer> most(List<NewRun> runs) throws Exception {
    var limit = List.<Limit>of(new Limit.Slots("limit", 5));
    store.declare(List.of(new Declaration(JOB, "default", 0, List.of(), limit)));
    store.insert(runs);
    Demand demand = demand(4, quota(lane(JOB), 4));
    var most = new HashMap<String, Integer>();
    for (NewRun run : runs) {
      run.tags().forEach(key -> most.put(key, 0));
    }

    inParallel(
        5,
        () -> {
          if (roles.getAndIncrement() == 0) {
            watch(most, runs.size());
          } else {
            work(demand, runs.size());
          }
          return true;
        });

    assertThat(ended).hasValue(runs.size());
    return most;
  }

  private void work(Demand demand, int count) throws Exception {
    NodeId node = persistently(this::join);
    List<Outcome> outcomes = List.of();
    while (ended.get() < count) {
      List<Outcome> last = outcomes;
      var exchanged = persistently(() -> store.exchange(node, last, List.of(demand)));
      ended.addAndGet(last.size());
      outcomes = exchanged.claimed().stream().map(ConcurrencyPart::completion).toList();
    }
  }

  private void watch(Map<String, Integer> most, int count) {
    while (ended.get() < count) {
      var now = new HashMap<String, Integer>();
      store
          .runs(RunQuery.all().in(Status.RUNNING).limit(100))
          .items()
          .forEach(record -> record.run().tags().forEach(key -> now.merge(key, 1, Integer::sum)));
      now.forEach((key, running) -> most.merge(key, running, Math::max));
    }
  }
}
