// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.store.Amendment;
import dev.belfry.store.Claimed;
import dev.belfry.store.Delivery;
import dev.belfry.store.Due;
import dev.belfry.store.Ending;
import dev.belfry.store.JobStore;
import dev.belfry.store.Memo;
import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoKind;
import dev.belfry.store.MemoValue;
import dev.belfry.store.MemoWrite;
import dev.belfry.store.NewMemo;
import dev.belfry.store.PendingCount;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A run that sleeps or waits holds nothing, and goes on with its attempt. */
abstract class SuspendPart extends ContractPart {
  private static final MemoKey NAP = MemoKey.of("nap");
  private static final MemoKey CALL = MemoKey.of("call");
  private static final MemoKey OTHER = MemoKey.of("other");
  private static final MemoValue ANSWER = new MemoValue.Result(payload("42"));

  SuspendPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private static NewMemo sleep(Duration time) {
    return NewMemo.pending(NAP, MemoKind.SLEEP, Optional.of(new Due.After(time)));
  }

  private static NewMemo call(MemoKey key) {
    return NewMemo.pending(key, MemoKind.INVOKE, Optional.empty());
  }

  private static NewMemo callFor(Duration limit) {
    return NewMemo.pending(CALL, MemoKind.INVOKE, Optional.of(new Due.After(limit)));
  }

  private Verdict suspend(NodeId node, Claimed claimed, NewMemo... on) {
    return end(node, claimed, new Ending.Suspended(Arrays.asList(on), "waits for it"));
  }

  /** Inserts a run, has it claimed and suspended. */
  private RunId suspended(NodeId node, NewMemo... on) {
    Claimed claimed = running(node);
    assertThat(suspend(node, claimed, on)).isEqualTo(Verdict.APPLIED);
    return claimed.id();
  }

  /** Delivers an effect with some entry. */
  private void wake(NodeId node, RunId run, MemoKey key, MemoValue value) {
    insert(newRun("parent").withWatched(true));
    exchange(node, demand(1, quota(lane("parent"), 1)));
    for (Claimed held : store.heldBy(node)) {
      if (held.job().equals("parent")) {
        end(node, held, done());
      }
    }
    long entry = store.inbox(10).get(0).id();
    assertThat(
            store.deliver(
                List.of(new Delivery(entry, List.of(new Delivery.WakeRun(run, key, value))))))
        .containsExactly(Verdict.APPLIED);
  }

  private Memo memo(RunId run, MemoKey key) {
    return memos(run).stream().filter(memo -> memo.key().equals(key)).findFirst().orElseThrow();
  }

  @Test
  void sleep_schedulesTheSameAttempt() {
    NodeId node = join();
    Claimed claimed = running(node);
    advance(Duration.ofSeconds(1));

    suspend(node, claimed, sleep(Duration.ofDays(1)));

    Instant until = START.plusSeconds(1).plus(Duration.ofDays(1));
    assertThat(read(claimed.id()).state()).isEqualTo(new RunState.Scheduled(until, 1, false));
    assertThat(memo(claimed.id(), NAP).until()).contains(until);
    Pass pass = lastPass(claimed.id());
    assertThat(pass.event()).isEqualTo(Pass.Event.SUSPENDED);
    assertThat(pass.detail()).isEqualTo("waits for it");
    assertThat(store.heldBy(node)).isEmpty();
    assertThat(claim(node, 5)).isEmpty();
    advance(Duration.ofDays(1));
    Claimed second = claimOne(node);
    assertThat(second.attempt()).isEqualTo(1);
    assertThat(second.opened()).isFalse();
    assertThat(second.fence()).isEqualTo(2);
    assertThat(second.dueAt()).isEqualTo(until);
  }

  @Test
  void sleep_keepsTheTimeThatWasWrittenFirst() {
    NodeId node = join();
    RunId run = suspended(node, sleep(Duration.ofMinutes(1)));
    advance(Duration.ofSeconds(30));
    amend(new Amendment.Reschedule(run, new Due.Now(), "ann"));

    suspend(node, claimOne(node), sleep(Duration.ofMinutes(9)));

    assertThat(read(run).state())
        .isEqualTo(new RunState.Scheduled(START.plusSeconds(60), 1, false));
  }

  @Test
  void partThatIsSettledAlready_letsTheRunGoOnAtOnce() {
    NodeId node = join();
    Claimed claimed = running(node);
    var nap = NewMemo.settled(NAP, MemoKind.SLEEP, "", ANSWER);
    store.record(node, List.of(new MemoWrite(claimed.id(), claimed.fence(), nap)));

    suspend(node, claimed, call(CALL), sleep(Duration.ofDays(1)));

    assertThat(read(claimed.id()).state()).isEqualTo(new RunState.Scheduled(START, 1, false));
    assertThat(memo(claimed.id(), NAP).value()).isEqualTo(ANSWER);
    assertThat(claimOne(node).opened()).isFalse();
  }

  @Test
  void call_waitsForEver() {
    NodeId node = join();

    RunId run = suspended(node, call(CALL));

    assertThat(read(run).state()).isEqualTo(new RunState.Waiting("waits for it", 1));
    advance(Duration.ofDays(1_000));
    assertThat(claim(node, 5)).isEmpty();
    assertThat(store.nextDue(JOB)).isEmpty();
  }

  @Test
  void call_goesOnWhenItIsSettled() {
    NodeId node = join();
    RunId run = suspended(node, call(CALL));
    advance(Duration.ofSeconds(9));

    wake(node, run, CALL, ANSWER);

    assertThat(read(run).state()).isEqualTo(new RunState.Scheduled(START.plusSeconds(9), 1, false));
    assertThat(memo(run, CALL).value()).isEqualTo(ANSWER);
    assertThat(fence(run)).isEqualTo(1);
    Claimed second = claimOne(node);
    assertThat(second.opened()).isFalse();
    assertThat(second.attempt()).isEqualTo(1);
    assertThat(end(node, second, done())).isEqualTo(Verdict.APPLIED);
  }

  @Test
  void call_isSettledOnce() {
    NodeId node = join();
    RunId run = suspended(node, call(CALL), call(OTHER));
    wake(node, run, CALL, ANSWER);

    wake(node, run, CALL, new MemoValue.Failed(failure()));

    assertThat(memo(run, CALL).value()).isEqualTo(ANSWER);
    assertThat(memo(run, OTHER).value()).isEqualTo(MemoValue.pending());
  }

  @Test
  void call_goesOnWhenItsTimeIsOver() {
    NodeId node = join();
    RunId run = suspended(node, callFor(Duration.ofHours(1)), call(OTHER));
    assertThat(read(run).state()).isEqualTo(new RunState.Waiting("waits for it", 1));
    assertThat(claim(node, 5)).isEmpty();
    assertThat(store.nextDue(JOB)).contains(START.plus(Duration.ofHours(1)));
    advance(Duration.ofHours(1));

    Claimed second = claimOne(node);

    assertThat(second.opened()).isFalse();
    assertThat(second.dueAt()).isEqualTo(START.plus(Duration.ofHours(1)));
    assertThat(read(run).state())
        .isEqualTo(new RunState.Running(node, START.plus(Duration.ofHours(1)), 1, false));
    assertThat(memo(run, CALL).value()).isEqualTo(MemoValue.pending());
    end(node, second, handedBack());
    assertThat(read(run).status()).isEqualTo(Status.SCHEDULED);
    assertThat(claimOne(node).opened()).isFalse();
  }

  @Test
  void call_withATimeGoesOnBeforeItIfItIsSettled() {
    NodeId node = join();
    RunId run = suspended(node, callFor(Duration.ofHours(1)));

    wake(node, run, CALL, ANSWER);

    assertThat(claimOne(node).id()).isEqualTo(run);
    assertThat(claim(node, 5)).isEmpty();
  }

  @Test
  void sleepBesideACall_isItsTime() {
    NodeId node = join();

    RunId run = suspended(node, call(CALL), sleep(Duration.ofMinutes(1)));

    assertThat(read(run).status()).isEqualTo(Status.WAITING);
    assertThat(store.nextDue(JOB)).contains(START.plusSeconds(60));
  }

  @Test
  void settledWhileRunning_isNotLost() {
    NodeId node = join();
    Claimed claimed = running(node);
    store.record(node, List.of(new MemoWrite(claimed.id(), claimed.fence(), call(CALL))));

    wake(node, claimed.id(), CALL, ANSWER);

    assertThat(store.heldBy(node)).extracting(Claimed::fence).containsExactly(claimed.fence());
    assertThat(suspend(node, claimed, call(CALL))).isEqualTo(Verdict.APPLIED);
    assertThat(claimOne(node).id()).isEqualTo(claimed.id());
    assertThat(memo(claimed.id(), CALL).value()).isEqualTo(ANSWER);
  }

  @Test
  void wake_ofWhatDoesNotWait_doesNothing() {
    NodeId node = join();
    RunId sleeping = suspended(node, sleep(Duration.ofMinutes(1)));
    RunId ended = completed(node, newRun());

    wake(node, sleeping, NAP, ANSWER);
    wake(node, sleeping, OTHER, ANSWER);
    wake(node, ended, CALL, ANSWER);
    wake(node, nextId(), CALL, ANSWER);

    assertThat(memo(sleeping, NAP).value()).isEqualTo(MemoValue.pending());
    assertThat(read(sleeping).state())
        .isEqualTo(new RunState.Scheduled(START.plusSeconds(60), 1, false));
    assertThat(store.memos(List.of(ended))).isEmpty();
  }

  @Test
  void cancel_wakesARunThatWaits() {
    NodeId node = join();
    RunId forEver = suspended(node, call(CALL));
    RunId limited = suspended(node, callFor(Duration.ofDays(1)));

    cancel(forEver);
    cancel(limited);

    List<Claimed> claimed = claim(node, 5);
    assertThat(claimed).extracting(Claimed::id).containsExactly(forEver, limited);
    assertThat(claimed).allMatch(claim -> claim.cancelRequested().isPresent());
    assertThat(claimed).noneMatch(Claimed::opened);
    end(node, claimed.get(0), new Ending.Cancelled("asked by ann"));
    assertThat(read(forEver).status()).isEqualTo(Status.CANCELLED);
  }

  @Test
  void suspendedThoughAskedToEnd_isDueAtOnce() {
    NodeId node = join();
    Claimed claimed = running(node);
    cancel(claimed.id());

    suspend(node, claimed, callFor(Duration.ofDays(1)));

    assertThat(claimOne(node).cancelRequested()).isPresent();
  }

  @Test
  void reschedule_ofARunThatWaits_isRefused() {
    NodeId node = join();
    RunId run = suspended(node, callFor(Duration.ofDays(1)));

    assertThat(amend(new Amendment.Reschedule(run, new Due.Now(), "ann")))
        .isEqualTo(Verdict.REFUSED);

    assertThat(read(run).status()).isEqualTo(Status.WAITING);
  }

  @Test
  void runs_areFoundByTheirState() {
    NodeId node = join();
    RunId forEver = suspended(node, call(CALL));
    RunId limited = suspended(node, callFor(Duration.ofDays(1)));
    RunId sleeping = suspended(node, sleep(Duration.ofDays(1)));

    assertThat(found(Status.WAITING)).containsExactly(limited, forEver);
    assertThat(found(Status.SCHEDULED)).containsExactly(sleeping);
    assertThat(found(Status.RUNNING)).isEmpty();
    assertThat(found(Status.WAITING, Status.SCHEDULED, Status.BLOCKED))
        .containsExactly(sleeping, limited, forEver);
  }

  private List<RunId> found(Status first, Status... more) {
    return store.runs(RunQuery.all().in(first, more)).items().stream()
        .map(record -> record.run().id())
        .toList();
  }

  @Test
  void suspendedAgain_isRepeated() {
    NodeId node = join();
    Claimed claimed = running(node);
    suspend(node, claimed, call(CALL));

    assertThat(suspend(node, claimed, call(CALL))).isEqualTo(Verdict.REPEATED);
    assertThat(suspend(node, claimed, sleep(Duration.ZERO))).isEqualTo(Verdict.REPEATED);
  }

  @Test
  void suspended_isOnPendingParts() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Ending.Suspended(List.of(), "x"))
        .withMessage("a run is suspended on pending parts, at least one, was []");
  }

  @Test
  void pending_tellsRunsThatSleepFromThoseThatWait() {
    NodeId node = join();
    suspended(node, call(CALL));
    suspended(node, callFor(Duration.ofMinutes(9)));
    suspended(node, sleep(Duration.ofMinutes(5)));

    assertThat(store.pending())
        .containsExactly(
            new PendingCount(JOB, Status.SCHEDULED, 1, Optional.of(START.plusSeconds(300))),
            new PendingCount(JOB, Status.WAITING, 2, Optional.empty()));
  }
}
