// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.host.Host;
import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.store.JobStore;
import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoKind;
import dev.belfry.store.MemoWrite;
import dev.belfry.store.NewMemo;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import dev.belfry.store.Verdict;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Memos that are written at one time share a call, and no caller gets another's answer. */
class MemoWriterTest {
  private static final NodeId NODE = new NodeId(new UUID(1, 1));
  private static final int CALLERS = 20;

  private final Host host = Host.threads("test", false);
  private final List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch firstCall = new CountDownLatch(1);
  private final CountDownLatch letGo = new CountDownLatch(1);

  @AfterEach
  void close() {
    host.close();
  }

  /** Returns a store whose first call waits, and that answers as told. */
  private JobStore store(Function<List<MemoWrite>, List<Verdict>> answer) {
    return (JobStore)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {JobStore.class},
            (proxy, method, arguments) -> {
              @SuppressWarnings("unchecked") // only record is called
              var writes = (List<MemoWrite>) arguments[1];
              sizes.add(writes.size());
              firstCall.countDown();
              assertThat(letGo.await(10, TimeUnit.SECONDS)).isTrue();
              return answer.apply(writes);
            });
  }

  private static MemoWrite write(int number) {
    return new MemoWrite(
        new RunId(new UUID(7, number)),
        1,
        NewMemo.pending(MemoKey.of("s" + number), MemoKind.STEP, Optional.empty()));
  }

  private static boolean isOdd(MemoWrite write) {
    return write.run().value().getLeastSignificantBits() % 2 == 1;
  }

  /** Has many callers write while the first call is under way, and returns what each got. */
  private List<String> writeAll(MemoWriter writer) throws InterruptedException {
    var answers = new String[CALLERS];
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < CALLERS; i++) {
      int number = i;
      var thread =
          new Thread(
              () -> {
                try {
                  answers[number] = writer.write(NODE, List.of(write(number))).toString();
                } catch (StoreException e) {
                  answers[number] = e.getMessage();
                }
              });
      threads.add(thread);
      thread.start();
      assertThat(firstCall.await(10, TimeUnit.SECONDS)).isTrue();
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (threads.stream().anyMatch(thread -> thread.getState() == Thread.State.RUNNABLE)
        && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    letGo.countDown();
    for (Thread thread : threads) {
      thread.join(10_000);
    }
    return List.of(answers);
  }

  @Test
  void callersWhoWait_shareTheNextCall_andEachGetsItsOwnAnswer() throws InterruptedException {
    var writer =
        new MemoWriter(
            host,
            store(
                writes ->
                    writes.stream()
                        .map(write -> isOdd(write) ? Verdict.REFUSED : Verdict.APPLIED)
                        .toList()));

    List<String> answers = writeAll(writer);

    for (int i = 0; i < CALLERS; i++) {
      assertThat(answers.get(i)).isEqualTo(i % 2 == 1 ? "[REFUSED]" : "[APPLIED]");
    }
    assertThat(sizes).containsExactly(1, CALLERS - 1);
  }

  @Test
  void oneWhoseWriteIsRefusedForGood_failsNoOther() throws InterruptedException {
    var writer =
        new MemoWriter(
            host,
            store(
                writes -> {
                  if (writes.stream().anyMatch(write -> write.memo().key().id().equals("s7"))) {
                    throw new StoreException(Kind.PERMANENT, "no s7", null);
                  }
                  return Collections.nCopies(writes.size(), Verdict.APPLIED);
                }));

    List<String> answers = writeAll(writer);

    assertThat(answers.get(7)).isEqualTo("no s7");
    assertThat(answers).filteredOn("[APPLIED]"::equals).hasSize(CALLERS - 1);
  }

  @Test
  void writerThatFailed_goesOnWithTheNext() {
    letGo.countDown();
    var failures = new ArrayList<>(List.of("lost"));
    var writer =
        new MemoWriter(
            host,
            store(
                writes -> {
                  if (!failures.isEmpty()) {
                    throw new StoreException(Kind.UNKNOWN, failures.remove(0), null);
                  }
                  return List.of(Verdict.APPLIED);
                }));

    assertThatThrownBy(() -> writer.write(NODE, List.of(write(1)))).hasMessage("lost");
    assertThat(writer.write(NODE, List.of(write(1)))).containsExactly(Verdict.APPLIED);
  }
}
