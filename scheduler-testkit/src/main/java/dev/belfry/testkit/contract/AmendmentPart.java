// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.Counters;
import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.store.Amendment;
import dev.belfry.store.Claimed;
import dev.belfry.store.Due;
import dev.belfry.store.Ending;
import dev.belfry.store.JobStore;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What somebody outside may do to a run. */
abstract class AmendmentPart extends ContractPart {
  private static final Duration HOUR = Duration.ofHours(1);

  AmendmentPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private Amendment reschedule(RunId run, Instant due) {
    return new Amendment.Reschedule(run, new Due.At(due), "ann");
  }

  private Amendment release(RunId run) {
    return new Amendment.Release(run, "ann");
  }

  private Claimed blocked(NodeId node) {
    Claimed claimed = running(node);
    end(node, claimed, new Ending.Blocked("bad input"));
    return claimed;
  }

  @Test
  void cancel_makesAScheduledRunDueWithTheRequest() {
    RunId run = insert(newRun().withDue(in(HOUR)));
    advance(Duration.ofSeconds(3));

    assertThat(cancel(run)).isEqualTo(Verdict.APPLIED);

    assertThat(read(run).state()).isEqualTo(RunState.Scheduled.first(START.plusSeconds(3)));
    assertThat(read(run).cancelRequested()).isTrue();
    assertThat(read(run).dueAt()).isEqualTo(START.plus(HOUR));
    Claimed claimed = claimOne(join());
    assertThat(claimed.cancelRequested()).contains("asked by ann");
    assertThat(claimed.fence()).isEqualTo(2);
  }

  @Test
  void cancel_ofARunThatNobodyHolds_leavesALineOfHistory() {
    RunId run = insert(newRun());

    cancel(run);

    assertThat(fence(run)).isEqualTo(1);
    Pass pass = lastPass(run);
    assertThat(pass.event()).isEqualTo(Pass.Event.MOVED);
    assertThat(pass.fence()).isEqualTo(1);
    assertThat(pass.attempt()).isZero();
    assertThat(pass.job()).isEqualTo(JOB);
    assertThat(pass.node()).isEmpty();
    assertThat(pass.detail()).contains("asked by ann");
    assertThat(pass.startedAt()).isEqualTo(START);
    assertThat(pass.endedAt()).isEqualTo(START);
    assertThat(pass.ran()).isZero();
    assertThat(pass.counters()).isEqualTo(Counters.NONE);
  }

  @Test
  void cancelAgain_isRepeated() {
    RunId run = insert(newRun());
    cancel(run);

    assertThat(amend(new Amendment.Cancel(run, "asked by bob"))).isEqualTo(Verdict.REPEATED);

    assertThat(fence(run)).isEqualTo(1);
    assertThat(claimOne(join()).cancelRequested()).contains("asked by ann");
  }

  @Test
  void cancel_ofABlockedRun_makesItDue() {
    NodeId node = join();
    Claimed claimed = blocked(node);

    assertThat(cancel(claimed.id())).isEqualTo(Verdict.APPLIED);

    assertThat(claimOne(node).cancelRequested()).contains("asked by ann");
  }

  @Test
  void cancel_ofARunningRun_isReportedToItsNodeUntilItEnds() {
    NodeId node = join();
    Claimed claimed = running(node);

    assertThat(cancel(claimed.id())).isEqualTo(Verdict.APPLIED);

    assertThat(fence(claimed.id())).isEqualTo(1);
    assertThat(store.passes(claimed.id())).isEmpty();
    assertThat(read(claimed.id()).cancelRequested()).isTrue();
    assertThat(cancel(claimed.id())).isEqualTo(Verdict.REPEATED);
    assertThat(exchange(node).cancels()).isEqualTo(Map.of(claimed.id(), "asked by ann"));
    assertThat(exchange(node).cancels()).containsOnlyKeys(claimed.id());
    assertThat(exchange(join()).cancels()).isEmpty();
    assertThat(store.heldBy(node).get(0).cancelRequested()).contains("asked by ann");
    end(node, claimed, new Ending.Cancelled("asked by ann"));
    assertThat(exchange(node).cancels()).isEmpty();
    assertThat(read(claimed.id()).cancelRequested()).isFalse();
  }

  @Test
  void cancelledRunThatEndsWell_hasCompleted() {
    NodeId node = join();
    Claimed claimed = running(node);
    cancel(claimed.id());

    assertThat(end(node, claimed, done())).isEqualTo(Verdict.APPLIED);

    assertThat(read(claimed.id()).status()).isEqualTo(Status.COMPLETED);
    assertThat(read(claimed.id()).cancelRequested()).isFalse();
  }

  @Test
  void cancelledRunThatIsRetried_isDueAtOnceWithTheRequest() {
    assertMeetsTheRequestAfter(retriedIn(HOUR));
  }

  @Test
  void cancelledRunThatIsSnoozed_isDueAtOnceWithTheRequest() {
    assertMeetsTheRequestAfter(new Ending.Snoozed(HOUR, "sleeps"));
  }

  @Test
  void cancelledRunThatIsHandedBack_isDueAtOnceWithTheRequest() {
    assertMeetsTheRequestAfter(handedBack());
  }

  @Test
  void cancelledRunThatIsBlocked_isDueAtOnceWithTheRequest() {
    assertMeetsTheRequestAfter(new Ending.Blocked("bad input"));
  }

  private void assertMeetsTheRequestAfter(Ending ending) {
    NodeId node = join();
    Claimed claimed = running(node);
    cancel(claimed.id());

    assertThat(end(node, claimed, ending)).isEqualTo(Verdict.APPLIED);

    assertThat(exchange(node).cancels()).isEmpty();
    assertThat(read(claimed.id()).cancelRequested()).isTrue();
    assertThat(claimOne(join()).cancelRequested()).contains("asked by ann");
  }

  @Test
  void cancel_ofEndedAndUnknownRuns_isRefused() {
    RunId ended = completed(join(), newRun());

    assertThat(cancel(ended)).isEqualTo(Verdict.REFUSED);
    assertThat(cancel(nextId())).isEqualTo(Verdict.REFUSED);
    assertThat(store.passes(ended)).hasSize(1);
  }

  @Test
  void reschedule_movesTheDueTime() {
    RunId run = insert(newRun());
    Instant due = START.plus(HOUR).plusNanos(1_999);

    assertThat(amend(reschedule(run, due))).isEqualTo(Verdict.APPLIED);

    assertThat(read(run).state())
        .isEqualTo(RunState.Scheduled.first(START.plus(HOUR).plusNanos(1_000)));
    assertThat(read(run).dueAt()).isEqualTo(START);
    assertThat(claim(join(), 5)).isEmpty();
    assertThat(fence(run)).isEqualTo(1);
    Pass pass = lastPass(run);
    assertThat(pass.event()).isEqualTo(Pass.Event.MOVED);
    assertThat(pass.fence()).isEqualTo(1);
    assertThat(pass.detail()).contains("ann");
    advance(HOUR.plusSeconds(1));
    assertThat(claimOne(join()).fence()).isEqualTo(2);
  }

  @Test
  void reschedule_keepsTheAttempt() {
    NodeId node = join();
    Claimed claimed = running(node);
    end(node, claimed, new Ending.Snoozed(HOUR, "sleeps"));

    amend(new Amendment.Reschedule(claimed.id(), new Due.Now(), "ann"));

    assertThat(read(claimed.id()).state()).isEqualTo(new RunState.Scheduled(START, 1, false));
    assertThat(claimOne(node).fence()).isEqualTo(3);
  }

  @Test
  void reschedule_ofRunsThatAreNotScheduled_isRefused() {
    NodeId node = join();
    RunId ended = completed(node, newRun());
    RunId blocked = blocked(node).id();
    RunId held = running(node).id();

    for (RunId run : List.of(held, ended, blocked, nextId())) {
      assertThat(amend(reschedule(run, START.plus(HOUR)))).isEqualTo(Verdict.REFUSED);
    }
    assertThat(fence(held)).isEqualTo(1);
  }

  @Test
  void release_makesABlockedRunDue() {
    NodeId node = join();
    RunId run = blocked(node).id();
    advance(Duration.ofSeconds(5));

    assertThat(amend(release(run))).isEqualTo(Verdict.APPLIED);

    assertThat(read(run).state()).isEqualTo(RunState.Scheduled.first(START.plusSeconds(5)));
    assertThat(fence(run)).isEqualTo(2);
    assertThat(lastPass(run).event()).isEqualTo(Pass.Event.MOVED);
    assertThat(lastPass(run).fence()).isEqualTo(2);
    assertThat(lastPass(run).detail()).contains("ann");
    assertThat(claimOne(node).attempt()).isEqualTo(1);
  }

  @Test
  void release_ofRunsThatAreNotBlocked_isRefused() {
    NodeId node = join();
    RunId ended = completed(node, newRun());
    RunId held = running(node).id();
    RunId scheduled = insert(newRun());

    for (RunId run : List.of(ended, held, scheduled, nextId())) {
      assertThat(amend(release(run))).isEqualTo(Verdict.REFUSED);
    }
  }

  @Test
  void amend_answersEachChangeInOrder() {
    RunId run = insert(newRun());

    assertThat(
            store.amend(
                List.of(release(run), reschedule(run, START), new Amendment.Cancel(nextId(), "x"))))
        .containsExactly(Verdict.REFUSED, Verdict.APPLIED, Verdict.REFUSED);
  }
}
