// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.jdbc.EmptyDatabase;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.jdbc.Product;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Status;
import dev.belfry.schedule.CatchUp;
import dev.belfry.schedule.Overlap;
import dev.belfry.schedule.Schedule;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two nodes on one database share the work: on an H2 file for a minute or {@code
 * belfry.whole.seconds}, on a server for 10 s of them.
 */
@Execution(ExecutionMode.CONCURRENT)
class TwoNodesTest {
  private static final int SECONDS = Integer.getInteger("belfry.whole.seconds", 60);
  private static final int RUNS_A_SECOND = 170;
  private static final Schedule EACH_SECOND =
      Schedule.every(Duration.ofSeconds(1))
          .withOverlap(Overlap.ALLOW)
          .withCatchUp(CatchUp.all(100, Duration.ofHours(1)));

  private final Map<RunId, Integer> starts = new ConcurrentHashMap<>();
  private final BlockingQueue<Instant> ticks = new LinkedBlockingQueue<>();
  private final Job<Integer> work =
      Job.named("work", Integer.class)
          .handler((ctx, number) -> starts.merge(ctx.runId(), 1, Integer::sum));
  private final Job<Void> pulse =
      Job.named("pulse")
          .schedule(EACH_SECOND)
          .handler(
              ctx -> {
                starts.merge(ctx.runId(), 1, Integer::sum);
                ticks.add(ctx.dueAt());
              });
  @TempDir private Path directory;

  @Test
  void twoNodesOnAnH2File_doTheWorkOnceAndFireEachTickOnce() throws Exception {
    String url = "jdbc:h2:file:" + directory.resolve("app") + ";WRITE_DELAY=0";
    JdbcConnectionPool pool = JdbcConnectionPool.create(url, "", "");
    try {
      shareTheWork(pool, SECONDS);
    } finally {
      pool.dispose();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.belfry.jdbc.Product#servers")
  void twoNodesOnAServer_doTheWorkOnceAndFireEachTickOnce(Product product) throws Exception {
    try (EmptyDatabase database = product.open()) {
      shareTheWork(database.pool(), Math.min(SECONDS, 10));
    }
  }

  private void shareTheWork(DataSource pool, int seconds) throws Exception {
    JdbcJobStore store = JdbcJobStore.using(pool);
    int total = RUNS_A_SECOND * seconds;
    Set<RunId> acknowledged = new LinkedHashSet<>();

    Audit audit = new Audit();
    try (Scheduler one = start("one", JdbcJobStore.using(pool));
        Scheduler two = start("two", JdbcJobStore.using(pool))) {
      Instant begin = store.now();
      for (int second = 0; second < seconds; second++) {
        assertThat(ticks.poll(15, TimeUnit.SECONDS)).as("tick %d", second).isNotNull();
        int from = second * RUNS_A_SECOND;
        int to = from + RUNS_A_SECOND;
        List<RunHandle> handles =
            (second % 2 == 0 ? one : two)
                .enqueueAll(work, IntStream.range(from, to).boxed().toList());
        handles.forEach(handle -> acknowledged.add(handle.id()));
      }
      Instant end = store.now();
      assertThat(one.awaitIdle(Duration.ofSeconds(30))).as(() -> unended(one)).isTrue();
      assertThat(two.awaitIdle(Duration.ofSeconds(30))).as(() -> unended(two)).isTrue();
      audit.acknowledged(store, acknowledged).ticks(store, "pulse", EACH_SECOND, begin, end);
    }

    System.out.printf(
        "TwoNodesTest on %s: %s; ends by node %s%n",
        store.open().product(), audit, audit.endsByNode().values());
    assertThat(audit.violations()).isEmpty();
    assertThat(complaints()).isEmpty();
    assertThat(acknowledged).hasSize(total);
    assertThat(audit.count(Pass.Event.COMPLETED)).isEqualTo(total);
    assertThat(audit.count(Pass.Event.LOST)).isZero();
    assertThat(starts.values()).containsOnly(1);
    assertThat(audit.endsByNode()).hasSize(2);
    assertThat(audit.endsByNode().values()).allMatch(ends -> ends > total / 10);
  }

  private static List<String> complaints() {
    return Stream.of("one", "two")
        .flatMap(node -> LogLines.of(node).stream())
        .filter(line -> !line.startsWith("INFO "))
        .toList();
  }

  private static String unended(Scheduler scheduler) {
    return "idle; unended are "
        + scheduler.runs(RunQuery.all().in(Status.SCHEDULED, Status.RUNNING)).items().stream()
            .map(run -> "\n" + scheduler.explain(run.id()))
            .toList();
  }

  private Scheduler start(String name, JdbcJobStore store) {
    return Scheduler.builder().name(name).store(store).register(work, pulse).start();
  }
}
