// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM: a process that closes its scheduler on the way out leaves nothing to recover. */
class ShutdownTest {
  private static final Duration GRACE = Duration.ofSeconds(3);
  private static final int SHORT = 4;
  private static final int LONG = 4;
  private static final int WAITING = 40;

  @TempDir private Path directory;

  @Test
  void sigterm_letsHandlersEndHandsBackTheRestAndLosesNothing() throws Exception {
    Path database = directory.resolve("app");
    var ids = new ArrayList<RunId>();

    Duration took;
    try (Child child = Child.start(Victim.class, database.toString())) {
      assumeTrue(child.canBeAsked(), "processes can't be asked to end here, only killed");
      for (String line : child.linesUntil("busy")) {
        if (line.startsWith("ack ")) {
          ids.add(RunId.parse(line.substring(4)));
        }
      }
      long begin = System.nanoTime();
      child.terminate();
      assertThat(child.rest()).contains("closing", "closed");
      took = Duration.ofNanos(System.nanoTime() - begin);
      assertThat(child.exitValue()).isEqualTo(128 + 15);
    }

    try (JdbcJobStore store = JdbcJobStore.embedded(database)) {
      store.open();
      List<Pass.Event> left =
          ids.stream().flatMap(id -> store.passes(id).stream()).map(Pass::event).toList();
      assertThat(left.stream().filter(Pass.Event.COMPLETED::equals)).hasSize(SHORT);
      assertThat(left.stream().filter(Pass.Event.HANDED_BACK::equals))
          .hasSizeGreaterThanOrEqualTo(LONG);
      assertThat(left).doesNotContain(Pass.Event.LOST);
      Audit audit;
      try (Scheduler next = Scheduler.builder().store(store).register(job(false)).start()) {
        assertThat(next.awaitIdle(Duration.ofSeconds(30))).isTrue();
        audit = new Audit().acknowledged(store, ids);
      }
      System.out.printf(
          "ShutdownTest: exit %d ms after SIGTERM, grace %s; %s%n", took.toMillis(), GRACE, audit);
      assertThat(audit.violations()).isEmpty();
      assertThat(audit.count(Pass.Event.LOST)).isZero();
      assertThat(audit.count(Pass.Event.COMPLETED)).isEqualTo(ids.size());
      assertThat(ids).hasSize(SHORT + LONG + WAITING);
      assertThat(ids)
          .allSatisfy(
              id -> {
                List<Pass> passes = store.passes(id);
                assertThat(passes.get(passes.size() - 1).attempt()).isEqualTo(1);
              });
    }
    assertThat(took).isLessThan(GRACE.plusSeconds(3));
  }

  private static Job<String> job(boolean waits) {
    return Job.named("work", String.class)
        .handler(
            (ctx, kind) -> {
              if (waits) {
                Victim.BUSY.countDown();
                Victim.hold(kind);
              }
            });
  }

  /** The process that is asked to end: busy with eight handlers, and more runs wait. */
  static final class Victim {
    private static final CountDownLatch BUSY = new CountDownLatch(SHORT + LONG);
    private static final CountDownLatch CLOSING = new CountDownLatch(1);

    private Victim() {}

    /** Takes the database. */
    public static void main(String[] arguments) throws Exception {
      Child.dieWithParent();
      Job<String> job = job(true);
      Scheduler scheduler =
          Scheduler.builder()
              .store(JdbcJobStore.embedded(Path.of(arguments[0])))
              .workers(SHORT + LONG)
              .grace(GRACE)
              .register(job)
              .start()
              .closeOnShutdown();
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    System.out.println("closing");
                    CLOSING.countDown();
                    try {
                      scheduler.awaitShutdown();
                      System.out.println("closed");
                    } catch (InterruptedException e) {
                      System.out.println("interrupted");
                    }
                  }));
      scheduler.enqueueAll(job, kinds("short", SHORT)).forEach(Victim::acknowledge);
      scheduler.enqueueAll(job, kinds("long", LONG)).forEach(Victim::acknowledge);
      if (!BUSY.await(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("handlers did not start");
      }
      scheduler.enqueueAll(job, kinds("waiting", WAITING)).forEach(Victim::acknowledge);
      System.out.println("busy");
      scheduler.awaitShutdown();
    }

    private static List<String> kinds(String kind, int count) {
      return IntStream.range(0, count).mapToObj(i -> kind).toList();
    }

    private static void acknowledge(RunHandle handle) {
      System.out.println("ack " + handle.id());
    }

    /** Short ones end within the grace period, long ones only when they are interrupted. */
    static void hold(String kind) throws InterruptedException {
      CLOSING.await();
      if (!kind.equals("short")) {
        new CountDownLatch(1).await();
      }
    }
  }
}
