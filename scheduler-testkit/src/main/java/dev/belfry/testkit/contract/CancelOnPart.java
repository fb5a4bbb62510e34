// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belfry.run.EventId;
import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.run.Trigger;
import dev.belfry.run.Unique;
import dev.belfry.store.CancelOn;
import dev.belfry.store.Claimed;
import dev.belfry.store.Delivery;
import dev.belfry.store.Ending;
import dev.belfry.store.InboxEntry;
import dev.belfry.store.JobStore;
import dev.belfry.store.LookBack;
import dev.belfry.store.NewEvent;
import dev.belfry.store.NewRun;
import dev.belfry.store.OpenWait;
import dev.belfry.store.Wait;
import dev.belfry.store.WaitHit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What ends a run stands among the open waits, from its insert to its end. */
abstract class CancelOnPart extends ContractPart {
  private static final String GONE = "user/gone";
  private static final CancelOn OF_ANN = new CancelOn(GONE, Optional.of("ann"));

  CancelOnPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private NewRun ofAnn() {
    return newRun().withCancelOn(List.of(OF_ANN));
  }

  private List<OpenWait> found(String key) {
    return store.openWaits(GONE, Optional.of(key), Optional.empty(), 100);
  }

  private static OpenWait waitOf(RunId run, Optional<String> key, Instant since) {
    return new OpenWait(run, JOB, CancelOn.place(GONE), new Wait(GONE, key, since));
  }

  private EventId send(String key) {
    var event = NewEvent.of(new EventId(nextId().value()), GONE, payload("{}")).withKey(key);
    store.send(List.of(event));
    return event.id();
  }

  private List<EventId> lookBack(RunId run) {
    var question = new LookBack(run, CancelOn.place(GONE), Optional.empty());
    return store.lookBack(List.of(question), 10).stream()
        .map(WaitHit::event)
        .map(event -> event.id())
        .toList();
  }

  @Test
  void event_findsTheRunsOfItsKey_andThoseOfAny() {
    RunId ann = insert(ofAnn());
    RunId any = insert(newRun().withCancelOn(List.of(new CancelOn(GONE, Optional.empty()))));
    insert(newRun().withCancelOn(List.of(new CancelOn(GONE, Optional.of("bob")))));
    insert(newRun().withCancelOn(List.of(new CancelOn("other", Optional.of("ann")))));
    insert(newRun());

    assertThat(found("ann"))
        .containsExactly(
            waitOf(ann, Optional.of("ann"), START), waitOf(any, Optional.empty(), START));
    assertThat(store.openWaits(GONE, Optional.of("ann"), Optional.of(found("ann").get(0)), 100))
        .containsExactly(waitOf(any, Optional.empty(), START));
    assertThat(store.openWaits(GONE, Optional.empty(), Optional.empty(), 100))
        .containsExactly(waitOf(any, Optional.empty(), START));
  }

  @Test
  void severalEvents_endOneRun() {
    NewRun run =
        newRun().withCancelOn(List.of(OF_ANN, new CancelOn("user/merged", Optional.of("bob"))));
    insert(run);

    assertThat(found("ann")).extracting(OpenWait::run).containsExactly(run.id());
    assertThat(store.openWaits("user/merged", Optional.of("bob"), Optional.empty(), 5))
        .extracting(OpenWait::run)
        .containsExactly(run.id());
  }

  @Test
  void runThatAnEventHasStarted_isForThoseSentSinceThen() {
    var trigger = Trigger.event(new EventId(nextId().value()), START.minusSeconds(9));

    RunId run = insert(ofAnn().withTrigger(trigger));

    assertThat(found("ann"))
        .containsExactly(waitOf(run, Optional.of("ann"), START.minusSeconds(9)));
  }

  @Test
  void lookBack_findsWhatWasSentSinceTheRunWasMade() {
    send("ann");
    advance(Duration.ofSeconds(1));
    RunId run = insert(ofAnn());
    EventId hit = send("ann");
    send("bob");

    assertThat(lookBack(run)).containsExactly(hit);
  }

  @Test
  void insertAgain_findsItOnce() {
    NewRun run = ofAnn();
    insert(run);
    insert(run);

    assertThat(found("ann")).hasSize(1);
  }

  @Test
  void run_isFoundWhileItRunsAndWaits() {
    NodeId node = join();
    insert(ofAnn());
    Claimed claimed = claimOne(node);
    assertThat(found("ann")).hasSize(1);

    end(node, claimed, retriedIn(Duration.ofHours(1)));

    assertThat(found("ann")).hasSize(1);
  }

  @Test
  void runThatHasEnded_isNotFound() {
    NodeId node = join();
    RunId run = completed(node, ofAnn());
    insert(ofAnn());
    end(node, claimOne(node), new Ending.Cancelled("asked"));
    insert(ofAnn());
    end(node, claimOne(node), failed());
    send("ann");

    assertThat(found("ann")).isEmpty();
    assertThat(lookBack(run)).isEmpty();
  }

  @Test
  void runThatIsReplaced_isNotFound() {
    var key = Optional.of(Unique.whileActive("k").on(Unique.OnConflict.REPLACE));
    insert(ofAnn().withUnique(key));
    NewRun second = ofAnn().withUnique(key);
    insert(second);

    assertThat(found("ann")).extracting(OpenWait::run).containsExactly(second.id());
  }

  @Test
  void runThatADeliveryStarts_isFound() {
    send("bob");
    InboxEntry entry = store.inbox(1).get(0);
    NewRun run = ofAnn();

    store.deliver(List.of(new Delivery(entry.id(), List.of(new Delivery.StartRun(JOB, run)))));

    assertThat(found("ann")).extracting(OpenWait::run).containsExactly(run.id());
  }

  @Test
  void cancelRun_endsTheRunThatWasFound() {
    NodeId node = join();
    RunId run = insert(ofAnn().withDue(in(Duration.ofDays(1))));
    send("ann");
    InboxEntry entry = store.inbox(1).get(0);

    store.deliver(
        List.of(
            new Delivery(
                entry.id(),
                List.of(new Delivery.CancelRun(run, "gone"), new Delivery.CancelRun(run, "too")))));

    Claimed claimed = claimOne(node);
    assertThat(claimed.cancelRequested()).contains("gone");
    end(node, claimed, new Ending.Cancelled("gone"));
    assertThat(read(run).status()).isEqualTo(Status.CANCELLED);
    assertThat(store.passes(run))
        .extracting(Pass::event)
        .containsExactly(Pass.Event.MOVED, Pass.Event.CANCELLED);
  }

  @Test
  void text_isChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CancelOn("", Optional.empty()))
        .withMessage("name of an event must not be empty");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CancelOn(GONE, Optional.of("k".repeat(201))))
        .withMessage("key of an event must have at most 200 characters, had 201");
  }
}
