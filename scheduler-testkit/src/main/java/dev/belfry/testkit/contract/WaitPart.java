// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.EventId;
import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.store.Claimed;
import dev.belfry.store.Delivery;
import dev.belfry.store.Due;
import dev.belfry.store.Ending;
import dev.belfry.store.InboxEntry;
import dev.belfry.store.JobStore;
import dev.belfry.store.LookBack;
import dev.belfry.store.Memo;
import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoKind;
import dev.belfry.store.MemoValue;
import dev.belfry.store.MemoWrite;
import dev.belfry.store.NewEvent;
import dev.belfry.store.NewMemo;
import dev.belfry.store.OpenWait;
import dev.belfry.store.SentEvent;
import dev.belfry.store.Verdict;
import dev.belfry.store.Wait;
import dev.belfry.store.WaitHit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A wait for an event is ended once: by the first event that fits, or by its time. */
abstract class WaitPart extends ContractPart {
  private static final String LOGIN = "user/login";
  private static final MemoKey KEY = MemoKey.of("login");
  private static final MemoKey SECOND = MemoKey.of("second");

  WaitPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private static Wait waitFor(String key) {
    return new Wait(LOGIN, Optional.of(key), START);
  }

  private static Wait waitForAny(Instant since) {
    return new Wait(LOGIN, Optional.empty(), since);
  }

  private Verdict record(NodeId node, Claimed claimed, NewMemo memo) {
    return store.record(node, List.of(new MemoWrite(claimed.id(), claimed.fence(), memo))).get(0);
  }

  private Verdict open(NodeId node, Claimed claimed, MemoKey key, Wait wait) {
    return record(node, claimed, NewMemo.waiting(key, wait, Optional.empty()));
  }

  /** Inserts a run that waits. */
  private RunId waiting(NodeId node, Wait wait, Optional<Due> until) {
    Claimed claimed = running(node);
    var memo = NewMemo.waiting(KEY, wait, until);
    record(node, claimed, memo);
    end(node, claimed, new Ending.Suspended(List.of(memo), "waits for a login"));
    return claimed.id();
  }

  private RunId waiting(NodeId node, Wait wait) {
    return waiting(node, wait, Optional.empty());
  }

  private EventId send(String key) {
    var event = NewEvent.of(new EventId(nextId().value()), LOGIN, payload("{}")).withKey(key);
    store.send(List.of(event));
    return event.id();
  }

  private void deliver(EventId event, RunId run, MemoKey key) {
    long entry =
        store.inbox(100).stream()
            .filter(e -> e instanceof InboxEntry.Sent sent && sent.event().id().equals(event))
            .findFirst()
            .orElseThrow()
            .id();
    var wake = new Delivery.WakeRun(run, key, received(event));
    store.deliver(List.of(new Delivery(entry, List.of(wake), false)));
  }

  private static MemoValue received(EventId event) {
    return new MemoValue.Received(event, payload("seen"));
  }

  private MemoValue value(RunId run, MemoKey key) {
    return memos(run).stream()
        .filter(memo -> memo.key().equals(key))
        .map(Memo::value)
        .findFirst()
        .orElseThrow();
  }

  private List<EventId> lookBack(RunId run, MemoKey key, Optional<EventId> after, int limit) {
    return store.lookBack(List.of(new LookBack(run, key, after)), limit).stream()
        .map(WaitHit::event)
        .map(SentEvent::id)
        .toList();
  }

  private List<EventId> lookBack(RunId run) {
    return lookBack(run, KEY, Optional.empty(), 10);
  }

  private List<RunId> openWaits(String key) {
    return store.openWaits(LOGIN, Optional.of(key), Optional.empty(), 10).stream()
        .map(OpenWait::run)
        .toList();
  }

  @Test
  void openWaits_areThoseOfTheKeyAndThoseOfAny() {
    NodeId node = join();
    RunId ann = waiting(node, waitFor("ann"));
    waiting(node, waitFor("bob"));
    RunId any = waiting(node, waitForAny(START));
    waiting(node, new Wait("other", Optional.of("ann"), START));

    assertThat(store.openWaits(LOGIN, Optional.of("ann"), Optional.empty(), 10))
        .containsExactly(
            new OpenWait(ann, JOB, KEY, waitFor("ann")),
            new OpenWait(any, JOB, KEY, waitForAny(START)));
    assertThat(store.openWaits(LOGIN, Optional.empty(), Optional.empty(), 10))
        .extracting(OpenWait::run)
        .containsExactly(any);
  }

  @Test
  void openWaits_comeInPages() {
    NodeId node = join();
    Claimed claimed = running(node);
    open(node, claimed, SECOND, waitFor("ann"));
    open(node, claimed, KEY, waitFor("ann"));
    RunId later = waiting(node, waitFor("ann"));

    var first = store.openWaits(LOGIN, Optional.of("ann"), Optional.empty(), 2);

    assertThat(first).extracting(OpenWait::key).containsExactly(KEY, SECOND);
    assertThat(store.openWaits(LOGIN, Optional.of("ann"), Optional.of(first.get(0)), 10))
        .extracting(OpenWait::run)
        .containsExactly(claimed.id(), later);
    assertThat(store.openWaits(LOGIN, Optional.of("ann"), Optional.of(first.get(1)), 10))
        .extracting(OpenWait::run)
        .containsExactly(later);
  }

  @Test
  void openWaits_ofAnEndedRun_areNone() {
    NodeId node = join();
    Claimed claimed = running(node);
    open(node, claimed, KEY, waitFor("ann"));
    end(node, claimed, done());

    assertThat(openWaits("ann")).isEmpty();
  }

  @Test
  void event_endsTheWait() {
    NodeId node = join();
    RunId run = waiting(node, waitFor("ann"));
    EventId event = send("ann");

    deliver(event, run, KEY);

    assertThat(value(run, KEY)).isEqualTo(received(event));
    assertThat(openWaits("ann")).isEmpty();
    assertThat(claimOne(node).id()).isEqualTo(run);
  }

  @Test
  void event_thatTheWaitIsNotFor_doesNothing() {
    NodeId node = join();
    EventId early = send("ann");
    advance(Duration.ofSeconds(1));
    RunId run = waiting(node, new Wait(LOGIN, Optional.of("ann"), START.plusSeconds(1)));
    EventId other = send("bob");

    deliver(early, run, KEY);
    deliver(other, run, KEY);

    assertThat(value(run, KEY)).isEqualTo(MemoValue.pending());
    assertThat(openWaits("ann")).containsExactly(run);
    assertThat(read(run).status()).isEqualTo(Status.WAITING);
  }

  @Test
  void event_endsAtMostOneWaitOfARun() {
    NodeId node = join();
    Claimed claimed = running(node);
    open(node, claimed, KEY, waitFor("ann"));
    open(node, claimed, SECOND, waitForAny(START));
    RunId other = waiting(node, waitFor("ann"));
    EventId event = send("ann");

    deliver(event, claimed.id(), KEY);
    deliver(event, claimed.id(), SECOND);
    deliver(event, other, KEY);

    assertThat(value(claimed.id(), KEY)).isEqualTo(received(event));
    assertThat(value(claimed.id(), SECOND)).isEqualTo(MemoValue.pending());
    assertThat(value(other, KEY)).isEqualTo(received(event));
    assertThat(record(node, claimed, NewMemo.settled(SECOND, MemoKind.WAIT, "", received(event))))
        .isEqualTo(Verdict.REFUSED);
    assertThat(lookBack(claimed.id(), SECOND, Optional.empty(), 10)).isEmpty();
  }

  @Test
  void wait_isEndedByTheFirstEvent() {
    NodeId node = join();
    RunId run = waiting(node, waitFor("ann"));
    EventId first = send("ann");
    EventId second = send("ann");

    deliver(second, run, KEY);
    deliver(first, run, KEY);

    assertThat(value(run, KEY)).isEqualTo(received(second));
  }

  @Test
  void wait_isEndedByItsTimeOrByAnEventWhicheverCommitsFirst() {
    NodeId node = join();
    RunId run = waiting(node, waitFor("ann"), Optional.of(new Due.After(Duration.ofMinutes(1))));
    EventId event = send("ann");
    advance(Duration.ofMinutes(1));
    Claimed claimed = claimOne(node);
    var nothing = NewMemo.settled(KEY, MemoKind.WAIT, "", new MemoValue.Result(payload("null")));

    assertThat(record(node, claimed, nothing)).isEqualTo(Verdict.APPLIED);
    deliver(event, run, KEY);

    assertThat(value(run, KEY)).isEqualTo(nothing.value());
    assertThat(openWaits("ann")).isEmpty();
  }

  @Test
  void wait_thatAnEventEndedAfterItsTimeHadCome_isNotEndedAgain() {
    NodeId node = join();
    RunId run = waiting(node, waitFor("ann"), Optional.of(new Due.After(Duration.ofMinutes(1))));
    EventId event = send("ann");
    advance(Duration.ofMinutes(1));
    Claimed claimed = claimOne(node);
    deliver(event, run, KEY);

    assertThat(
            record(
                node,
                claimed,
                NewMemo.settled(KEY, MemoKind.WAIT, "", new MemoValue.Result(payload("null")))))
        .isEqualTo(Verdict.REFUSED);

    assertThat(value(run, KEY)).isEqualTo(received(event));
    assertThat(fence(run)).isEqualTo(claimed.fence());
  }

  @Test
  void lookBack_findsWhatWasSentBeforeTheWait() {
    NodeId node = join();
    send("ann");
    advance(Duration.ofSeconds(1));
    EventId first = send("ann");
    send("bob");
    advance(Duration.ofSeconds(1));
    EventId second = send("ann");
    Claimed claimed = running(node);

    open(node, claimed, KEY, new Wait(LOGIN, Optional.of("ann"), START.plusSeconds(1)));

    assertThat(lookBack(claimed.id())).containsExactly(first, second);
    assertThat(lookBack(claimed.id(), KEY, Optional.empty(), 1)).containsExactly(first);
    assertThat(lookBack(claimed.id(), KEY, Optional.of(first), 5)).containsExactly(second);
    assertThat(lookBack(claimed.id(), KEY, Optional.of(second), 5)).isEmpty();
    assertThat(lookBack(claimed.id(), SECOND, Optional.empty(), 5)).isEmpty();
  }

  @Test
  void lookBack_withoutAKey_findsEventsOfAnyKey() {
    NodeId node = join();
    EventId first = send("ann");
    EventId second = send("bob");
    Claimed claimed = running(node);

    open(node, claimed, KEY, waitForAny(START));

    assertThat(lookBack(claimed.id())).containsExactly(first, second);
  }

  @Test
  void lookBack_answersManyQuestionsAtOnce() {
    NodeId node = join();
    EventId event = send("ann");
    RunId first = waiting(node, waitFor("ann"));
    RunId second = waiting(node, waitFor("ann"));

    var hits =
        store.lookBack(
            List.of(
                new LookBack(second, KEY, Optional.empty()),
                new LookBack(nextId(), KEY, Optional.empty()),
                new LookBack(first, KEY, Optional.empty())),
            10);

    assertThat(hits).extracting(WaitHit::run).containsExactly(second, first);
    assertThat(hits).extracting(WaitHit::key).containsOnly(KEY);
    assertThat(hits).extracting(hit -> hit.event().id()).containsOnly(event);
  }

  @Test
  void settledByItsNode_closesTheWait() {
    NodeId node = join();
    EventId event = send("ann");
    Claimed claimed = running(node);
    open(node, claimed, KEY, waitFor("ann"));

    assertThat(record(node, claimed, NewMemo.settled(KEY, MemoKind.WAIT, "", received(event))))
        .isEqualTo(Verdict.APPLIED);

    assertThat(openWaits("ann")).isEmpty();
    assertThat(lookBack(claimed.id())).isEmpty();
  }

  @Test
  void openAgain_isRepeated() {
    NodeId node = join();
    Claimed claimed = running(node);
    open(node, claimed, KEY, waitFor("ann"));

    assertThat(open(node, claimed, KEY, waitFor("ann"))).isEqualTo(Verdict.REPEATED);

    assertThat(openWaits("ann")).containsExactly(claimed.id());
  }
}
