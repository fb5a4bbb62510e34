// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.run.RunId;
import dev.belfry.run.Unique;
import dev.belfry.store.Accepted;
import dev.belfry.store.NewRun;
import dev.belfry.store.Payload;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers who insert at the same time share a commit, and no one's fault is another's. */
@Timeout(60)
class InsertGroupsTest {
  private static final int AT_ONCE = 4;

  private final List<List<NewRun>> commits = Collections.synchronizedList(new ArrayList<>());
  private final Semaphore open = new Semaphore(0, true);
  private final CountDownLatch underWay = new CountDownLatch(AT_ONCE);
  private final InsertGroups groups = new InsertGroups(this::commit);

  private Optional<RunId> poison = Optional.empty();
  private Kind failure = Kind.PERMANENT;
  private long ids;

  /** Commits wait until the test has its other callers in the queue. */
  private List<Accepted> commit(List<NewRun> runs) {
    commits.add(runs);
    underWay.countDown();
    try {
      open.acquire();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (runs.stream().map(NewRun::id).anyMatch(id -> Optional.of(id).equals(poison))) {
      throw new StoreException(failure, "it is poison", null);
    }
    return runs.stream().<Accepted>map(run -> new Accepted.Created(run.id())).toList();
  }

  private NewRun run() {
    ids++;
    return NewRun.of(RunId.of(1_000, 0, ids), "job", Payload.of("test", new byte[] {1}));
  }

  private Caller insert(NewRun... runs) throws InterruptedException {
    var task = new FutureTask<>(() -> groups.insert(List.of(runs)));
    var thread = new Thread(task, "caller");
    thread.start();
    return new Caller(thread, task);
  }

  private record Caller(Thread thread, FutureTask<List<Accepted>> answer) {
    void awaitQueued() {
      while (thread.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    }

    List<Accepted> answered() throws Exception {
      return answer.get(30, TimeUnit.SECONDS);
    }
  }

  /** Has commits under way, and then callers in the queue, one run each. */
  private List<Caller> queueBehindOthers(List<NewRun> runs) throws InterruptedException {
    for (int i = 0; i < AT_ONCE; i++) {
      insert(run());
    }
    underWay.await();
    var callers = new ArrayList<Caller>();
    for (NewRun run : runs) {
      Caller caller = insert(run);
      caller.awaitQueued();
      callers.add(caller);
    }
    return callers;
  }

  @Test
  void loneCaller_goesAtOnce() {
    open.release(100);
    NewRun run = run();

    assertThat(groups.insert(List.of(run))).containsExactly(new Accepted.Created(run.id()));
    assertThat(commits).containsExactly(List.of(run));
  }

  @Test
  void callersWhoComeMeanwhile_shareTheNextCommit_andEachGetsItsOwnAnswer() throws Exception {
    List<NewRun> runs = Stream.generate(this::run).limit(5).toList();
    List<Caller> callers = queueBehindOthers(runs);

    open.release(100);

    for (int i = 0; i < runs.size(); i++) {
      assertThat(callers.get(i).answered()).containsExactly(new Accepted.Created(runs.get(i).id()));
    }
    assertThat(commits).hasSize(AT_ONCE + 1);
    assertThat(commits.get(AT_ONCE)).isEqualTo(runs);
  }

  private void awaitCommits(int count) {
    while (commits.size() < count) {
      Thread.onSpinWait();
    }
  }

  @Test
  void crowd_hasTwoGroupsUnderWay() throws Exception {
    List<Caller> first = queueBehindOthers(Stream.generate(this::run).limit(5).toList());
    open.release(AT_ONCE); // so that the five are under way alone
    awaitCommits(AT_ONCE + 1);
    insert(run());
    awaitCommits(AT_ONCE + 2);

    Caller third = insert(run());
    third.awaitQueued();

    assertThat(commits).hasSize(AT_ONCE + 2);
    open.release(100);
    assertThat(third.answered()).hasSize(1);
    assertThat(first.get(4).answered()).hasSize(1);
  }

  @Test
  void groupThatIsRefused_isDoneCallByCall_soThatOneAloneFails() throws Exception {
    List<NewRun> runs = Stream.generate(this::run).limit(3).toList();
    poison = Optional.of(runs.get(1).id());
    List<Caller> callers = queueBehindOthers(runs);

    open.release(100);

    assertThat(callers.get(0).answered()).hasSize(1);
    assertThat(callers.get(2).answered()).hasSize(1);
    assertThatThrownBy(callers.get(1)::answered)
        .cause()
        .isInstanceOf(StoreException.class)
        .hasMessage("it is poison");
  }

  @Test
  void groupOfUnknownOutcome_isUnknownToEachCaller_andNotRepeated() throws Exception {
    List<NewRun> runs = Stream.generate(this::run).limit(3).toList();
    poison = Optional.of(runs.get(0).id());
    failure = Kind.UNKNOWN;
    List<Caller> callers = queueBehindOthers(runs);

    open.release(100);

    for (Caller caller : callers) {
      assertThatThrownBy(caller::answered)
          .cause()
          .isInstanceOf(StoreException.class)
          .extracting(e -> ((StoreException) e).kind())
          .isEqualTo(Kind.UNKNOWN);
    }
    assertThat(commits).hasSize(AT_ONCE + 1);
  }

  @Test
  void largeCallsAndThoseWithKeys_goAlone() {
    NewRun keyed = run().withUnique(Optional.of(Unique.whileActive("k")));
    List<NewRun> many = IntStream.range(0, 101).mapToObj(i -> run()).toList();

    assertThat(InsertGroups.takes(List.of(run()))).isTrue();
    assertThat(InsertGroups.takes(List.of(keyed))).isFalse();
    assertThat(InsertGroups.takes(many)).isFalse();
  }
}
