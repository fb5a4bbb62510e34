// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerEvent;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.jdbc.ToldPool;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A claim that commits after its node was declared dead, and after the reaper has looked: the run
 * is held by nobody who lives, and must be found all the same.
 */
@Execution(ExecutionMode.CONCURRENT)
class LateClaimTest {
  private static final Duration LEASE = Duration.ofMillis(900);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final JdbcConnectionPool pool =
      JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "", "");
  private final Map<RunId, Integer> starts = new ConcurrentHashMap<>();
  private final Queue<SchedulerEvent> events = new ConcurrentLinkedQueue<>();
  private final Job<String> job =
      Job.named("work", String.class)
          .handler((ctx, name) -> starts.merge(ctx.runId(), 1, Integer::sum));

  @AfterEach
  void dropDatabase() throws Exception {
    try (Connection connection = pool.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("shutdown");
    }
    pool.dispose();
  }

  @Test
  void claimThatCommitsAfterTheReaperLooked_isFreedByALaterOne() throws Exception {
    JdbcJobStore store = JdbcJobStore.using(pool);
    var late = new LateCommits(pool);
    try (Scheduler rival = start("rival", pool)) {
      Scheduler doomed = start("doomed", late.source());
      var doomedId = store.nodes().get(1).id();
      assertThat(store.nodes()).hasSize(2);
      late.arm();
      RunHandle handle = doomed.enqueue(job, "a");
      assertThat(late.caught.await(20, TimeUnit.SECONDS)).isTrue();

      Await.until(
          "the doomed node is declared dead",
          () -> store.nodes().stream().noneMatch(node -> node.id().equals(doomedId)));
      assertThat(store.passes(handle.id())).isEmpty(); // the reaper saw nothing to free
      late.release();

      var run = handle.await(PATIENCE).orElseThrow();
      List<Pass> passes = store.passes(handle.id());
      System.out.printf("LateClaimTest: %s%n", passes.stream().map(Pass::event).toList());
      assertThat(run.status()).isEqualTo(Status.COMPLETED);
      assertThat(passes)
          .extracting(Pass::event)
          .containsExactly(Pass.Event.LOST, Pass.Event.COMPLETED);
      assertThat(passes.get(0).node()).contains(doomedId);
      assertThat(starts).containsOnly(Map.entry(handle.id(), 1));
      assertThat(new Audit().acknowledged(store, List.of(handle.id())).violations()).isEmpty();
      Await.until(
          "the doomed node joins anew",
          () -> events.stream().anyMatch(SchedulerEvent.NodeRejoined.class::isInstance));
      doomed.close();
    } finally {
      late.release();
    }
  }

  private Scheduler start(String name, DataSource source) {
    return Scheduler.builder()
        .name(name)
        .store(JdbcJobStore.using(source))
        .lease(LEASE)
        .pollInterval(Duration.ofSeconds(5))
        .listener(events::add)
        .register(job)
        .start();
  }

  /** A pool whose next claim is stopped right before its commit, and with it all that follows. */
  private static final class LateCommits {
    private final DataSource real;
    private final CountDownLatch caught = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);
    private volatile boolean armed;

    LateCommits(DataSource real) {
      this.real = real;
    }

    void arm() {
      armed = true;
    }

    void release() {
      gate.countDown();
    }

    DataSource source() {
      return ToldPool.of(
          real,
          () -> {
            if (caught.getCount() == 0) {
              gate.await(); // this node hears nothing any more
            }
            return untilCommit();
          });
    }

    private ToldPool.Listener untilCommit() {
      var claims = new boolean[1];
      return (method, text) -> {
        if (method.equals("prepareStatement") && caught.getCount() == 0) {
          gate.await(); // nor by a connection that it has kept
        }
        claims[0] |= text.startsWith("update belfry_run set state = 1");
        if (method.equals("commit") && claims[0] && armed) {
          caught.countDown();
          gate.await();
        }
      };
    }
  }
}
