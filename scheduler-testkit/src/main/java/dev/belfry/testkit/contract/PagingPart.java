// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.NodeId;
import dev.belfry.run.Page;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.store.Claimed;
import dev.belfry.store.Ending;
import dev.belfry.store.JobStore;
import dev.belfry.store.NewRun;
import dev.belfry.store.Outcome;
import dev.belfry.store.RunRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Pages show each run once, whatever happens between them and within them. */
abstract class PagingPart extends ContractPart {
  private static final int RUNS = 120;

  PagingPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private List<RunId> insertMany(int count) {
    List<NewRun> runs = IntStream.range(0, count).mapToObj(i -> newRun()).toList();
    store.insert(runs);
    return runs.stream().map(NewRun::id).sorted(Comparator.reverseOrder()).toList();
  }

  /** Reads all pages, with something done between them. */
  private List<RunId> pages(RunQuery query, Runnable between) {
    var seen = new ArrayList<RunId>();
    RunQuery next = query;
    while (true) {
      Page<RunRecord> page = store.runs(next);
      page.items().forEach(record -> seen.add(record.run().id()));
      if (!page.more()) {
        return seen;
      }
      assertThat(page.items()).hasSize(query.limit());
      next = query.olderThan(seen.get(seen.size() - 1));
      between.run();
    }
  }

  @RepeatedTest(3)
  void pages_showEachRunOnce_whileOthersAreInsertedAndRunsMoveBetween(RepetitionInfo repetition) {
    var random = new SplittableRandom(repetition.getCurrentRepetition());
    NodeId node = join();
    List<RunId> there = insertMany(RUNS);
    Runnable change =
        () -> {
          insertMany(random.nextInt(5));
          for (Claimed claimed : claim(node, random.nextInt(12))) {
            end(node, claimed, anyEnding(random));
          }
          there.stream().skip(random.nextInt(RUNS)).limit(1).forEach(this::cancel);
        };
    change.run();

    for (int limit : new int[] {1, 7, 50}) {
      List<RunId> seen = pages(RunQuery.all().limit(limit), change);

      assertThat(seen).as("pages of %d", limit).containsAll(there);
      assertThat(seen).isSortedAccordingTo(Comparator.reverseOrder()).doesNotHaveDuplicates();
    }
  }

  private static Ending anyEnding(SplittableRandom random) {
    return switch (random.nextInt(6)) {
      case 0 -> failed();
      case 1 -> new Ending.Cancelled("x");
      case 2 -> new Ending.Blocked("x");
      case 3 -> retriedIn(Duration.ZERO);
      case 4 -> handedBack();
      default -> done();
    };
  }

  @Test
  void page_showsEachRunOnce_whileRunsEnd() throws Exception {
    NodeId node = join();
    List<RunId> there = insertMany(RUNS * 4);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<?> ending = thread.submit(() -> endAll(node));
      boolean last = false;
      while (!last) {
        last = ending.isDone();
        assertThat(pages(RunQuery.all().limit(RUNS), () -> {})).isEqualTo(there);
        assertThat(pages(RunQuery.ofJob(JOB).limit(1_000), () -> {})).isEqualTo(there);
      }
      ending.get(30, TimeUnit.SECONDS);
    } finally {
      thread.shutdownNow();
    }
  }

  private void endAll(NodeId node) {
    for (List<Claimed> some = claim(node, 5); !some.isEmpty(); some = claim(node, 5)) {
      List<Outcome> outcomes =
          some.stream()
              .map(c -> new Outcome(c.id(), c.fence(), done(), ranFor(Duration.ZERO)))
              .toList();
      store.exchange(node, outcomes, List.of());
    }
  }
}
