// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belfry.run.EventId;
import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.run.Unique;
import dev.belfry.store.Declaration;
import dev.belfry.store.Delivery;
import dev.belfry.store.InboxEntry;
import dev.belfry.store.JobStore;
import dev.belfry.store.NewEvent;
import dev.belfry.store.NewRun;
import dev.belfry.store.Retention;
import dev.belfry.store.SentEvent;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Events are kept until they are delivered, and start one run for each subscriber. */
abstract class EventPart extends ContractPart {
  private static final Retention DAY =
      new Retention(Duration.ofDays(1), Duration.ofDays(1), Duration.ofDays(1));

  EventPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private NewEvent newEvent() {
    return NewEvent.of(new EventId(nextId().value()), "user/login", payload("{}"));
  }

  private InboxEntry send(NewEvent event) {
    store.send(List.of(event));
    var entries = store.inbox(100);
    return entries.get(entries.size() - 1);
  }

  private Verdict deliver(InboxEntry entry, Delivery.Effect... effects) {
    return store.deliver(List.of(new Delivery(entry.id(), List.of(effects)))).get(0);
  }

  private Verdict deliverInPart(InboxEntry entry, Delivery.Effect... effects) {
    return store.deliver(List.of(new Delivery(entry.id(), List.of(effects), false))).get(0);
  }

  private static SentEvent eventOf(InboxEntry entry) {
    return ((InboxEntry.Sent) entry).event();
  }

  @Test
  void send_entersTheEventInTheInbox() {
    var event = newEvent().withKey("ann");
    advance(Duration.ofSeconds(3));

    InboxEntry entry = send(event);

    assertThat(entry)
        .isEqualTo(
            new InboxEntry.Sent(
                entry.id(),
                new SentEvent(
                    event.id(),
                    "user/login",
                    Optional.of("ann"),
                    payload("{}"),
                    START.plusSeconds(3)),
                Set.of()));
    assertThat(exchange(join()).inbox()).isTrue();
  }

  @Test
  void events_areFoundById_untilTheyAreDeleted() {
    NewEvent event = newEvent().withKey("ann");
    send(event);

    assertThat(store.events(List.of(event.id(), new EventId(nextId().value()))))
        .containsExactly(
            new SentEvent(event.id(), "user/login", Optional.of("ann"), payload("{}"), START));
    assertThat(store.events(List.of())).isEmpty();
  }

  private static Declaration subscriber(String job, String... events) {
    return new Declaration(job, "default", 0, List.of()).withEvents(Set.of(events));
  }

  @Test
  void subscribers_areThoseThatDeclaredLast() {
    store.declare(List.of(subscriber("bill", "order", "refund"), subscriber("ship", "order")));
    assertThat(store.subscribers(Set.of("order", "refund", "other")))
        .isEqualTo(Map.of("order", Set.of("bill", "ship"), "refund", Set.of("bill")));

    store.declare(List.of(subscriber("bill", "refund", "return")));

    assertThat(store.subscribers(Set.of("order", "refund", "return")))
        .isEqualTo(
            Map.of("order", Set.of("ship"), "refund", Set.of("bill"), "return", Set.of("bill")));
    assertThat(store.subscribers(Set.of())).isEmpty();
  }

  @Test
  void entry_tellsWhoHasHadTheirs() {
    InboxEntry first = send(newEvent());
    InboxEntry second = send(newEvent());

    deliverInPart(
        first,
        new Delivery.StartRun("bill", NewRun.of(nextId(), "bill", payload("{}"))),
        new Delivery.PassOver("ship"));
    deliverInPart(first, new Delivery.PassOver("ship"));

    assertThat(store.inbox(10))
        .extracting(entry -> ((InboxEntry.Sent) entry).delivered())
        .containsExactly(Set.of("bill", "ship"), Set.of());
    deliver(first);
    assertThat(store.inbox(10)).extracting(InboxEntry::id).containsExactly(second.id());
  }

  @Test
  void sendAgain_isTheSameEvent() {
    var event = newEvent();
    store.send(List.of(event, event));
    store.send(List.of(event));

    assertThat(store.inbox(10)).hasSize(1);
    deliver(store.inbox(1).get(0));
    store.send(List.of(event));
    assertThat(store.inbox(10)).isEmpty();
  }

  @Test
  void inbox_mixesEventsAndEndingsInTheirOrder() {
    NodeId node = join();
    var first = newEvent();
    var second = newEvent();
    store.send(List.of(first));
    RunId run = completed(node, newRun().withWatched(true));
    store.send(List.of(second));

    assertThat(store.inbox(10)).hasSize(3);
    assertThat(eventOf(store.inbox(10).get(0)).id()).isEqualTo(first.id());
    assertThat(endings(store.inbox(10))).extracting(InboxEntry.Ended::run).containsExactly(run);
    assertThat(eventOf(store.inbox(10).get(2)).id()).isEqualTo(second.id());
  }

  @Test
  void send_keepsDataOfAnySize() {
    var event = newEvent();
    var large = new NewEvent(event.id(), event.name(), event.key(), payload("x".repeat(1_000_000)));

    assertThat(eventOf(send(large)).data()).isEqualTo(large.data());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NewEvent.of(event.id(), "user/login", payload("x".repeat(1_048_577))))
        .withMessage("data of event \"user/login\" must have at most 1048576 bytes, had 1048577");
  }

  @Test
  void startRun_insertsTheRun() {
    InboxEntry entry = send(newEvent());
    NewRun run = newRun("welcome");

    assertThat(deliver(entry, new Delivery.StartRun("welcome", run))).isEqualTo(Verdict.APPLIED);

    assertThat(read(run.id()).job()).isEqualTo("welcome");
    assertThat(store.inbox(10)).isEmpty();
  }

  @Test
  void startRun_ofAnEntryThatIsGone_doesNothing() {
    InboxEntry entry = send(newEvent());
    deliver(entry);
    NewRun run = newRun();

    assertThat(deliver(entry, new Delivery.StartRun(JOB, run))).isEqualTo(Verdict.REFUSED);

    assertThat(store.runs(List.of(run.id()))).isEmpty();
  }

  @Test
  void startRun_happensOnceForEachSubscriber() {
    InboxEntry entry = send(newEvent());
    InboxEntry other = send(newEvent());
    NewRun first = newRun();
    NewRun second = newRun();
    NewRun third = newRun();
    NewRun fourth = newRun();

    assertThat(deliverInPart(entry, new Delivery.StartRun("a", first))).isEqualTo(Verdict.APPLIED);
    assertThat(
            deliverInPart(
                entry, new Delivery.StartRun("a", second), new Delivery.StartRun("b", third)))
        .isEqualTo(Verdict.APPLIED);
    deliver(other, new Delivery.StartRun("a", fourth));

    assertThat(store.runs(List.of(first.id(), third.id(), fourth.id()))).hasSize(3);
    assertThat(store.runs(List.of(second.id()))).isEmpty();
    assertThat(store.inbox(10)).extracting(InboxEntry::id).containsExactly(entry.id());
  }

  @Test
  void startRun_meetsUniqueKeysAsAnyInsertDoes() {
    var key = Optional.of(Unique.whileActive("k"));
    RunId holder = insert(newRun().withUnique(key));
    NewRun run = newRun().withUnique(key);

    assertThat(deliver(send(newEvent()), new Delivery.StartRun(JOB, run)))
        .isEqualTo(Verdict.APPLIED);

    assertThat(store.runs(List.of(run.id()))).isEmpty();
    assertThat(store.runs(List.of(holder))).hasSize(1);
  }

  @Test
  void cancelRun_asksTheRunToEnd() {
    NodeId node = join();
    RunId waiting = insert(newRun().withDue(in(Duration.ofHours(1))));
    RunId running = running(node).id();
    InboxEntry entry = send(newEvent());

    deliver(
        entry,
        new Delivery.CancelRun(waiting, "user left"),
        new Delivery.CancelRun(running, "user left"),
        new Delivery.CancelRun(nextId(), "user left"));

    assertThat(claimOne(node).cancelRequested()).contains("user left");
    assertThat(exchange(node).cancels()).containsKey(running);
  }

  @Test
  void cancelRun_ofAnEndedRun_doesNothing() {
    NodeId node = join();
    RunId run = completed(node, newRun());

    assertThat(deliver(send(newEvent()), new Delivery.CancelRun(run, "late")))
        .isEqualTo(Verdict.APPLIED);

    assertThat(store.passes(run)).hasSize(1);
  }

  @Test
  void purge_forgetsOldEventsThatAreDelivered() {
    var delivered = newEvent();
    var undelivered = newEvent();
    InboxEntry entry = send(delivered);
    deliver(entry);
    send(undelivered);
    advance(Duration.ofDays(2));

    store.purge(DAY, 10);

    assertThat(store.inbox(10)).hasSize(1);
    assertThat(eventOf(store.inbox(10).get(0)).id()).isEqualTo(undelivered.id());
    deliver(store.inbox(1).get(0));
    store.purge(DAY, 10);
    assertThat(eventOf(send(delivered)).id()).isEqualTo(delivered.id()); // long forgotten
  }

  @Test
  void purge_keepsYoungEvents() {
    var event = newEvent();
    deliver(send(event));
    advance(Duration.ofHours(23));

    store.purge(DAY, 10);

    store.send(List.of(event));
    assertThat(store.inbox(10)).isEmpty();
  }
}
