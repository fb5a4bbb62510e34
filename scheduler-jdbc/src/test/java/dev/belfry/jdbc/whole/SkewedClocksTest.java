// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.EnqueueOptions;
import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerEvent;
import dev.belfry.host.Host;
import dev.belfry.jdbc.EmptyDatabase;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.jdbc.Product;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two nodes whose clocks are two hours apart do what they would do with one clock. */
@Execution(ExecutionMode.CONCURRENT)
class SkewedClocksTest {
  private final Map<RunId, Instant> starts = new ConcurrentHashMap<>();
  private final Queue<SchedulerEvent> events = new ConcurrentLinkedQueue<>();
  private final BlockingQueue<Instant> ticks = new LinkedBlockingQueue<>();

  @ParameterizedTest
  @MethodSource("dev.belfry.jdbc.Product#servers")
  void clocksThatAreAnHourWrong_changeNothing(Product product) throws Exception {
    try (EmptyDatabase database = product.open()) {
      JdbcJobStore store = JdbcJobStore.using(database.pool());
      Job<Integer> work =
          Job.named("work", Integer.class)
              .handler((ctx, number) -> starts.put(ctx.runId(), store.now()));
      Job<Void> pulse =
          Job.named("pulse")
              .schedule(CampaignNode.EACH_SECOND)
              .handler(ctx -> ticks.add(ctx.dueAt()));
      var handles = new ArrayList<RunHandle>();
      var audit = new Audit();
      try (Scheduler early = start("early", database, ofHours(-1), work, pulse);
          Scheduler late = start("late", database, ofHours(1), work, pulse)) {
        Instant begin = store.now();
        for (Scheduler node : List.of(early, late)) {
          handles.add(node.enqueue(work, 1));
          handles.add(node.enqueue(work, 2, EnqueueOptions.after(ofSeconds(2))));
        }
        for (int tick = 0; tick < 6; tick++) { // three leases
          assertThat(ticks.poll(20, TimeUnit.SECONDS)).as("tick %d", tick).isNotNull();
        }
        for (RunHandle handle : handles) {
          assertThat(handle.await(ofSeconds(20))).isPresent();
        }
        Instant end = store.now();
        assertThat(early.awaitIdle(ofSeconds(20))).isTrue();
        audit
            .acknowledged(store, handles.stream().map(RunHandle::id).toList())
            .ticks(store, "pulse", CampaignNode.EACH_SECOND, begin, end);
        for (int i = 0; i < handles.size(); i++) {
          Duration wait = Duration.between(begin, starts.get(handles.get(i).id()));
          assertThat(wait).isBetween(ofSeconds(i % 2 == 0 ? 0 : 2), ofSeconds(20));
        }
        assertThat(ticks).allMatch(tick -> !tick.isAfter(store.now()));
      }

      assertThat(audit.violations()).isEmpty();
      assertThat(audit.count(Pass.Event.LOST)).isZero();
      assertThat(events)
          .noneMatch(SchedulerEvent.NodeRejoined.class::isInstance)
          .noneMatch(SchedulerEvent.RunsRecovered.class::isInstance);
    }
  }

  private Scheduler start(String name, EmptyDatabase database, Duration skew, Job<?>... jobs) {
    return Scheduler.builder()
        .name(name)
        .store(JdbcJobStore.using(database.pool()))
        .host(SkewedHost.of(Host.threads(name, false), skew))
        .lease(ofSeconds(2))
        .listener(events::add)
        .register(jobs)
        .start();
  }
}
