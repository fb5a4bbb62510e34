// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belfry.Job;
import dev.belfry.RunHandle;
import dev.belfry.Scheduler;
import dev.belfry.SchedulerBuilder;
import dev.belfry.SchedulerEvent;
import dev.belfry.SchedulerListener;
import dev.belfry.host.Host;
import dev.belfry.jdbc.JdbcJobStore;
import dev.belfry.retry.RetryPolicy;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Handlers and listeners that do what they should not, on real threads. The others go on. */
@Execution(ExecutionMode.CONCURRENT)
class MisbehaviourTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final JdbcConnectionPool pool =
      JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "", "");
  private final Queue<SchedulerEvent> events = new ConcurrentLinkedQueue<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private final CountDownLatch begun = new CountDownLatch(1);
  private final Job<String> good =
      Job.named("good", String.class).returning(String.class, (ctx, name) -> "hello " + name);

  @AfterEach
  void dropDatabase() throws SQLException {
    released.countDown();
    try (var connection = pool.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("shutdown");
    }
    pool.dispose();
  }

  private SchedulerBuilder builder(boolean virtual, Job<?>... jobs) {
    assumeTrue(
        !virtual || Host.virtualThreadsAvailable(),
        () -> "virtual threads need Java 21, this is Java " + Runtime.version().feature());
    return Scheduler.builder()
        .store(JdbcJobStore.using(pool))
        .virtualThreads(virtual)
        .workers(1)
        .listener(events::add)
        .register(jobs)
        .register(good);
  }

  private static Run ended(RunHandle handle) throws InterruptedException {
    return handle.await(PATIENCE).orElseThrow();
  }

  private List<SchedulerEvent> eventsOf(RunId run) {
    return events.stream()
        .filter(e -> e instanceof SchedulerEvent.OfRun ofRun && ofRun.run().equals(run))
        .toList();
  }

  private void ignoreInterrupts() {
    begun.countDown();
    while (released.getCount() > 0) {
      try {
        released.await();
      } catch (InterruptedException ignored) {
        // that is what is wrong with it
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void handlerThatIgnoresItsInterrupt_isGivenUpAndItsWorkerReplaced(boolean virtual)
      throws Exception {
    Job<Void> deaf =
        Job.named("deaf")
            .timeout(Duration.ofMillis(200))
            .retry(RetryPolicy.none())
            .handler(ctx -> ignoreInterrupts());
    try (Scheduler scheduler = builder(virtual, deaf).start()) {
      RunHandle stuck = scheduler.enqueue(deaf);
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
      RunHandle waiting = scheduler.enqueue(good, "you");
      assertThat(scheduler.explain(waiting.id())).endsWith("and waits for a free worker");

      assertThat(ended(waiting).status()).isEqualTo(Status.COMPLETED);

      assertThat(ended(stuck).state())
          .isInstanceOfSatisfying(
              RunState.TimedOut.class,
              timedOut ->
                  assertThat(timedOut.failure().message())
                      .isEqualTo(
                          "ran longer than its timeout of PT0.2S; it ignores the interrupt"));
      assertThat(scheduler.explain(stuck.id()))
          .contains(" TIMED_OUT: ran longer than its timeout of PT0.2S; it ignores the interrupt");
      Await.until(
          "it is said to be stuck, and where",
          () -> eventsOf(stuck.id()).stream().anyMatch(MisbehaviourTest::isStuckThere));
      released.countDown(); // it ends after all, and that changes nothing
      assertThat(scheduler.enqueue(good, "you").await(PATIENCE)).isPresent();
      assertThat(scheduler.passes(stuck.id()))
          .extracting(Pass::event)
          .containsExactly(Pass.Event.TIMED_OUT);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void handlerThatNeverReturns_keepsOneWorkerUntilItIsCancelled(boolean virtual) throws Exception {
    Job<Void> endless =
        Job.named("endless")
            .handler(
                ctx -> {
                  begun.countDown();
                  new CountDownLatch(1).await();
                });
    try (Scheduler scheduler = builder(virtual, endless).workers(2).start()) {
      RunHandle handle = scheduler.enqueue(endless);
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

      assertThat(ended(scheduler.enqueue(good, "you")).status()).isEqualTo(Status.COMPLETED);
      assertThat(scheduler.explain(handle.id()))
          .contains(" is running on scheduler since ")
          .contains(", attempt 1, under a lease until ");
      scheduler.cancel(handle.id(), "enough");

      assertThat(ended(handle).state())
          .isInstanceOfSatisfying(
              RunState.Cancelled.class,
              cancelled -> assertThat(cancelled.reason()).isEqualTo("enough"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void handlerThatThrowsAnError_failsAndTheOthersGoOn(boolean virtual) throws Exception {
    Job<String> failing =
        Job.named("failing", String.class)
            .retry(RetryPolicy.none())
            .handler((ctx, error) -> fail(error));
    List<String> errors =
        List.of(
            "java.lang.OutOfMemoryError",
            "java.lang.StackOverflowError",
            "java.lang.NoClassDefFoundError",
            "java.lang.ExceptionInInitializerError",
            "java.lang.ThreadDeath",
            "java.lang.AssertionError");
    try (Scheduler scheduler = builder(virtual, failing).start()) {
      List<RunHandle> handles = scheduler.enqueueAll(failing, errors);

      assertThat(ended(scheduler.enqueue(good, "you")).status()).isEqualTo(Status.COMPLETED);
      for (int i = 0; i < errors.size(); i++) {
        String error = errors.get(i);
        assertThat(ended(handles.get(i)).state())
            .isInstanceOfSatisfying(
                RunState.Failed.class,
                failed -> assertThat(failed.failure().type()).isEqualTo(error));
        assertThat(scheduler.explain(handles.get(i).id())).contains(" FAILED: " + error);
        RunId run = handles.get(i).id();
        Await.until(
            "the last attempt of " + run + " is said to have failed",
            () -> eventsOf(run).stream().anyMatch(MisbehaviourTest::isLastFailure));
      }
    }
  }

  private static boolean isStuckThere(SchedulerEvent event) {
    return event instanceof SchedulerEvent.RunStuck stuck
        && stuck.stack().contains(MisbehaviourTest.class.getName() + ".ignoreInterrupts(");
  }

  private static boolean isLastFailure(SchedulerEvent event) {
    return event instanceof SchedulerEvent.AttemptFailed failed && failed.last();
  }

  private static void fail(String error) throws Exception {
    if (error.endsWith("StackOverflowError")) {
      fail(error);
    }
    throw sneaky(Class.forName(error).asSubclass(Throwable.class));
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // to throw what is unchecked
  private static <X extends Throwable> X sneaky(Class<? extends Throwable> type)
      throws X, Exception {
    throw (X) type.getDeclaredConstructor().newInstance();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void handlerThatLeavesItsInterruptFlagSet_disturbsNoOther(boolean virtual) throws Exception {
    var sawFlag = new AtomicBoolean();
    Job<Integer> rude =
        Job.named("rude", Integer.class)
            .handler(
                (ctx, number) -> {
                  sawFlag.compareAndSet(false, Thread.interrupted());
                  Thread.currentThread().interrupt();
                });
    try (Scheduler scheduler = builder(virtual, rude).start()) {
      List<RunHandle> handles = scheduler.enqueueAll(rude, IntStream.range(0, 50).boxed().toList());

      for (RunHandle handle : handles) {
        assertThat(ended(handle).status()).isEqualTo(Status.COMPLETED);
      }
      assertThat(ended(scheduler.enqueue(good, "you")).status()).isEqualTo(Status.COMPLETED);
      assertThat(sawFlag).isFalse();
    }
  }

  @Test
  void listenerThatThrows_isPassedOver() throws Exception {
    SchedulerListener broken =
        event -> {
          throw new StackOverflowError("planned");
        };
    var after = new ConcurrentLinkedQueue<SchedulerEvent>();
    try (Scheduler scheduler = builder(false).listener(broken).listener(after::add).start()) {
      var handles = new ArrayList<RunHandle>();
      for (int i = 0; i < 20; i++) {
        handles.add(scheduler.enqueue(good, "you"));
      }
      for (RunHandle handle : handles) {
        assertThat(ended(handle).status()).isEqualTo(Status.COMPLETED);
      }
    }

    Await.until("each start and end was heard", () -> after.size() == 40);
    assertThat(after).containsExactlyElementsOf(events);
  }

  @Test
  void listenerThatBlocks_holdsUpNeitherRunsNorTheEndOfTheThreads() throws Exception {
    Scheduler scheduler =
        builder(false).name("deaf-listener").listener(event -> ignoreInterrupts()).start();
    for (int i = 0; i < 20; i++) {
      assertThat(ended(scheduler.enqueue(good, "you")).status()).isEqualTo(Status.COMPLETED);
    }
    Set<Thread> threads = keepTheJvmUp("belfry-deaf-listener");
    assertThat(threads).isNotEmpty();

    scheduler.close();

    for (Thread thread : threads) {
      thread.join(PATIENCE.toMillis());
      assertThat(thread.isAlive()).as(thread.getName()).isFalse();
    }
  }

  private static Set<Thread> keepTheJvmUp(String prefix) {
    return Set.copyOf(
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> !thread.isDaemon() && thread.getName().startsWith(prefix))
            .toList());
  }
}
