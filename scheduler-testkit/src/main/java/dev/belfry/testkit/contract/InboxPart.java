// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.store.Amendment;
import dev.belfry.store.Declaration;
import dev.belfry.store.Delivery;
import dev.belfry.store.Ending;
import dev.belfry.store.Firing;
import dev.belfry.store.InboxEntry;
import dev.belfry.store.JobStore;
import dev.belfry.store.NewRun;
import dev.belfry.store.ScheduleRow;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Endings that somebody depends on are kept until they are delivered, and delivered once. */
abstract class InboxPart extends ScheduleWords {
  InboxPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private Verdict deliver(InboxEntry entry, Delivery.Effect... effects) {
    return store.deliver(List.of(new Delivery(entry.id(), List.of(effects)))).get(0);
  }

  @Test
  void endOfAWatchedRun_waitsForDelivery() {
    NodeId node = join();
    RunId run = insert(newRun().withWatched(true));
    var claimed = claimOne(node);
    assertThat(store.inbox(10)).isEmpty();
    advance(Duration.ofSeconds(4));

    end(node, claimed, failed());

    assertThat(store.inbox(10))
        .containsExactly(
            new InboxEntry.Ended(
                store.inbox(10).get(0).id(),
                run,
                JOB,
                Optional.empty(),
                Status.FAILED,
                START.plusSeconds(4),
                Set.of()));
    assertThat(exchange(node).inbox()).isTrue();
  }

  @Test
  void endOfARunOfASchedule_namesTheSchedule() {
    NodeId node = join();
    completed(node, runOf(START).withWatched(true));

    assertThat(store.inbox(10)).hasSize(1);
    assertThat(((InboxEntry.Ended) store.inbox(10).get(0)).schedule()).contains(ID);
  }

  @Test
  void endOfARunThatNobodyWatches_isNotKept() {
    NodeId node = join();
    completed(node, newRun());

    assertThat(store.inbox(10)).isEmpty();
    assertThat(exchange(node).inbox()).isFalse();
  }

  private void follow(String follower, String... followed) {
    Set<String> ends = Stream.of(followed).map(Declaration::endOf).collect(Collectors.toSet());
    store.declare(List.of(new Declaration(follower, "default", 0, List.of()).withEvents(ends)));
  }

  @Test
  void endOfARunWhoseJobIsFollowed_waitsForDelivery_thoughNobodyWatchesTheRun() {
    NodeId node = join();
    follow("follower", JOB);
    RunId first = completed(node, newRun());
    insert(newRun());
    end(node, claimOne(node), failed());
    RunId cancelled = insert(newRun());
    store.amend(List.of(new Amendment.Cancel(cancelled, "no need")));
    end(node, claimOne(node), new Ending.Cancelled("no need"));

    assertThat(endings(store.inbox(10)))
        .extracting(InboxEntry.Ended::status)
        .containsExactly(Status.COMPLETED, Status.FAILED, Status.CANCELLED);
    assertThat(endings(store.inbox(1))).extracting(InboxEntry.Ended::run).containsExactly(first);
    assertThat(store.subscribers(Set.of(Declaration.endOf(JOB))))
        .isEqualTo(Map.of(Declaration.endOf(JOB), Set.of("follower")));
  }

  @Test
  void recordOfMissedTicks_waitsForDelivery_ifTheJobIsFollowed() {
    follow("follower", JOB);
    ScheduleRow seen = created();
    var missed = new Firing.Missed(nextId(), START, START, 1, "missed");

    fire(firing(seen, new Firing.Skip(), Optional.of(START.plus(MINUTE)), Optional.of(missed)));

    assertThat(endings(store.inbox(10)))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.run()).isEqualTo(missed.record());
              assertThat(entry.job()).isEqualTo(JOB);
              assertThat(entry.schedule()).contains(ID);
              assertThat(entry.status()).isEqualTo(Status.SKIPPED);
              assertThat(entry.endedAt()).isEqualTo(START);
            });
    assertThat(store.runs(List.of(missed.record())))
        .singleElement()
        .satisfies(record -> assertThat(record.fence()).isZero());
  }

  @Test
  void endOfARunThatIsFollowedAndWatched_isOneEntry() {
    NodeId node = join();
    follow("follower", JOB);
    follow("other", JOB);
    completed(node, newRun().withWatched(true));

    assertThat(store.inbox(10)).hasSize(1);
  }

  @Test
  void endOfARunWhoseJobIsNotFollowed_isNotKept_thoughOthersAre() {
    NodeId node = join();
    follow("follower", "another");
    completed(node, newRun());
    follow("follower", JOB);
    follow("follower");
    completed(node, newRun());

    assertThat(store.inbox(10)).isEmpty();
  }

  @Test
  void endingThatIsDeliveredInPart_tellsWhoHasHadTheirs() {
    NodeId node = join();
    follow("follower", JOB);
    completed(node, newRun());
    InboxEntry entry = store.inbox(1).get(0);
    var start = new Delivery.StartRun("follower", newRun());

    store.deliver(List.of(new Delivery(entry.id(), List.of(start), false)));
    store.deliver(List.of(new Delivery(entry.id(), List.of(start), false)));

    assertThat(store.inbox(10))
        .extracting(InboxEntry::delivered)
        .containsExactly(Set.of("follower"));
    assertThat(store.runs(List.of(start.run().id()))).hasSize(1);
  }

  @Test
  void passThatDoesNotEndTheRun_isNotKept() {
    NodeId node = join();
    insert(newRun().withWatched(true));
    end(node, claimOne(node), retriedIn(Duration.ZERO));

    assertThat(store.inbox(10)).isEmpty();
  }

  @Test
  void inbox_isOldestFirst() {
    NodeId node = join();
    RunId first = completed(node, newRun().withWatched(true));
    RunId second = completed(node, newRun().withWatched(true));
    RunId third = completed(node, newRun().withWatched(true));

    assertThat(endings(store.inbox(10)))
        .extracting(InboxEntry.Ended::run)
        .containsExactly(first, second, third);
    assertThat(endings(store.inbox(2)))
        .extracting(InboxEntry.Ended::run)
        .containsExactly(first, second);
  }

  @Test
  void deliver_removesTheEntry() {
    NodeId node = join();
    completed(node, newRun().withWatched(true));
    RunId second = completed(node, newRun().withWatched(true));

    assertThat(deliver(store.inbox(1).get(0))).isEqualTo(Verdict.APPLIED);

    assertThat(endings(store.inbox(10))).extracting(InboxEntry.Ended::run).containsExactly(second);
  }

  @Test
  void nextTick_givesTheScheduleItsTick() {
    RunId run = firedUntilTheEnd();
    Instant at = START.plus(Duration.ofMinutes(7));

    assertThat(deliver(endOfTheRun(), new Delivery.NextTick(ID, run, at)))
        .isEqualTo(Verdict.APPLIED);

    assertThat(row().nextAt()).contains(at);
  }

  @Test
  void nextTick_ofARunThatIsNotTheLast_doesNothing() {
    RunId run = firedUntilTheEnd();
    InboxEntry entry = endOfTheRun();
    amend(new Amendment.TriggerSchedule(ID, runByHand(), Optional.empty()));

    deliver(entry, new Delivery.NextTick(ID, run, START.plus(MINUTE)));

    assertThat(row().nextAt()).isEmpty();
  }

  @Test
  void nextTick_ofAScheduleThatHasOne_doesNothing() {
    RunId run = firedUntilTheEnd();
    InboxEntry entry = endOfTheRun();
    Instant tick = START.plus(MINUTE.multipliedBy(9));
    amend(new Amendment.ChangeSchedule(ID, "every PT9M", Optional.of(tick)));

    deliver(entry, new Delivery.NextTick(ID, run, START.plus(MINUTE)));

    assertThat(row().nextAt()).contains(tick);
  }

  @Test
  void nextTick_ofAParkedSchedule_replacesTheTickThatWaited() {
    created();
    NewRun byHand = runByHand().withWatched(true);
    amend(new Amendment.TriggerSchedule(ID, byHand, Optional.empty()));
    parked(byHand.id(), false);
    InboxEntry entry = endOfTheRun();
    Instant at = START.plus(Duration.ofMinutes(7));

    assertThat(
            deliver(
                entry,
                new Delivery.NextTick(ID, byHand.id(), at),
                new Delivery.Unpark(ID, byHand.id())))
        .isEqualTo(Verdict.APPLIED);

    assertThat(row().nextAt()).contains(at);
    assertThat(row().parkedOn()).isEmpty();
    assertThat(row().queued()).isFalse();
    assertThat(due()).isEmpty();
    assertThat(dueTicks().next()).contains(at);
  }

  @Test
  void deliverAgain_changesNothing() {
    RunId run = firedUntilTheEnd();
    InboxEntry entry = endOfTheRun();
    deliver(entry);

    assertThat(deliver(entry, new Delivery.NextTick(ID, run, START.plus(MINUTE))))
        .isEqualTo(Verdict.REFUSED);

    assertThat(row().nextAt()).isEmpty();
  }

  /** Fires a schedule whose next tick depends on the end of the run. */
  private RunId firedUntilTheEnd() {
    var seen = created();
    var run = runOf(START).withWatched(true);
    fire(firing(seen, new Firing.Start(run), Optional.empty(), Optional.empty()));
    return run.id();
  }

  private InboxEntry endOfTheRun() {
    NodeId node = join();
    end(node, claimOne(node), done());
    return store.inbox(1).get(0);
  }
}
