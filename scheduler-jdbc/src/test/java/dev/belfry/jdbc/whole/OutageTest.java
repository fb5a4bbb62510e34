// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerClient;
import dev.belfry.SchedulerEvent;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.schedule.CatchUp;
import dev.belfry.schedule.Overlap;
import dev.belfry.schedule.Schedule;
import dev.belfry.store.NodeInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A store that does not answer for 20 s, more than two leases, costs time and nothing else. */
@Execution(ExecutionMode.CONCURRENT)
class OutageTest {
  private static final Duration HALF = Duration.ofSeconds(10);
  private static final int MOST_LINES_A_NODE = 6; // lapsed, lost, no clean-up, valid, adopted, back
  private static final Schedule EACH_SECOND =
      Schedule.every(Duration.ofSeconds(1))
          .withOverlap(Overlap.ALLOW)
          .withCatchUp(CatchUp.all(100, Duration.ofHours(1)));

  private final Map<RunId, Integer> starts = new ConcurrentHashMap<>();
  private final Queue<SchedulerEvent> events = new ConcurrentLinkedQueue<>();
  private final BlockingQueue<Instant> ticks = new LinkedBlockingQueue<>();
  private final CountDownLatch begun = new CountDownLatch(8);
  private final CountDownLatch gate = new CountDownLatch(1);
  private final Job<Integer> slow =
      Job.named("slow", Integer.class)
          .queue("slow") // else one node may claim all ahead of workers that the first ones hold
          .handler(
              (ctx, number) -> {
                starts.merge(ctx.runId(), 1, Integer::sum);
                begun.countDown();
                gate.await();
              });
  private final Job<Integer> quick =
      Job.named("quick", Integer.class)
          .handler((ctx, number) -> starts.merge(ctx.runId(), 1, Integer::sum));
  private final Job<Void> pulse =
      Job.named("pulse").schedule(EACH_SECOND).handler(ctx -> ticks.add(ctx.dueAt()));
  @TempDir private Path directory;

  @Test
  void storeThatStandsStill_losesNothingAndRunsNothingTwice() throws Exception {
    outage("still", StallingStore::stall, store -> {});
  }

  @Test
  void storeThatStandsStillThenRefuses_losesNothingAndRunsNothingTwice() throws Exception {
    outage("refusing", StallingStore::stallAndFail, StallingStore::refuse);
  }

  /** What happens to the store. */
  private interface Change {
    void on(StallingStore store);
  }

  private void outage(String name, Change atFirst, Change halfWay) throws Exception {
    String url = "jdbc:h2:file:" + directory.resolve("app") + ";WRITE_DELAY=0";
    JdbcConnectionPool pool = JdbcConnectionPool.create(url, "", "");
    JdbcJobStore real = JdbcJobStore.using(pool);
    var stalling = new StallingStore(real);
    List<String> names = List.of(name + "-1", name + "-2");
    var handles = new ArrayList<RunHandle>();
    var audit = new Audit();
    try (Scheduler one = start(names.get(0), stalling);
        Scheduler two = start(names.get(1), stalling)) {
      Instant begin = real.now();
      Set<NodeInfo> nodes = Set.copyOf(real.nodes());
      handles.addAll(one.enqueueAll(slow, List.of(0, 1, 2, 3)));
      handles.addAll(two.enqueueAll(slow, List.of(4, 5, 6, 7)));
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
      List<String> before = lines(names);
      Set<String> threads = loops(names);

      atFirst.on(stalling);
      // Others put work into the store meanwhile, so that what is claimed and not heard is more
      // than
      // nothing: this client's calls do not go through the proxy.
      for (int batch = 0; batch < 4; batch++) {
        handles.addAll(
            SchedulerClient.of(real, quick)
                .enqueueAll(quick, IntStream.range(0, 50).boxed().toList()));
      }
      letPass(HALF.dividedBy(2));
      gate.countDown(); // handlers end, and nothing can be written
      letPass(HALF.dividedBy(2));
      halfWay.on(stalling);
      letPass(HALF);
      stalling.answer();
      handles.add(one.enqueue(quick, -1));
      handles.add(two.enqueue(quick, -2));

      for (RunHandle handle : handles) {
        assertThat(handle.await(Duration.ofSeconds(30))).isPresent();
      }
      Instant end = real.now();
      Duration caughtUp = awaitTick(end);
      audit
          .acknowledged(real, handles.stream().map(RunHandle::id).toList())
          .ticks(real, "pulse", EACH_SECOND, begin, end);
      List<String> said = new ArrayList<>(lines(names));
      before.forEach(said::remove);
      System.out.printf(
          "OutageTest %s: %d calls stood still, %d failed; ticks made up %d ms after the last run;"
              + " %s; log:%n  %s%n",
          name,
          stalling.stalled(),
          stalling.failed(),
          caughtUp.toMillis(),
          audit,
          String.join("\n  ", said));
      assertThat(audit.violations()).isEmpty();
      assertThat(audit.count(Pass.Event.LOST)).isZero();
      assertThat(starts.values()).containsOnly(1);
      assertThat(starts).hasSize(handles.size());
      assertThat(real.nodes())
          .extracting(NodeInfo::id)
          .containsExactlyInAnyOrderElementsOf(nodes.stream().map(NodeInfo::id).toList());
      assertThat(loops(names)).isEqualTo(threads).hasSize(2);
      assertThat(events)
          .noneMatch(SchedulerEvent.NodeRejoined.class::isInstance)
          .noneMatch(SchedulerEvent.OutcomeRefused.class::isInstance);
      assertThat(said).hasSizeLessThanOrEqualTo(MOST_LINES_A_NODE * names.size());
      for (String node : names) {
        assertThat(LogLines.of(node))
            .anyMatch(line -> line.startsWith("WARN the lease has run out: "))
            .anyMatch(line -> line.startsWith("INFO the lease is valid again; "));
      }
    } finally {
      pool.dispose();
    }
  }

  private Scheduler start(String name, StallingStore store) {
    return Scheduler.builder()
        .name(name)
        .store(store.store())
        .workers(5)
        .listener(events::add)
        .register(slow, quick, pulse)
        .start();
  }

  /** Waits until the schedule has caught up; its ticks come in order. Returns how long it took. */
  private Duration awaitTick(Instant upTo) throws InterruptedException {
    long begin = System.nanoTime();
    Instant last = EACH_SECOND.previous(upTo).orElseThrow();
    for (Instant tick = Instant.MIN; tick.isBefore(last); ) {
      tick = ticks.poll(30, TimeUnit.SECONDS);
      assertThat(tick).as("a tick on the way to %s", last).isNotNull();
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private static List<String> lines(List<String> nodes) {
    return nodes.stream().flatMap(node -> LogLines.of(node).stream()).toList();
  }

  /** Returns the control loops that live, by thread. */
  private static Set<String> loops(List<String> nodes) {
    Set<String> names =
        nodes.stream().map(node -> "belfry-" + node).collect(Collectors.toUnmodifiableSet());
    return Thread.getAllStackTraces().keySet().stream()
        .flatMap(
            thread ->
                names.contains(thread.getName())
                    ? Stream.of(thread.getName() + " " + thread.getId())
                    : Stream.empty())
        .collect(Collectors.toSet());
  }

  /** Waits for nothing but time: an outage has no event of its own. */
  private static void letPass(Duration time) throws InterruptedException {
    assertThat(new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
  }
}
