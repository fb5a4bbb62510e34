// SPDX-License-Identifier: Apache-2.0
package dev.belfry.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belfry.host.Host.Cancellable;
import dev.belfry.host.Host.Running;
import dev.belfry.run.RunId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The one class that owns clock and threads, with real ones. */
class ThreadHostTest {
  private static final long PATIENCE_MILLIS = 20_000;
  private static final RunId RUN = RunId.of(1, 2, 3);

  private final String name = "test-" + UUID.randomUUID();
  private final Host host = Host.threads(name, false);

  @AfterEach
  void close() {
    host.close();
  }

  /** Waits until the loop has handled all that was posted before. */
  private void settle() throws InterruptedException {
    var latch = new CountDownLatch(1);
    host.post(latch::countDown);
    await(latch);
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    assertThat(next).isNotNull();
    return next;
  }

  private Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("belfry-" + name))
        .collect(Collectors.toSet());
  }

  @Test
  void underWay_countsCallsThatHaveNotReturned() throws InterruptedException {
    var begun = new CountDownLatch(2);
    var gate = new CountDownLatch(1);
    var replies = new LinkedBlockingQueue<Integer>();
    assertThat(host.underWay()).isZero();
    for (int i = 0; i < 2; i++) {
      host.io(
          () -> {
            begun.countDown();
            gate.await();
            throw new IOException("planned");
          },
          (value, thrown) -> replies.add(host.underWay()));
    }
    await(begun);
    assertThat(host.underWay()).isEqualTo(2);

    gate.countDown();

    assertThat(next(replies)).isLessThan(2);
    assertThat(next(replies)).isZero();
  }

  @Test
  void hostThatWasGivenNothingToDo_hasNoThread() {
    assertThat(threads()).isEmpty();
  }

  @Test
  void post_handlesEventsInOrderOnOneThread() throws Exception {
    var seen = new ArrayList<Integer>();
    var onThreads = Collections.synchronizedSet(new HashSet<Thread>());
    for (int i = 0; i < 20_000; i++) { // more than the loop keeps room for
      int number = i;
      host.post(
          () -> {
            seen.add(number);
            onThreads.add(Thread.currentThread());
          });
    }
    settle();

    assertThat(seen).isEqualTo(IntStream.range(0, 20_000).boxed().toList());
    assertThat(onThreads)
        .singleElement()
        .satisfies(
            thread -> {
              assertThat(thread.getName()).isEqualTo("belfry-" + name);
              assertThat(thread.isDaemon()).isFalse();
            });
  }

  @Test
  void loopStartedByADaemonThread_keepsTheJvmUpAllTheSame() throws Exception {
    var starter = new Thread(() -> host.post(() -> {}));
    starter.setDaemon(true);
    starter.start();
    starter.join(PATIENCE_MILLIS);

    assertThat(threads()).singleElement().matches(thread -> !thread.isDaemon());
  }

  @Test
  void eventThatThrows_doesNotEndTheLoop() throws Exception {
    var seen = new ArrayList<String>();
    host.post(
        () -> {
          throw new OutOfMemoryError("planned");
        });
    host.after(
        Duration.ZERO,
        () -> {
          throw new IllegalStateException("planned");
        });
    host.post(() -> Thread.currentThread().interrupt());
    host.post(() -> seen.add("still here"));
    settle();
    settle();

    assertThat(seen).containsExactly("still here");
    assertThat(threads()).hasSize(1);
  }

  @Test
  void after_firesInOrderOfTimeThenOfCallAndNeverEarly() throws Exception {
    var seen = new LinkedBlockingQueue<String>();
    long begin = host.nanoTime();
    host.after(Duration.ofMillis(120), () -> seen.add("late"));
    host.after(Duration.ofMillis(60), () -> seen.add("early"));
    host.after(Duration.ofSeconds(-5), () -> seen.add("at once"));
    host.after(Duration.ofSeconds(Long.MAX_VALUE), () -> seen.add("never"));

    assertThat(next(seen)).isEqualTo("at once");
    assertThat(next(seen)).isEqualTo("early");
    assertThat(host.nanoTime() - begin).isGreaterThanOrEqualTo(60_000_000);
    assertThat(next(seen)).isEqualTo("late");
    assertThat(host.nanoTime() - begin).isGreaterThanOrEqualTo(120_000_000);
    settle();
    assertThat(seen).isEmpty();
  }

  @Test
  void cancel_keepsATimerFromFiringEvenIfThereAreMany() throws Exception {
    var seen = new LinkedBlockingQueue<Integer>();
    List<Cancellable> timers =
        IntStream.range(0, 5_000)
            .mapToObj(i -> host.after(Duration.ofMillis(300), () -> seen.add(i)))
            .toList();
    for (int i = 1; i < timers.size(); i++) {
      timers.get(i).cancel();
      timers.get(i).cancel(); // again does nothing
    }
    var last = new CountDownLatch(1);
    host.after(Duration.ofMillis(301), last::countDown);
    await(last);
    settle();

    assertThat(seen).containsExactly(0);
    timers.get(0).cancel(); // too late does nothing either
  }

  @Test
  void io_repliesOnTheLoopWithValueOrThrowable() throws Exception {
    var replies = new LinkedBlockingQueue<String>();
    var planned = new IOException("planned");
    host.<String>io(
        () -> Thread.currentThread().isDaemon() + " " + !onLoop(),
        (value, thrown) -> replies.add(onLoop() + " " + value + " " + thrown));

    assertThat(next(replies)).isEqualTo("true true true null");
    host.<String>io(
        () -> {
          throw planned;
        },
        (value, thrown) -> replies.add(onLoop() + " " + value + " " + planned.equals(thrown)));
    assertThat(next(replies)).isEqualTo("true null true");
    host.<String>io(
        () -> {
          throw new StackOverflowError();
        },
        (value, thrown) -> replies.add(value + " " + thrown));
    assertThat(next(replies)).isEqualTo("null java.lang.StackOverflowError");
  }

  private boolean onLoop() {
    return Thread.currentThread().getName().equals("belfry-" + name);
  }

  @Test
  void ioThatBlocks_holdsUpNoOther() throws Exception {
    var gate = new CountDownLatch(1);
    var replies = new LinkedBlockingQueue<String>();
    host.<Boolean>io(
        () -> gate.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS),
        (value, thrown) -> replies.add("blocked"));
    host.<String>io(() -> "quick", (value, thrown) -> replies.add("quick"));

    assertThat(next(replies)).isEqualTo("quick");
    gate.countDown();
    assertThat(next(replies)).isEqualTo("blocked");
  }

  @Test
  void work_postsItsEndOnTheLoopAlsoIfThePassThrows() throws Exception {
    var ended = new LinkedBlockingQueue<Boolean>();

    Running running =
        host.work(
            RUN,
            () -> {
              throw new LinkageError("planned");
            },
            () -> ended.add(onLoop()));

    assertThat(next(ended)).isTrue();
    assertThat(running.stack()).isEmpty();
    running.interrupt(); // nobody is hit
  }

  @Test
  void stack_showsWhereAPassIs() throws Exception {
    var begun = new CountDownLatch(1);
    var gate = new CountDownLatch(1);
    Running running = host.work(RUN, () -> standHere(begun, gate), () -> {});
    await(begun);

    assertThat(running.stack()).contains(ThreadHostTest.class.getName() + ".standHere(");
    gate.countDown();
  }

  private static void standHere(CountDownLatch begun, CountDownLatch gate) {
    begun.countDown();
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void interruptOfAPass_neverReachesTheNextOnItsThread() throws Exception {
    var interrupted = new AtomicBoolean();
    var passes = Collections.synchronizedSet(new HashSet<Thread>());
    for (int i = 0; i < 2_000; i++) {
      var ended = new CountDownLatch(2);
      Running first = host.work(RUN, () -> passes.add(Thread.currentThread()), ended::countDown);
      first.interrupt(); // before it begins, while it runs, or after
      host.work(
          RUN,
          () -> {
            if (Thread.interrupted()) {
              interrupted.set(true);
            }
            Thread.currentThread().interrupt(); // what is left behind is not for the next
          },
          ended::countDown);
      first.interrupt();
      await(ended);
    }

    assertThat(interrupted).isFalse();
    assertThat(passes).hasSizeLessThan(2_000); // threads were used again
  }

  @Test
  void interruptBeforeThePassBegins_reachesIt() throws Exception {
    for (int i = 0; i < 200; i++) {
      var seen = new CompletableFuture<Boolean>();
      var gate = new CountDownLatch(1);
      Running running =
          host.work(
              RUN,
              () -> {
                try {
                  seen.complete(!gate.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
                } catch (InterruptedException told) {
                  seen.complete(true);
                }
              },
              () -> {});
      running.interrupt();
      assertThat(seen.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
    }
  }

  @Test
  void await_tellsWhetherItIsDoneInTime() throws Exception {
    var failed = new CompletableFuture<Void>();
    failed.completeExceptionally(new IllegalStateException("planned"));

    assertThat(host.await(new CompletableFuture<>(), Duration.ofMillis(5))).isFalse();
    assertThat(host.await(new CompletableFuture<>(), Duration.ofSeconds(-1))).isFalse();
    assertThat(host.await(failed, Duration.ofDays(1_000_000))).isTrue();
  }

  @Test
  void onExit_canBeCancelledTwice() {
    Cancellable hook = host.onExit(() -> {});

    hook.cancel();
    hook.cancel();
  }

  @Test
  void close_endsAllThreads() throws Exception {
    var ended = new CountDownLatch(4);
    for (int i = 0; i < 2; i++) {
      host.<String>io(() -> "", (value, thrown) -> ended.countDown());
      host.work(RUN, () -> {}, ended::countDown);
    }
    host.after(Duration.ofHours(1), () -> {});
    await(ended);
    Set<Thread> threads = threads();
    assertThat(threads).hasSizeGreaterThanOrEqualTo(3);

    host.close();

    for (Thread thread : threads) {
      thread.join(PATIENCE_MILLIS);
    }
    assertThat(threads()).isEmpty();
  }

  @Test
  void close_letsAPassEnd() throws Exception {
    var begun = new CountDownLatch(1);
    var gate = new CountDownLatch(1);
    var wasInterrupted = new CompletableFuture<Boolean>();
    host.work(
        RUN,
        () -> {
          standHere(begun, gate);
          wasInterrupted.complete(Thread.interrupted());
        },
        () -> {});
    await(begun);

    host.close();
    gate.countDown();

    assertThat(wasInterrupted.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isFalse();
  }

  @Test
  void whatComesAfterClose_isDropped() throws Exception {
    settle();
    Set<Thread> threads = threads();
    var seen = new LinkedBlockingQueue<String>();

    host.close();
    host.post(() -> seen.add("event"));
    host.after(Duration.ZERO, () -> seen.add("timer"));
    host.<String>io(() -> "", (value, thrown) -> seen.add("reply"));

    for (Thread thread : threads) {
      thread.join(PATIENCE_MILLIS);
    }
    assertThat(threads()).isEmpty();
    assertThat(seen).isEmpty();
    host.close(); // again does nothing
  }

  @Test
  void virtualThreads_runPassesWhereThereAreAny() throws Exception {
    assumeTrue(
        Host.virtualThreadsAvailable(),
        () -> "virtual threads need Java 21, this is Java " + Runtime.version().feature());
    try (Host virtual = Host.threads(name + "-virtual", true)) {
      var ended = new LinkedBlockingQueue<Boolean>();
      var daemon = new CompletableFuture<Boolean>();

      virtual.work(
          RUN, () -> daemon.complete(Thread.currentThread().isDaemon()), () -> ended.add(true));

      assertThat(next(ended)).isTrue();
      assertThat(daemon).isCompletedWithValue(true); // as virtual threads always are
    }
  }

  @Test
  void virtualThreads_areRefusedWhereThereAreNone() {
    assumeTrue(!Host.virtualThreadsAvailable(), "this JVM has virtual threads");

    assertThatThrownBy(() -> Host.threads(name, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "virtual threads need Java 21 or later, this is Java " + Runtime.version().feature());
  }
}
