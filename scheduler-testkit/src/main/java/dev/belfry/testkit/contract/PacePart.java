// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.store.Claimed;
import dev.belfry.store.Declaration;
import dev.belfry.store.Ending;
import dev.belfry.store.JobStore;
import dev.belfry.store.Limit;
import dev.belfry.store.LimitKey;
import dev.belfry.store.NewRun;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** What the contracts of limits that are decided once for each run have in common. */
abstract class PacePart extends ContractPart {
  PacePart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  void declareLimits(Limit... limits) {
    store.declare(List.of(new Declaration(JOB, "default", 0, List.of(), List.of(limits))));
  }

  NewRun limited(LimitKey... keys) {
    return newRun().withLimits(List.of(keys));
  }

  List<RunId> insertLimited(int count, LimitKey... keys) {
    List<NewRun> runs = Stream.generate(() -> limited(keys)).limit(count).toList();
    store.insert(runs);
    return runs.stream().map(NewRun::id).toList();
  }

  /** Returns the runs that a claim has start. */
  List<RunId> started(List<Claimed> claimed) {
    return claimed.stream().filter(c -> c.skipped().isEmpty()).map(Claimed::id).toList();
  }

  /** Has a node end the runs that a claim has it end, and returns why. */
  List<String> skip(NodeId node, List<Claimed> claimed) {
    List<Claimed> dropped = claimed.stream().filter(c -> c.skipped().isPresent()).toList();
    for (Claimed each : dropped) {
      end(node, each, new Ending.Skipped(each.skipped().orElseThrow()));
    }
    return dropped.stream().map(c -> c.skipped().orElseThrow()).toList();
  }

  /** Has a node die, and its runs freed by the one that is returned. */
  NodeId death() {
    NodeId reaper = join();
    for (int i = 0; i < 4; i++) {
      advance(Duration.ofSeconds(5));
      store.renew(reaper, LEASE);
    }
    assertThat(store.reap(reaper, LEASE, 100)).isNotEmpty();
    return reaper;
  }
}
