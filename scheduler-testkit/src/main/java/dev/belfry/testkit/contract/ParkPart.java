// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.store.Claimed;
import dev.belfry.store.Delivery;
import dev.belfry.store.Firing;
import dev.belfry.store.InboxEntry;
import dev.belfry.store.JobStore;
import dev.belfry.store.Verdict;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A schedule may wait for the end of a run, and its tick is not lost. */
abstract class ParkPart extends ScheduleWords {
  private static final Instant SECOND = START.plus(MINUTE);
  private static final Instant THIRD = SECOND.plus(MINUTE);

  ParkPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private Verdict deliver(InboxEntry entry, Delivery.Effect... effects) {
    return store.deliver(List.of(new Delivery(entry.id(), List.of(effects)))).get(0);
  }

  /** Ends the one run that is ready and returns the entry that this made. */
  private InboxEntry.Ended endOfTheRun() {
    NodeId node = join();
    end(node, claimOne(node), done());
    return endings(store.inbox(10)).get(0);
  }

  @Test
  void park_keepsTheTickUntilTheRunEnds() {
    created();
    RunId run = fired();

    parked(run, false);

    assertThat(row().parkedOn()).contains(run);
    assertThat(row().nextAt()).contains(SECOND);
    assertThat(row().queued()).isFalse();
    assertThat(row().lastRun()).contains(run);
    assertThat(due()).isEmpty();
    assertThat(dueTicks().next()).isEmpty();
    assertThat(read(run).cancelRequested()).isFalse();
  }

  @Test
  void park_makesTheEndOfTheRunKnown() {
    created();
    RunId run = fired();
    parked(run, false);

    InboxEntry.Ended entry = endOfTheRun();

    assertThat(entry.run()).isEqualTo(run);
    assertThat(entry.schedule()).contains(ID);
  }

  @Test
  void park_makesTheEndOfARunningRunKnown() {
    NodeId node = join();
    created();
    RunId run = fired();
    Claimed claimed = claimOne(node);
    parked(run, false);

    end(node, claimed, done());

    assertThat(endings(store.inbox(10))).extracting(InboxEntry.Ended::run).containsExactly(run);
  }

  @Test
  void park_mayAskTheRunToEnd() {
    NodeId node = join();
    created();
    RunId run = fired();
    claimOne(node);

    parked(run, true);

    assertThat(read(run).cancelRequested()).isTrue();
    assertThat(exchange(node).cancels())
        .isEqualTo(Map.of(run, "the next tick of schedule nightly has come"));
  }

  @Test
  void park_mayAskARunToEndThatNobodyHolds() {
    created();
    RunId run = fired();

    parked(run, true);

    assertThat(fence(run)).isEqualTo(1);
    assertThat(claimOne(join()).cancelRequested()).isPresent();
  }

  @Test
  void park_onARunThatHasEnded_isRefused() {
    created();
    RunId run = fired();
    NodeId node = join();
    end(node, claimOne(node), done());
    clock.set(SECOND);
    var before = row();

    for (RunId on : List.of(run, nextId())) {
      var park = firing(row(), new Firing.Park(on, true), Optional.empty(), Optional.empty());
      assertThat(fire(park)).isEqualTo(Verdict.REFUSED);
    }

    assertThat(row()).isEqualTo(before);
    assertThat(due()).containsExactly(ID);
  }

  @Test
  void parkAgain_isNotApplied() {
    created();
    Firing park = parked(fired(), false);
    var before = row();

    assertThat(fire(park)).isNotEqualTo(Verdict.APPLIED);
    assertThat(row()).isEqualTo(before);
  }

  @Test
  void fire_whileParked_isRefused() {
    created();
    parked(fired(), false);

    assertThat(fire(firing(row(), new Firing.Start(runOf(SECOND)), THIRD)))
        .isEqualTo(Verdict.REFUSED);
    assertThat(fire(firing(row(), new Firing.Skip(), THIRD))).isEqualTo(Verdict.REFUSED);
  }

  @Test
  void unpark_makesTheTickFireNow() {
    created();
    RunId run = fired();
    parked(run, false);
    InboxEntry entry = endOfTheRun();

    assertThat(deliver(entry, new Delivery.Unpark(ID, run))).isEqualTo(Verdict.APPLIED);

    assertThat(row().parkedOn()).isEmpty();
    assertThat(row().queued()).isTrue();
    assertThat(row().nextAt()).contains(SECOND);
    assertThat(due()).containsExactly(ID);
    fired();
    assertThat(row().queued()).isFalse();
    assertThat(row().nextAt()).contains(THIRD);
    assertThat(store.inbox(10)).isEmpty();
  }

  @Test
  void skip_ofAQueuedTick_forgetsThatItWaited() {
    created();
    RunId run = fired();
    parked(run, false);
    deliver(endOfTheRun(), new Delivery.Unpark(ID, run));

    assertThat(fire(firing(row(), new Firing.Skip(), THIRD))).isEqualTo(Verdict.APPLIED);

    assertThat(row().queued()).isFalse();
  }

  @Test
  void unpark_ofAScheduleThatWaitsForAnother_doesNothing() {
    created();
    RunId run = fired();
    parked(run, false);
    InboxEntry entry = endOfTheRun();

    assertThat(deliver(entry, new Delivery.Unpark(ID, nextId()))).isEqualTo(Verdict.APPLIED);

    assertThat(row().parkedOn()).contains(run);
    assertThat(store.inbox(10)).isEmpty();
  }

  @Test
  void unpark_ofAScheduleThatDoesNotWait_doesNothing() {
    created();
    RunId run = fired();
    NodeId node = join();
    insert(newRun().withWatched(true));
    for (Claimed claimed : claim(node, 2)) {
      end(node, claimed, done());
    }
    var before = row();

    deliver(store.inbox(1).get(0), new Delivery.Unpark(ID, run));

    assertThat(row()).isEqualTo(before);
  }

  @Test
  void unpark_ofAnUnknownSchedule_doesNothing() {
    completed(join(), newRun().withWatched(true));

    assertThat(deliver(store.inbox(1).get(0), new Delivery.Unpark("unknown", nextId())))
        .isEqualTo(Verdict.APPLIED);
  }
}
