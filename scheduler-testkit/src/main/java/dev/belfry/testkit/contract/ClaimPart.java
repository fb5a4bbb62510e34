// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Target;
import dev.belfry.run.Trigger;
import dev.belfry.store.Claimed;
import dev.belfry.store.Due;
import dev.belfry.store.Exchanged;
import dev.belfry.store.JobStore;
import dev.belfry.store.NewRun;
import dev.belfry.store.Outcome;
import dev.belfry.store.PassReport;
import dev.belfry.store.PauseChange;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Which runs a node gets, and in what order. */
abstract class ClaimPart extends ContractPart {
  ClaimPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private static List<RunId> ids(Exchanged exchanged) {
    return exchanged.claimed().stream().map(Claimed::id).toList();
  }

  @Test
  void claim_givesAllThatANodeNeedsToKnow() {
    NodeId node = join();
    var run =
        newRun()
            .withDue(new Due.At(START.minusSeconds(5)))
            .withTrigger(Trigger.enqueue().by("ann"))
            .withTags(List.of("t"));
    insert(run);
    advance(Duration.ofSeconds(2));

    var claimed = claim(node, 5);

    var expected =
        new Claimed(
            run.id(),
            lane(JOB),
            JOB,
            1,
            1,
            true,
            START,
            START.minusSeconds(5),
            START.minusSeconds(5),
            START.plusSeconds(2),
            START.plusSeconds(2),
            payload("{}"),
            Trigger.enqueue().by("ann"),
            List.of("t"),
            Optional.empty(),
            0,
            Optional.empty(),
            Optional.empty());
    assertThat(claimed).containsExactly(expected);
    assertThat(store.heldBy(node)).containsExactly(expected);
    assertThat(read(run.id()).state())
        .isEqualTo(new RunState.Running(node, START.plusSeconds(2), 1, true));
    assertThat(read(run.id()).startedAt()).contains(START.plusSeconds(2));
  }

  @Test
  void claim_takesNothingBeforeItIsDue() {
    NodeId node = join();
    RunId run = insert(newRun().withDue(in(Duration.ofSeconds(10))));

    advance(Duration.ofSeconds(10).minusNanos(1_000));
    assertThat(claim(node, 5)).isEmpty();

    advance(Duration.ofNanos(1_000));
    assertThat(claimOne(node).id()).isEqualTo(run);
  }

  @Test
  void claim_goesByDueTimeThenId() {
    var first = newRun();
    var second = newRun();
    var late = newRun();
    var early = newRun().withDue(new Due.At(START.minusSeconds(1)));
    insert(late.withDue(in(Duration.ofSeconds(1))), second, first, early);
    advance(Duration.ofSeconds(1));

    assertThat(claim(join(), 10))
        .extracting(Claimed::id)
        .containsExactly(early.id(), first.id(), second.id(), late.id());
  }

  @Test
  void claim_comparesIdsUnsigned() {
    var low = newRun();
    var high = new RunId(new UUID(low.id().value().getMostSignificantBits(), Long.MIN_VALUE));
    var higher = new RunId(new UUID(Long.MIN_VALUE, Long.MIN_VALUE));
    for (RunId id : List.of(higher, high)) {
      insert(NewRun.of(id, JOB, payload("{}")));
    }

    var claimed = claim(join(), 10);

    assertThat(claimed).extracting(Claimed::id).containsExactly(high, higher);
  }

  @Test
  void claim_goesLaneByLaneInTheOrderAsked() {
    var low = newRun().withPriority(-1);
    var high = newRun().withPriority(3);
    insert(low, high);

    var exchanged = exchange(join(), demand(10, quota(lane(JOB, 3), 10), quota(lane(JOB, -1), 10)));

    assertThat(ids(exchanged)).containsExactly(high.id(), low.id());
  }

  @Test
  void claim_stopsAtTheQuotaOfALane() {
    var a = List.of(newRun("a"), newRun("a"), newRun("a"));
    var b = newRun("b");
    store.insert(a);
    insert(b);

    var exchanged = exchange(join(), demand(10, quota(lane("a"), 2), quota(lane("b"), 2)));

    assertThat(ids(exchanged)).containsExactly(a.get(0).id(), a.get(1).id(), b.id());
  }

  @Test
  void claim_stopsAtTheLimitOfADemand() {
    var a = List.of(newRun("a"), newRun("a"));
    var b = List.of(newRun("b"), newRun("b"));
    store.insert(a);
    store.insert(b);

    var exchanged = exchange(join(), demand(3, quota(lane("a"), 5), quota(lane("b"), 5)));

    assertThat(ids(exchanged)).containsExactly(a.get(0).id(), a.get(1).id(), b.get(0).id());
  }

  @Test
  void claim_servesEachDemandByItself() {
    insert(newRun("a"), newRun("a"), newRun("b"), newRun("b"));

    var exchanged =
        exchange(join(), demand(1, quota(lane("a"), 5)), demand(1, quota(lane("b"), 5)));

    assertThat(exchanged.claimed()).extracting(Claimed::job).containsExactly("a", "b");
  }

  @Test
  void claim_ofALaneThatIsUnknownOrEmpty_givesNothing() {
    declare(JOB);

    var exchanged = exchange(join(), demand(5, quota(lane(JOB), 5), quota(4_711, 5)));

    assertThat(exchanged.claimed()).isEmpty();
    assertThat(exchanged.nextDue()).isEmpty();
  }

  @Test
  void claim_takesNoRunTwice() {
    NodeId node = join();
    running(node);

    assertThat(claim(node, 5)).isEmpty();
    assertThat(claim(join(), 5)).isEmpty();
  }

  @Test
  void claim_isANodesOwnChoiceOfLanes_alsoWhilePaused() {
    insert(newRun());
    store.pause(List.of(new PauseChange(Target.job(JOB), true, "ann")));

    assertThat(claim(join(), 5)).hasSize(1);
  }

  @Test
  void quotaOfNone_claimsNothingAndTellsWhenItsRunsAreDue() {
    insert(newRun("a"));

    var exchanged = exchange(join(), demand(5, quota(lane("a"), 0)));

    assertThat(exchanged.claimed()).isEmpty();
    assertThat(exchanged.nextDue()).isEqualTo(Map.of(lane("a"), START));
  }

  @Test
  void nextDue_namesTheEarliestRunLeftOfEachLaneAsked() {
    insert(
        newRun("a"),
        newRun("a"),
        newRun("b"),
        newRun("b").withDue(in(Duration.ofMinutes(2))),
        newRun("b").withDue(in(Duration.ofMinutes(1))),
        newRun("c"));

    var exchanged = exchange(join(), demand(2, quota(lane("a"), 1), quota(lane("b"), 1)));

    assertThat(exchanged.nextDue())
        .isEqualTo(Map.of(lane("a"), START, lane("b"), START.plusSeconds(60)));
  }

  @Test
  void exchange_showsTheClockAndTheCatalogsVersion() {
    advance(Duration.ofSeconds(3));

    var exchanged = exchange(join());

    assertThat(exchanged.now()).isEqualTo(START.plusSeconds(3));
    assertThat(exchanged.catalogVersion()).isEqualTo(store.catalog().version());
    assertThat(exchanged.inbox()).isFalse();
  }

  @Test
  void exchange_writesOutcomesBeforeItClaims() {
    NodeId node = join();
    Claimed claimed = running(node);
    var outcome =
        new Outcome(
            claimed.id(), claimed.fence(), retriedIn(Duration.ZERO), PassReport.NOT_STARTED);

    var exchanged = store.exchange(node, List.of(outcome), List.of(demand(5, quota(lane(JOB), 5))));

    assertThat(ids(exchanged)).containsExactly(claimed.id());
    assertThat(exchanged.claimed().get(0).attempt()).isEqualTo(2);
    assertThat(exchanged.claimed().get(0).fence()).isEqualTo(2);
  }

  @Test
  void heldBy_isInOrderOfId() {
    NodeId node = join();
    var runs = new ArrayList<RunId>();
    for (int i = 0; i < 5; i++) {
      runs.add(insert(newRun().withDue(new Due.At(START.minusSeconds(i)))));
    }
    claim(node, 5);
    running(join());

    assertThat(store.heldBy(node)).extracting(Claimed::id).containsExactlyElementsOf(runs);
  }
}
