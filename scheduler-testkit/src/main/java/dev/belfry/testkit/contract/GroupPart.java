// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belfry.run.GroupEnd;
import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.run.Trigger;
import dev.belfry.run.Unique;
import dev.belfry.store.Accepted;
import dev.belfry.store.Claimed;
import dev.belfry.store.Delivery;
import dev.belfry.store.Ending;
import dev.belfry.store.InboxEntry;
import dev.belfry.store.JobStore;
import dev.belfry.store.NewGroup;
import dev.belfry.store.NewRun;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A group counts the ends of its runs, and tells of the last one once. */
abstract class GroupPart extends ContractPart {
  private static final String THEN = "publish";

  GroupPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private NewGroup newGroup(int runs) {
    RunId id = nextId();
    List<NewRun> members =
        IntStream.range(0, runs).mapToObj(i -> newRun().withTrigger(Trigger.group(id))).toList();
    return new NewGroup(id, "import 42", THEN, members);
  }

  private NewGroup inserted(int runs) {
    NewGroup group = newGroup(runs);
    assertThat(store.insert(group)).isEqualTo(answers(group));
    return group;
  }

  private static List<Accepted> answers(NewGroup group) {
    return group.members().stream().<Accepted>map(r -> new Accepted.Created(r.id())).toList();
  }

  /** Has the next run of the group end. */
  private void endOne(NodeId node, Ending ending) {
    Claimed claimed = claimOne(node);
    assertThat(end(node, claimed, ending)).isEqualTo(Verdict.APPLIED);
  }

  private static Delivery.Effect counted(NewGroup group, InboxEntry.Ended end) {
    return new Delivery.EndMember(group.id(), end.status());
  }

  /** Delivers the ends of runs that wait. */
  private void deliver(NewGroup group) {
    for (InboxEntry.Ended end : endings(store.inbox(100))) {
      assertThat(store.deliver(List.of(new Delivery(end.id(), List.of(counted(group, end))))))
          .containsExactly(Verdict.APPLIED);
    }
  }

  private List<InboxEntry.Grouped> over() {
    return store.inbox(100).stream()
        .filter(InboxEntry.Grouped.class::isInstance)
        .map(InboxEntry.Grouped.class::cast)
        .toList();
  }

  @Test
  void lastEnd_tellsHowAllEnded() {
    NodeId node = join();
    NewGroup group = inserted(5);
    endOne(node, done());
    endOne(node, done());
    endOne(node, failed());
    endOne(node, new Ending.TimedOut(failure(), "too long"));
    deliver(group);
    assertThat(over()).isEmpty();

    endOne(node, new Ending.Cancelled("asked"));
    advance(Duration.ofSeconds(3));
    deliver(group);

    InboxEntry.Grouped entry = over().get(0);
    assertThat(store.inbox(100)).containsExactly(entry);
    assertThat(entry)
        .isEqualTo(
            new InboxEntry.Grouped(
                entry.id(),
                THEN,
                new GroupEnd(group.id(), "import 42", 2, 1, 1, 1, 0, START.plusSeconds(3)),
                Set.of()));
    assertThat(exchange(node).inbox()).isTrue();
  }

  @Test
  void skippedRun_isCounted() {
    NodeId node = join();
    NewGroup group = inserted(1);
    endOne(node, new Ending.Skipped("not wanted"));

    deliver(group);

    assertThat(over()).singleElement().satisfies(e -> assertThat(e.end().skipped()).isEqualTo(1));
  }

  @Test
  void runs_areInsertedWithTheGroup() {
    NewGroup group = inserted(2);

    assertThat(store.runs(group.members().stream().map(NewRun::id).toList()))
        .extracting(record -> record.run().trigger())
        .containsExactly(Trigger.group(group.id()), Trigger.group(group.id()));
    assertThat(store.runs(List.of(group.id()))).isEmpty();
    assertThat(claim(join(), 5)).hasSize(2);
  }

  @Test
  void groupWithoutRuns_isOverAtOnce() {
    NewGroup group = inserted(0);

    assertThat(over())
        .extracting(InboxEntry.Grouped::end)
        .containsExactly(new GroupEnd(group.id(), "import 42", 0, 0, 0, 0, 0, START));
  }

  @Test
  void endOfGroup_startsWhatComesAfterIt_once() {
    NodeId node = join();
    NewGroup group = inserted(1);
    endOne(node, done());
    deliver(group);
    InboxEntry.Grouped entry = over().get(0);
    NewRun then = NewRun.of(group.id(), THEN, payload("{}"));
    var delivery =
        new Delivery(
            entry.id(),
            List.of(new Delivery.StartRun(THEN, then), new Delivery.EndGroup(group.id())));

    assertThat(store.deliver(List.of(delivery))).containsExactly(Verdict.APPLIED);
    assertThat(store.deliver(List.of(delivery))).containsExactly(Verdict.REFUSED);

    assertThat(read(group.id()).job()).isEqualTo(THEN);
    assertThat(store.inbox(10)).isEmpty();
  }

  @Test
  void entryThatIsDeliveredInPart_isCountedOnce() {
    NodeId node = join();
    NewGroup group = inserted(2);
    endOne(node, done());
    InboxEntry.Ended end = endings(store.inbox(10)).get(0);
    var inPart = new Delivery(end.id(), List.of(counted(group, end)), false);

    store.deliver(List.of(inPart));
    store.deliver(List.of(inPart));
    store.deliver(List.of(new Delivery(end.id(), List.of(counted(group, end)))));
    assertThat(store.inbox(10)).isEmpty();
    endOne(node, done());
    deliver(group);

    assertThat(over()).extracting(e -> e.end().completed()).containsExactly(2);
  }

  @Test
  void insertAgain_changesNothing() {
    NodeId node = join();
    NewGroup group = inserted(2);
    assertThat(store.insert(group)).isEqualTo(answers(group));
    endOne(node, done());
    assertThat(store.insert(group)).isEqualTo(answers(group));
    endOne(node, done());
    deliver(group);
    InboxEntry.Grouped entry = over().get(0);
    store.deliver(List.of(new Delivery(entry.id(), List.of(new Delivery.EndGroup(group.id())))));

    assertThat(store.insert(group)).isEqualTo(answers(group));

    assertThat(claim(node, 5)).isEmpty();
    assertThat(store.inbox(10)).isEmpty();
  }

  @Test
  void endsThatAreDeliveredAtOnce_areCountedOnceEach() throws Exception {
    NodeId node = join();
    NewGroup group = inserted(24);
    for (Claimed claimed : claim(node, 24)) {
      end(node, claimed, done());
    }
    List<InboxEntry.Ended> ends = endings(store.inbox(100));
    assertThat(ends).hasSize(24);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      var start = new CountDownLatch(1);
      var calls = new ArrayList<Future<List<Verdict>>>();
      for (InboxEntry.Ended end : ends) {
        var delivery = new Delivery(end.id(), List.of(counted(group, end)));
        for (int rival = 0; rival < 2; rival++) {
          calls.add(
              threads.submit(
                  () -> {
                    start.await();
                    return store.deliver(List.of(delivery));
                  }));
        }
      }
      start.countDown();
      for (Future<List<Verdict>> call : calls) {
        call.get(30, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(over()).extracting(e -> e.end().completed()).containsExactly(24);
    assertThat(store.inbox(100)).hasSize(1);
  }

  @Test
  void uniqueKeyAndBadName_areRefused() {
    NewRun keyed = newRun().withUnique(Optional.of(Unique.whileActive("k")));
    RunId id = nextId();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NewGroup(id, "g", THEN, List.of(keyed)))
        .withMessage(
            "run "
                + keyed.id()
                + " of a group has a unique key, so it might be another's; leave it out");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NewGroup(id, "", THEN, List.of()))
        .withMessage("name of a group must not be empty");
  }

  @Test
  void member_isReadAfterItsEnd() {
    NodeId node = join();
    NewGroup group = inserted(1);
    endOne(node, done());

    assertThat(read(group.members().get(0).id()).status()).isEqualTo(Status.COMPLETED);
  }
}
