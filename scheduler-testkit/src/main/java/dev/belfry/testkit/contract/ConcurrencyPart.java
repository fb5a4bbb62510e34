// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.EventId;
import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.run.Unique;
import dev.belfry.store.Accepted;
import dev.belfry.store.Catalog;
import dev.belfry.store.Claimed;
import dev.belfry.store.Delivery;
import dev.belfry.store.Ending;
import dev.belfry.store.Firing;
import dev.belfry.store.JobStore;
import dev.belfry.store.LookBack;
import dev.belfry.store.Memo;
import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoKind;
import dev.belfry.store.MemoValue;
import dev.belfry.store.MemoWrite;
import dev.belfry.store.NewEvent;
import dev.belfry.store.NewMemo;
import dev.belfry.store.NewRun;
import dev.belfry.store.OpenWait;
import dev.belfry.store.Outcome;
import dev.belfry.store.PassReport;
import dev.belfry.store.RecordContent;
import dev.belfry.store.RecordWrite;
import dev.belfry.store.RollupQuery;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoredRecord;
import dev.belfry.store.Verdict;
import dev.belfry.store.Wait;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The promises hold when many ask at once. */
@Timeout(60)
abstract class ConcurrencyPart extends ScheduleWords {
  ConcurrencyPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  /**
   * Has a call made by many threads that start together, and returns their answers, in any order;
   * the first that fails ends it.
   */
  static <T> List<T> inParallel(int threads, Callable<T> call) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      var start = new CyclicBarrier(threads);
      Callable<T> together =
          () -> {
            start.await();
            return call.call();
          };
      var calls = new ExecutorCompletionService<T>(pool);
      for (int i = 0; i < threads; i++) {
        calls.submit(together);
      }
      var answers = new ArrayList<T>();
      while (answers.size() < threads) {
        answers.add(calls.take().get());
      }
      return answers;
    } finally {
      pool.shutdownNow();
    }
  }

  /** Repeats a call as often as the store asks for it, as its callers do. */
  static <T> T persistently(Callable<T> call) throws Exception {
    for (int tries = 1; ; tries++) {
      try {
        return call.call();
      } catch (StoreException e) {
        boolean again =
            e.kind() == StoreException.Kind.RETRY || e.kind() == StoreException.Kind.UNKNOWN;
        if (!again || tries == 1_000) {
          throw e;
        }
      }
    }
  }

  @Test
  void claims_byManyNodes_giveEachRunOnce() throws Exception {
    var runs = Stream.generate(this::newRun).limit(2_000).toList();
    store.insert(runs);
    var lane = quota(lane(JOB), 25);

    var claimed =
        inParallel(
            4,
            () -> {
              NodeId node = persistently(this::join);
              var mine = new ArrayList<Claimed>();
              List<Outcome> outcomes = List.of();
              do {
                List<Outcome> ended = outcomes;
                var exchanged =
                    persistently(() -> store.exchange(node, ended, List.of(demand(25, lane))));
                outcomes = exchanged.claimed().stream().map(ConcurrencyPart::completion).toList();
                mine.addAll(exchanged.claimed());
              } while (!outcomes.isEmpty());
              return mine;
            });

    assertThat(claimed.stream().flatMap(List::stream).map(Claimed::id))
        .containsExactlyInAnyOrderElementsOf(runs.stream().map(NewRun::id).toList());
    for (NewRun run : runs.subList(0, 50)) {
      assertThat(store.passes(run.id()))
          .extracting(Pass::event)
          .containsExactly(Pass.Event.COMPLETED);
    }
    assertThat(
            store
                .rollups(RollupQuery.of(List.of(JOB), START, START.plusSeconds(60)))
                .get(0)
                .completed())
        .isEqualTo(2_000);
  }

  static Outcome completion(Claimed claimed) {
    return new Outcome(claimed.id(), claimed.fence(), done(), PassReport.NOT_STARTED);
  }

  @Test
  void inserts_ofOneKey_makeOneRun() throws Exception {
    var key = Optional.of(Unique.whileActive("k"));
    declare(JOB);

    var answers =
        inParallel(
            16,
            () -> {
              NewRun run = newRun().withUnique(key);
              return persistently(() -> accepted(run));
            });

    assertThat(answers).filteredOn(Accepted.Created.class::isInstance).hasSize(1);
    assertThat(answers).extracting(Accepted::run).containsOnly(answers.get(0).run());
    assertThat(claim(join(), 20)).hasSize(1);
  }

  @Test
  void inserts_ofOneId_makeOneRun() throws Exception {
    NewRun run = newRun();

    var answers = inParallel(8, () -> persistently(() -> accepted(run)));

    assertThat(answers).containsOnly(new Accepted.Created(run.id()));
    assertThat(claim(join(), 20)).hasSize(1);
  }

  @Test
  void inserts_intoOneNewLane_makeOneLane() throws Exception {
    inParallel(8, () -> persistently(() -> accepted(newRun())));

    assertThat(store.catalog().lanes()).hasSize(1);
    assertThat(claim(join(), 20)).hasSize(8);
  }

  @Test
  void firings_ofOneTick_makeOneRun() throws Exception {
    var seen = created();
    declare(JOB);

    var verdicts =
        inParallel(
            8,
            () -> {
              var firing = firing(seen, new Firing.Start(runOf(START)), START.plus(MINUTE));
              return persistently(() -> fire(firing));
            });

    assertThat(verdicts).filteredOn(Verdict.APPLIED::equals).hasSize(1);
    assertThat(verdicts).filteredOn(Verdict.REFUSED::equals).hasSize(7);
    assertThat(claim(join(), 20)).hasSize(1);
  }

  @Test
  void outcomes_ofOnePass_areAppliedOnce() throws Exception {
    NodeId node = join();
    Claimed claimed = running(node);

    var verdicts = inParallel(8, () -> persistently(() -> end(node, claimed, done())));

    assertThat(verdicts).filteredOn(Verdict.APPLIED::equals).hasSize(1);
    assertThat(verdicts).filteredOn(Verdict.REPEATED::equals).hasSize(7);
    assertThat(store.passes(claimed.id())).hasSize(1);
  }

  @Test
  void cancels_ofOneRun_areAppliedOnce() throws Exception {
    RunId run = insert(newRun());

    var verdicts = inParallel(8, () -> persistently(() -> cancel(run)));

    assertThat(verdicts).filteredOn(Verdict.APPLIED::equals).hasSize(1);
    assertThat(read(run).status()).isEqualTo(Status.SCHEDULED);
    assertThat(fence(run)).isEqualTo(1);
  }

  @Test
  void deliveries_ofOneEntry_startOneRunForEachSubscriber() throws Exception {
    declare(JOB);
    NewEvent event = NewEvent.of(new EventId(nextId().value()), "user/login", payload("{}"));
    inParallel(4, () -> persistently(() -> send(event)));
    long entry = store.inbox(10).get(0).id();
    var subscribers = new AtomicInteger();

    inParallel(
        8,
        () -> {
          String name = "job-" + subscribers.incrementAndGet() % 2;
          var start = new Delivery.StartRun(name, newRun());
          return persistently(
              () -> store.deliver(List.of(new Delivery(entry, List.of(start), false))));
        });

    assertThat(store.inbox(10)).hasSize(1);
    assertThat(claim(join(), 20)).hasSize(2);
  }

  @Test
  void waitAndEventThatMeet_neverMissEachOther() throws Exception {
    NodeId node = join();
    for (int round = 0; round < 50; round++) {
      Claimed claimed = running(node);
      var event = NewEvent.of(new EventId(nextId().value()), "event-" + round, payload("{}"));
      var roles = new AtomicInteger();

      inParallel(
          2, () -> roles.getAndIncrement() == 0 ? await(node, claimed, event) : sendAndWake(event));

      assertThat(memos(claimed.id()))
          .extracting(Memo::value)
          .containsExactly(new MemoValue.Received(event.id(), event.data()));
      end(node, claimOne(node), done());
    }
  }

  /** Waits as a node does: commits the wait, looks back, and suspends the run. */
  private Verdict await(NodeId node, Claimed claimed, NewEvent event) throws Exception {
    var wait = new Wait(event.name(), Optional.empty(), START);
    var memo = NewMemo.waiting(MemoKey.of("wait"), wait, Optional.empty());
    var write = new MemoWrite(claimed.id(), claimed.fence(), memo);
    persistently(() -> store.record(node, List.of(write)));
    var question = new LookBack(claimed.id(), memo.key(), Optional.empty());
    if (!store.lookBack(List.of(question), 1).isEmpty()) {
      var found = new MemoValue.Received(event.id(), event.data());
      var settled = NewMemo.settled(memo.key(), MemoKind.WAIT, "", found);
      persistently(
          () -> store.record(node, List.of(new MemoWrite(claimed.id(), claimed.fence(), settled))));
    }
    return persistently(
        () -> end(node, claimed, new Ending.Suspended(List.of(memo), "waits for an event")));
  }

  /** Sends an event and wakes whoever waits for it. */
  private Verdict sendAndWake(NewEvent event) throws Exception {
    persistently(() -> send(event));
    var effects = new ArrayList<Delivery.Effect>();
    for (OpenWait open : store.openWaits(event.name(), Optional.empty(), Optional.empty(), 10)) {
      effects.add(
          new Delivery.WakeRun(
              open.run(), open.key(), new MemoValue.Received(event.id(), event.data())));
    }
    long entry = store.inbox(1).get(0).id();
    return persistently(() -> store.deliver(List.of(new Delivery(entry, effects))).get(0));
  }

  private boolean send(NewEvent event) {
    store.send(List.of(event));
    return true;
  }

  @Test
  void records_ofOneVersion_areWrittenOnce() throws Exception {
    var numbers = new AtomicInteger();

    var verdicts =
        inParallel(
            8,
            () -> {
              var content = RecordContent.of("{\"n\":" + numbers.incrementAndGet() + "}");
              var put = new RecordWrite.Put("kind", "id", 0, content);
              return persistently(() -> store.records().write(List.of(put)).get(0));
            });

    assertThat(verdicts).filteredOn(Verdict.APPLIED::equals).hasSize(1);
    assertThat(verdicts).filteredOn(Verdict.REFUSED::equals).hasSize(7);
    assertThat(store.records().get("kind", "id")).map(StoredRecord::version).contains(1L);
  }

  @Test
  void declarations_ofManyNodes_makeOneOfEach() throws Exception {
    inParallel(
        8,
        () -> {
          persistently(store::open);
          persistently(
              () -> {
                declare(JOB, declared("every PT1M", START));
                return store.catalog();
              });
          return persistently(this::join);
        });

    Catalog catalog = store.catalog();
    assertThat(catalog.lanes()).hasSize(1);
    assertThat(store.schedules(Optional.empty(), 10).items()).hasSize(1);
    assertThat(store.nodes()).hasSize(8);
  }
}
