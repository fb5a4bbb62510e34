// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.store.Claimed;
import dev.belfry.store.JobStore;
import dev.belfry.store.Lease;
import dev.belfry.store.NodeCard;
import dev.belfry.store.NodeInfo;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Nodes live by their lease; what a dead one held is freed by those that surely live. */
abstract class LeasePart extends ContractPart {
  private static final Duration THIRD = LEASE.dividedBy(3);

  LeasePart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private Lease renew(NodeId node) {
    return store.renew(node, LEASE);
  }

  /** Lets two leases go by, in which only this node renews. */
  private void outlive(NodeId node) {
    for (int i = 0; i < 6; i++) {
      advance(THIRD);
      renew(node);
    }
  }

  private List<RunId> reap(NodeId by) {
    return store.reap(by, LEASE, 100);
  }

  @Test
  void join_makesANewNodeEachTime() {
    var card = new NodeCard("host-1", "0.1", Set.of("a", "b"));
    NodeId first = store.join(card, LEASE);
    advance(Duration.ofSeconds(1));
    NodeId second = store.join(card, LEASE);

    assertThat(store.nodes())
        .containsExactly(
            new NodeInfo(first, card, START, START.plus(LEASE)),
            new NodeInfo(second, card, START.plusSeconds(1), START.plusSeconds(1).plus(LEASE)));
    assertThat(first).isNotEqualTo(second);
  }

  @Test
  void renew_movesTheEndOfTheLease() {
    NodeId node = join();
    advance(THIRD);

    assertThat(renew(node)).isEqualTo(new Lease.Held(START.plus(THIRD).plus(LEASE), false, false));
    assertThat(store.nodes().get(0).leaseUntil()).isEqualTo(START.plus(THIRD).plus(LEASE));
  }

  @Test
  void renew_succeedsHoweverLate() {
    NodeId node = join();
    advance(Duration.ofHours(1));

    assertThat(renew(node)).isInstanceOf(Lease.Held.class);
  }

  @Test
  void renew_ofADeadOrUnknownNode_isLost() {
    NodeId dead = join();
    NodeId live = join();
    outlive(live);
    reap(live);

    assertThat(renew(dead)).isEqualTo(new Lease.Lost());
    assertThat(renew(new NodeId(new UUID(1, 1)))).isEqualTo(new Lease.Lost());
  }

  @Test
  void renew_tellsOfNodesWhoseLeaseHasEnded() {
    NodeId silent = join();
    NodeId live = join();
    advance(THIRD);
    assertThat(((Lease.Held) renew(live)).expired()).isFalse();

    outlive(live);
    assertThat(((Lease.Held) renew(live)).expired()).isTrue();

    reap(live);
    assertThat(((Lease.Held) renew(live)).expired()).isFalse();
    assertThat(renew(silent)).isEqualTo(new Lease.Lost());
  }

  @Test
  void reaper_isWhoseLeaseWasValidForAFullLease() {
    NodeId node = join();
    advance(THIRD);
    assertThat(((Lease.Held) renew(node)).reaper()).isFalse();
    advance(THIRD);
    assertThat(((Lease.Held) renew(node)).reaper()).isFalse();
    advance(THIRD);
    assertThat(((Lease.Held) renew(node)).reaper()).isTrue();
  }

  @Test
  void reaper_startsAnewAfterALateRenewal() {
    NodeId node = join();
    outlive(node);
    advance(LEASE.plusSeconds(1));

    assertThat(((Lease.Held) renew(node)).reaper()).isFalse();
    advance(THIRD);
    assertThat(((Lease.Held) renew(node)).reaper()).isFalse();
    outlive(node);
    assertThat(((Lease.Held) renew(node)).reaper()).isTrue();
  }

  @Test
  void reaper_isCountedAnewWhenTheClockIsSetBack() {
    NodeId node = join();
    outlive(node);
    advance(Duration.ofHours(-1));

    assertThat(((Lease.Held) renew(node)).reaper()).isFalse();
    outlive(node);

    assertThat(((Lease.Held) renew(node)).reaper()).isTrue();
  }

  @Test
  void reap_freesTheRunsOfADeadNode() {
    NodeId dead = join();
    Claimed claimed = running(dead);
    NodeId live = join();
    outlive(live);

    assertThat(reap(live)).containsExactly(claimed.id());

    assertThat(store.nodes()).extracting(NodeInfo::id).containsExactly(live);
    assertThat(store.heldBy(dead)).isEmpty();
    assertThat(fence(claimed.id())).isEqualTo(2);
    var state = (RunState.Scheduled) read(claimed.id()).state();
    assertThat(state.due()).isBeforeOrEqualTo(store.now());
    assertThat(state.attempt()).isEqualTo(1);
    assertThat(state.opens()).isTrue();
    Pass pass = lastPass(claimed.id());
    assertThat(pass.event()).isEqualTo(Pass.Event.LOST);
    assertThat(pass.fence()).isEqualTo(1);
    assertThat(pass.attempt()).isEqualTo(1);
    assertThat(pass.node()).contains(dead);
    assertThat(pass.startedAt()).isEqualTo(START);
    assertThat(pass.endedAt()).isEqualTo(store.now());
    Claimed again = claimOne(live);
    assertThat(again.fence()).isEqualTo(3);
    assertThat(again.attempt()).isEqualTo(2);
    assertThat(again.firstClaimedAt()).isEqualTo(START);
  }

  @Test
  void reap_leavesNodesThatRenewed() {
    NodeId node = join();
    NodeId live = join();
    Claimed claimed = running(node);
    outlive(live);
    renew(node);

    assertThat(reap(live)).isEmpty();

    assertThat(store.nodes()).hasSize(2);
    assertThat(end(node, claimed, done())).isEqualTo(Verdict.APPLIED);
  }

  @Test
  void reap_bySomebodyWhoIsTooNew_doesNothing() {
    running(join());
    advance(LEASE.multipliedBy(2));
    NodeId young = join();
    advance(THIRD);
    renew(young);

    assertThat(reap(young)).isEmpty();
    assertThat(store.nodes()).hasSize(2);
  }

  @Test
  void reap_bySomebodyWhoseOwnLeaseHasEnded_doesNothing() {
    NodeId late = join();
    running(join());
    outlive(late);
    advance(LEASE.plusSeconds(1));

    assertThat(reap(late)).isEmpty();
    assertThat(store.nodes()).hasSize(2);
  }

  @Test
  void reap_afterAnOutageOfAll_killsNobody() {
    NodeId first = join();
    NodeId second = join();
    outlive(first);
    renew(second);
    advance(Duration.ofMinutes(10));

    renew(first);
    assertThat(reap(first)).isEmpty();

    assertThat(store.nodes()).hasSize(2);
    assertThat(renew(second)).isInstanceOf(Lease.Held.class);
  }

  @Test
  void reap_byADeadOrUnknownNode_doesNothing() {
    NodeId dead = join();
    NodeId live = join();
    outlive(live);
    reap(live);
    running(live);
    advance(LEASE.multipliedBy(2));

    assertThat(reap(dead)).isEmpty();
    assertThat(reap(new NodeId(new UUID(1, 1)))).isEmpty();
    assertThat(store.nodes()).hasSize(1);
  }

  @Test
  void reap_freesNoMoreThanTheLimit_andTheRestOnTheNextPass() {
    NodeId dead = join();
    insert(newRun(), newRun(), newRun());
    claim(dead, 3);
    NodeId live = join();
    outlive(live);

    assertThat(store.reap(live, LEASE, 2)).hasSize(2);
    assertThat(store.heldBy(dead)).hasSize(1);
    assertThat(store.reap(live, LEASE, 2)).hasSize(1);
    assertThat(store.reap(live, LEASE, 2)).isEmpty();
  }

  @Test
  void deadNode_getsNoRunsAndWritesNothing() {
    NodeId dead = join();
    Claimed claimed = running(dead);
    NodeId live = join();
    outlive(live);
    reap(live);

    assertThat(end(dead, claimed, done())).isEqualTo(Verdict.REFUSED);
    assertThat(claim(dead, 5)).isEmpty();
    assertThat(claim(new NodeId(new UUID(1, 1)), 5)).isEmpty();
    assertThat(claim(live, 5)).hasSize(1);
  }

  @Test
  void reap_keepsARequestToCancel() {
    NodeId dead = join();
    Claimed claimed = running(dead);
    cancel(claimed.id());
    NodeId live = join();
    outlive(live);

    reap(live);

    assertThat(claimOne(live).cancelRequested()).contains("asked by ann");
  }

  @Test
  void leave_isRefusedWhileTheNodeHoldsRuns() {
    NodeId node = join();
    Claimed claimed = running(node);

    assertThat(store.leave(node)).isFalse();
    assertThat(renew(node)).isInstanceOf(Lease.Held.class);

    end(node, claimed, handedBack());
    assertThat(store.leave(node)).isTrue();
    assertThat(store.nodes()).isEmpty();
    assertThat(renew(node)).isEqualTo(new Lease.Lost());
  }

  @Test
  void leave_again_isTrue() {
    NodeId node = join();
    store.leave(node);

    assertThat(store.leave(node)).isTrue();
  }

  @Test
  void heldBy_anUnknownNode_isEmpty() {
    assertThat(store.heldBy(new NodeId(new UUID(1, 1)))).isEmpty();
  }
}
