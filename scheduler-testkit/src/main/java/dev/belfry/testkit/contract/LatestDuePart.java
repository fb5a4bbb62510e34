// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.store.Amendment;
import dev.belfry.store.Claimed;
import dev.belfry.store.Due;
import dev.belfry.store.Ending;
import dev.belfry.store.JobStore;
import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoKind;
import dev.belfry.store.NewMemo;
import dev.belfry.store.Outcome;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A run that goes on may be due by an instant, whatever it sleeps or waits for. */
abstract class LatestDuePart extends ContractPart {
  private static final Instant LATEST = START.plusSeconds(60);
  private static final Duration LONG = Duration.ofHours(1);

  LatestDuePart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private static Ending suspendedOn(MemoKind kind, Optional<Due> until) {
    var memo = NewMemo.pending(MemoKey.of("part"), kind, until);
    return new Ending.Suspended(List.of(memo), "waits for it");
  }

  /** Has a run claimed and end its pass so. */
  private RunId ended(NodeId node, Ending ending) {
    Claimed claimed = running(node);
    var outcome =
        new Outcome(
            claimed.id(),
            claimed.fence(),
            ending,
            ranFor(Duration.ofSeconds(1)),
            Optional.of(LATEST.plusNanos(999)));
    assertThat(store.exchange(node, List.of(outcome), List.of()).verdicts())
        .containsExactly(Verdict.APPLIED);
    return claimed.id();
  }

  /** A claim finds the run at the instant, and not before it. */
  private void isDueAtTheLatest(NodeId node, RunId run) {
    assertThat(exchange(node, demand(1, quota(lane(JOB), 1))).nextDue())
        .containsEntry(lane(JOB), LATEST);
    advance(Duration.ofSeconds(60).minusNanos(1_000));
    assertThat(claim(node, 1)).isEmpty();
    advance(Duration.ofNanos(1_000));
    Claimed claimed = claimOne(node);
    assertThat(claimed.id()).isEqualTo(run);
    assertThat(claimed.dueAt()).isEqualTo(LATEST);
    assertThat(claimed.firstDueAt()).isEqualTo(START);
  }

  @Test
  void runThatWaitsForItsRetry_isDueByTheInstant() {
    NodeId node = join();
    RunId run = ended(node, retriedIn(LONG));

    assertThat(read(run).state()).isEqualTo(new RunState.Scheduled(LATEST, 1, true));
    isDueAtTheLatest(node, run);
  }

  @Test
  void runThatSleeps_isDueByTheInstant() {
    NodeId node = join();
    RunId run = ended(node, suspendedOn(MemoKind.SLEEP, Optional.of(new Due.After(LONG))));

    assertThat(read(run).state()).isEqualTo(new RunState.Scheduled(LATEST, 1, false));
    isDueAtTheLatest(node, run);
  }

  @Test
  void runThatIsSnoozed_isDueByTheInstant() {
    NodeId node = join();
    RunId run = ended(node, new Ending.Snoozed(LONG, "not yet"));

    assertThat(read(run).state()).isEqualTo(new RunState.Scheduled(LATEST, 1, false));
    isDueAtTheLatest(node, run);
  }

  @Test
  void runThatWaitsForALongTime_waitsUntilTheInstant() {
    NodeId node = join();
    RunId run = ended(node, suspendedOn(MemoKind.INVOKE, Optional.of(new Due.After(LONG))));

    assertThat(read(run).state()).isEqualTo(new RunState.Waiting("waits for it", 1));
    isDueAtTheLatest(node, run);
  }

  @Test
  void runThatWaitsForEver_waitsUntilTheInstant() {
    NodeId node = join();
    RunId run = ended(node, suspendedOn(MemoKind.INVOKE, Optional.empty()));

    assertThat(read(run).state()).isEqualTo(new RunState.Waiting("waits for it", 1));
    isDueAtTheLatest(node, run);
  }

  @Test
  void runThatIsDueBefore_staysSo() {
    NodeId node = join();
    RunId run = ended(node, retriedIn(Duration.ofSeconds(5)));

    assertThat(read(run).state()).isEqualTo(new RunState.Scheduled(START.plusSeconds(5), 1, true));
  }

  @Test
  void runThatIsCancelledWhileItWaits_isDueAtOnce() {
    NodeId node = join();
    RunId run = ended(node, suspendedOn(MemoKind.INVOKE, Optional.empty()));

    cancel(run);

    assertThat(claimOne(node).cancelRequested()).contains("asked by ann");
  }

  @Test
  void blockedRun_isNotDue() {
    NodeId node = join();
    RunId run = ended(node, new Ending.Blocked("undecodable"));
    advance(Duration.ofMinutes(2));

    assertThat(claim(node, 1)).isEmpty();
    amend(new Amendment.Release(run, "ann"));
    assertThat(claimOne(node).firstDueAt()).isEqualTo(START);
  }
}
