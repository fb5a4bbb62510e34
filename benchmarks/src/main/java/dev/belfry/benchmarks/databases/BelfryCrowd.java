// SPDX-License-Identifier: Apache-2.0

package dev.belfry.benchmarks.databases;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.belfry.Job;
import dev.belfry.SchedulerClient;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.store.Claimed;
import dev.belfry.store.Demand;
import dev.belfry.store.Due;
import dev.belfry.store.Ending;
import dev.belfry.store.NewRun;
import dev.belfry.store.NodeCard;
import dev.belfry.store.Outcome;
import dev.belfry.store.PassReport;
import dev.belfry.store.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Fills Belfry's tables through its store. */
final class BelfryCrowd {
  private static final int BATCH = 1_000;

  /** Longer than any benchmark, so that nobody has to renew it. */
  private static final Duration LEASE = Duration.ofHours(12);

  private final JdbcJobStore store;
  private final SchedulerClient client;
  private final Job<@Nullable Void> job;

  BelfryCrowd(JdbcJobStore store, SchedulerClient client, Job<@Nullable Void> job) {
    this.store = store;
    this.client = client;
    this.job = job;
  }

  void make(int future, int running, int ended) {
    NodeId other = store.join(new NodeCard("other", "0", Set.of(job.name())), LEASE);
    for (int i = 0; i < ended; i += BATCH) {
      store.exchange(other, outcomes(claim(other, Math.min(BATCH, ended - i))), List.of());
    }
    for (int i = 0; i < running; i += BATCH) {
      claim(other, Math.min(BATCH, running - i));
    }
    Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
    for (int i = 0; i < future; i += BATCH) {
      insert(tomorrow.plusMillis(i), Math.min(BATCH, future - i));
    }
  }

  private List<Claimed> claim(NodeId node, int runs) {
    client.enqueueAll(job, Collections.<@Nullable Void>nCopies(runs, null));
    int lane =
        store.catalog().lanes().stream()
            .filter(one -> one.job().equals(job.name()))
            .findFirst()
            .orElseThrow()
            .id();
    var claimed = new ArrayList<Claimed>();
    while (claimed.size() < runs) {
      int left = runs - claimed.size();
      claimed.addAll(
          store
              .exchange(
                  node, List.of(), List.of(new Demand(List.of(new Demand.Quota(lane, left)), left)))
              .claimed());
    }
    return claimed;
  }

  private List<Outcome> outcomes(List<Claimed> runs) {
    var completed = new Ending.Completed(nothing());
    return runs.stream()
        .map(run -> new Outcome(run.id(), run.fence(), completed, PassReport.NOT_STARTED))
        .toList();
  }

  private void insert(Instant due, int runs) {
    var batch = new ArrayList<NewRun>(runs);
    for (int i = 0; i < runs; i++) {
      RunId id = RunId.of(System.currentTimeMillis(), i, ThreadLocalRandom.current().nextLong());
      batch.add(NewRun.of(id, job.name(), nothing()).withDue(new Due.At(due.plusMillis(i))));
    }
    store.insert(batch);
  }

  private Payload nothing() {
    return Payload.of(store.codec().id(), "null".getBytes(UTF_8));
  }
}
