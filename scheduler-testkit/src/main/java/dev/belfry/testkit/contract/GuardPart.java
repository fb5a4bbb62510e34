// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.store.Claimed;
import dev.belfry.store.Ending;
import dev.belfry.store.JobStore;
import dev.belfry.store.Outcome;
import dev.belfry.store.PassReport;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** "Was my write applied?" has one answer. */
abstract class GuardPart extends ContractPart {
  GuardPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private static List<Ending> endings() {
    return List.of(
        done(),
        failed(),
        new Ending.TimedOut(failure(), "too long"),
        new Ending.Cancelled("asked"),
        new Ending.Skipped("policy"),
        retriedIn(Duration.ofHours(1)),
        new Ending.Snoozed(Duration.ofHours(1), "sleeps"),
        new Ending.Blocked("bad input"),
        handedBack());
  }

  @Test
  void outcomeAgain_isRepeated() {
    NodeId node = join();
    for (Ending ending : endings()) {
      Claimed claimed = running(node);
      assertThat(end(node, claimed, ending)).as("%s", ending).isEqualTo(Verdict.APPLIED);
      var after = store.runs(List.of(claimed.id()));
      advance(Duration.ofSeconds(1));

      assertThat(end(node, claimed, ending)).as("%s again", ending).isEqualTo(Verdict.REPEATED);

      assertThat(store.runs(List.of(claimed.id()))).isEqualTo(after);
      assertThat(store.passes(claimed.id())).hasSize(1);
    }
  }

  @Test
  void outcomeAgain_afterTheRunWasClaimedAnew_isRepeated() {
    NodeId node = join();
    Claimed claimed = running(node);
    end(node, claimed, retriedIn(Duration.ZERO));
    claimOne(node);

    assertThat(end(node, claimed, retriedIn(Duration.ZERO))).isEqualTo(Verdict.REPEATED);

    assertThat(read(claimed.id()).status()).isEqualTo(Status.RUNNING);
  }

  @Test
  void otherOutcomeOfTheSamePass_isRefused() {
    NodeId node = join();
    Claimed claimed = running(node);
    end(node, claimed, done());

    assertThat(end(node, claimed, failed())).isEqualTo(Verdict.REFUSED);

    assertThat(read(claimed.id()).status()).isEqualTo(Status.COMPLETED);
    assertThat(store.passes(claimed.id())).hasSize(1);
  }

  @Test
  void outcomeOfAnotherNode_isRefused() {
    Claimed claimed = running(join());

    assertThat(end(join(), claimed, done())).isEqualTo(Verdict.REFUSED);

    assertThat(read(claimed.id()).status()).isEqualTo(Status.RUNNING);
    assertThat(store.passes(claimed.id())).isEmpty();
  }

  @Test
  void outcomeOfAnotherNodeAfterTheEnd_isRefused() {
    NodeId node = join();
    Claimed claimed = running(node);
    end(node, claimed, done());

    assertThat(end(join(), claimed, done())).isEqualTo(Verdict.REFUSED);
  }

  @Test
  void outcomeOfAnEarlierFence_isRefused() {
    NodeId node = join();
    Claimed earlier = running(node);
    end(node, earlier, handedBack());
    claimOne(node);

    assertThat(end(node, earlier, done())).isEqualTo(Verdict.REFUSED);

    assertThat(read(earlier.id()).status()).isEqualTo(Status.RUNNING);
  }

  @Test
  void outcomeOfARunThatNobodyHolds_isRefused() {
    NodeId node = join();
    RunId run = insert(newRun());
    var outcome = new Outcome(run, 0, done(), PassReport.NOT_STARTED);

    assertThat(store.exchange(node, List.of(outcome), List.of()).verdicts())
        .containsExactly(Verdict.REFUSED);
    assertThat(read(run).status()).isEqualTo(Status.SCHEDULED);
  }

  @Test
  void outcomeOfAnUnknownRun_isRefused() {
    var outcome = new Outcome(nextId(), 1, done(), PassReport.NOT_STARTED);

    assertThat(store.exchange(join(), List.of(outcome), List.of()).verdicts())
        .containsExactly(Verdict.REFUSED);
  }

  @Test
  void outcomes_areGuardedEachByItself() {
    NodeId node = join();
    Claimed good = running(node);
    Claimed stale = running(node);
    Claimed gone = running(node);
    end(node, gone, done());

    var verdicts =
        store
            .exchange(
                node,
                List.of(
                    new Outcome(stale.id(), 99, done(), PassReport.NOT_STARTED),
                    new Outcome(gone.id(), 1, done(), PassReport.NOT_STARTED),
                    new Outcome(good.id(), 1, done(), PassReport.NOT_STARTED)),
                List.of())
            .verdicts();

    assertThat(verdicts).containsExactly(Verdict.REFUSED, Verdict.REPEATED, Verdict.APPLIED);
    assertThat(lastPass(good.id()).event()).isEqualTo(Pass.Event.COMPLETED);
    assertThat(read(stale.id()).status()).isEqualTo(Status.RUNNING);
  }

  @Test
  void outcomeTwiceInOneCall_isAppliedOnce() {
    NodeId node = join();
    Claimed claimed = running(node);
    var outcome = new Outcome(claimed.id(), 1, done(), PassReport.NOT_STARTED);

    assertThat(store.exchange(node, List.of(outcome, outcome), List.of()).verdicts())
        .containsExactly(Verdict.APPLIED, Verdict.REPEATED);
  }
}
