// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static dev.belfry.testkit.contract.ConcurrencyPart.inParallel;
import static dev.belfry.testkit.contract.ConcurrencyPart.persistently;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.run.Unique;
import dev.belfry.store.Amendment;
import dev.belfry.store.Claimed;
import dev.belfry.store.Declaration;
import dev.belfry.store.Demand;
import dev.belfry.store.Due;
import dev.belfry.store.Ending;
import dev.belfry.store.JobStore;
import dev.belfry.store.Limit;
import dev.belfry.store.LimitKey;
import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoKind;
import dev.belfry.store.NewMemo;
import dev.belfry.store.NewRun;
import dev.belfry.store.Outcome;
import dev.belfry.store.PassReport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs of an order come one after another, each from its first claim to its final state. */
@Timeout(60)
abstract class OrderPart extends ContractPart {
  private static final LimitKey ANN = new LimitKey(Limit.Kind.ORDER.of("mail"), "ann");
  private static final LimitKey BOB = new LimitKey(Limit.Kind.ORDER.of("mail"), "bob");
  private static final LimitKey DISK = new LimitKey("disk", "");

  OrderPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private NewRun ordered(LimitKey... keys) {
    return newRun().withLimits(List.of(keys));
  }

  private List<RunId> insertOrdered(int count, LimitKey... keys) {
    List<NewRun> runs = Stream.generate(() -> ordered(keys)).limit(count).toList();
    store.insert(runs);
    return runs.stream().map(NewRun::id).toList();
  }

  private List<RunId> claimedIds(NodeId node, int limit) {
    return claim(node, limit).stream().map(Claimed::id).toList();
  }

  private static Ending sleeping(Duration time) {
    return new Ending.Suspended(
        List.of(
            NewMemo.pending(MemoKey.of("nap"), MemoKind.SLEEP, Optional.of(new Due.After(time)))),
        "a nap");
  }

  @Test
  void claim_takesTheFirstOfEachKey() {
    List<RunId> ann = insertOrdered(3, ANN);
    List<RunId> bob = insertOrdered(2, BOB);
    NodeId node = join();

    List<Claimed> claimed = claim(node, 10);
    assertThat(claimed).extracting(Claimed::id).containsExactly(ann.get(0), bob.get(0));
    end(node, claimed.get(0), done());

    assertThat(claimedIds(node, 10)).containsExactly(ann.get(1));
  }

  @Test
  void finalStates_alone_endATurn() {
    NodeId node = join();
    for (Ending ending :
        List.of(
            done(),
            failed(),
            new Ending.TimedOut(failure(), "x"),
            new Ending.Cancelled("x"),
            new Ending.Skipped("x"))) {
      List<RunId> runs = insertOrdered(2, ANN);
      end(node, claimOne(node), ending);
      Claimed second = claimOne(node);
      assertThat(second.id()).as(ending.toString()).isEqualTo(runs.get(1));
      end(node, second, done());
    }
  }

  @Test
  void runThatGoesOn_keepsItsTurn() {
    NodeId node = join();
    for (Ending ending :
        List.of(
            retriedIn(Duration.ofMinutes(1)),
            new Ending.Snoozed(Duration.ofMinutes(1), "x"),
            sleeping(Duration.ofMinutes(1)))) {
      List<RunId> runs = insertOrdered(2, ANN);
      end(node, claimOne(node), ending);
      assertThat(claim(node, 5)).as(ending.toString()).isEmpty();
      advance(Duration.ofMinutes(1));
      store.renew(node, LEASE);
      Claimed again = claimOne(node);
      assertThat(again.id()).isEqualTo(runs.get(0));
      assertThat(claim(node, 5)).isEmpty();
      end(node, again, done());
      end(node, claimOne(node), done());
    }
  }

  @Test
  void runThatIsHandedBack_isNotOvertaken() {
    List<RunId> runs = insertOrdered(2, ANN);
    NodeId node = join();
    end(node, claimOne(node), handedBack());
    RunId early = insert(ordered(ANN).withDue(new Due.At(START.minusSeconds(5))));

    Claimed again = claimOne(node);
    assertThat(again.id()).isEqualTo(runs.get(0));
    end(node, again, done());
    Claimed second = claimOne(node);
    assertThat(second.id()).isEqualTo(early);
    end(node, second, done());
    assertThat(claimedIds(node, 5)).containsExactly(runs.get(1));
  }

  @Test
  void blockedRun_keepsItsTurnUntilItIsCancelled() {
    List<RunId> runs = insertOrdered(2, ANN);
    NodeId node = join();
    end(node, claimOne(node), new Ending.Blocked("unreadable"));
    assertThat(claim(node, 5)).isEmpty();
    amend(new Amendment.Release(runs.get(0), "ann"));
    Claimed again = claimOne(node);
    assertThat(again.id()).isEqualTo(runs.get(0));
    end(node, again, new Ending.Blocked("still"));
    assertThat(claim(node, 5)).isEmpty();

    cancel(runs.get(0));
    Claimed cancelled = claimOne(node);
    assertThat(cancelled.id()).isEqualTo(runs.get(0));
    end(node, cancelled, new Ending.Cancelled("asked by ann"));

    assertThat(claimedIds(node, 5)).containsExactly(runs.get(1));
  }

  @Test
  void cancelledRun_thatNeverHadItsTurn_endsNobodyElses() {
    List<RunId> runs = insertOrdered(3, ANN);
    NodeId node = join();
    Claimed first = claimOne(node);
    cancel(runs.get(1));
    Claimed second = claimOne(node);
    assertThat(second.id()).isEqualTo(runs.get(1));

    end(node, second, new Ending.Cancelled("asked by ann"));

    assertThat(claim(node, 5)).isEmpty();
    end(node, first, done());
    assertThat(claimedIds(node, 5)).containsExactly(runs.get(2));
  }

  @Test
  void runThatIsReplacedInItsTurn_endsIt() {
    var key = Optional.of(Unique.whileActive("k").on(Unique.OnConflict.REPLACE));
    insert(ordered(ANN).withUnique(key));
    RunId next = insert(ordered(ANN));
    NodeId node = join();
    end(node, claimOne(node), sleeping(Duration.ofDays(1)));
    assertThat(claim(node, 5)).isEmpty();

    RunId replacement = insert(ordered(ANN).withUnique(key));

    Claimed second = claimOne(node);
    assertThat(second.id()).isEqualTo(next);
    end(node, second, done());
    assertThat(claimedIds(node, 5)).containsExactly(replacement);
  }

  @Test
  void death_ofANode_leavesItsRunTheTurn() {
    List<RunId> runs = insertOrdered(3, ANN);
    NodeId dying = join();
    claimOne(dying);
    cancel(runs.get(2));
    assertThat(claimedIds(dying, 5)).containsExactly(runs.get(2));
    NodeId reaper = join();
    for (int i = 0; i < 4; i++) {
      advance(Duration.ofSeconds(5));
      store.renew(reaper, LEASE);
    }
    assertThat(store.reap(reaper, LEASE, 10)).containsExactly(runs.get(0), runs.get(2));

    List<Claimed> claimed = claim(reaper, 5);
    assertThat(claimed).extracting(Claimed::id).containsExactlyInAnyOrder(runs.get(0), runs.get(2));
    for (Claimed each : claimed) {
      if (each.id().equals(runs.get(2))) {
        end(reaper, each, new Ending.Cancelled("asked by ann"));
        assertThat(claim(reaper, 5)).isEmpty();
      }
    }
    for (Claimed each : claimed) {
      if (each.id().equals(runs.get(0))) {
        end(reaper, each, done());
      }
    }
    assertThat(claimedIds(reaper, 5)).containsExactly(runs.get(1));
  }

  @Test
  void heldRun_isNotOvertakenByOneThatNeedsLess() {
    store.declare(
        List.of(
            new Declaration(JOB, "default", 0, List.of(), List.of(new Limit.Slots("disk", 1)))));
    NodeId node = join();
    insert(ordered(DISK));
    Claimed disk = claimOne(node);
    RunId both = insert(ordered(ANN, DISK));
    assertThat(claim(node, 5)).isEmpty();
    RunId after = insert(ordered(ANN));
    assertThat(claim(node, 5)).isEmpty();

    end(node, disk, done());

    Claimed next = claimOne(node);
    assertThat(next.id()).isEqualTo(both);
    assertThat(claim(node, 5)).isEmpty();
    end(node, next, done());
    assertThat(claimedIds(node, 5)).containsExactly(after);
  }

  @Test
  void fourNodes_neverOvertake() throws Exception {
    var runs = new ArrayList<NewRun>();
    Map<String, List<RunId>> expected = new HashMap<>();
    Map<String, Queue<RunId>> seen = new ConcurrentHashMap<>();
    for (int i = 0; i < 240; i++) {
      String key = "k" + i % 8;
      NewRun run = ordered(new LimitKey(Limit.Kind.ORDER.of("mail"), key)).withTags(List.of(key));
      runs.add(run);
      expected.computeIfAbsent(key, k -> new ArrayList<>()).addAll(List.of(run.id(), run.id()));
      seen.put(key, new ConcurrentLinkedQueue<>());
    }
    store.insert(runs);
    Demand demand = demand(4, quota(lane(JOB), 4));
    var ended = new AtomicInteger();

    inParallel(
        4,
        () -> {
          NodeId node = persistently(this::join);
          List<Outcome> outcomes = List.of();
          while (ended.get() < runs.size()) {
            List<Outcome> last = outcomes;
            var exchanged = persistently(() -> store.exchange(node, last, List.of(demand)));
            ended.addAndGet(
                (int) last.stream().filter(o -> o.ending() instanceof Ending.Completed).count());
            outcomes = new ArrayList<>();
            for (Claimed claim : exchanged.claimed()) {
              requireNonNull(seen.get(claim.tags().get(0))).add(claim.id());
              Ending ending = claim.attempt() == 1 ? retriedIn(Duration.ZERO) : done();
              outcomes.add(new Outcome(claim.id(), claim.fence(), ending, PassReport.NOT_STARTED));
            }
          }
          return true;
        });

    expected.forEach((key, ids) -> assertThat(seen.get(key)).containsExactlyElementsOf(ids));
    assertThat(store.runs(runs.stream().map(NewRun::id).toList()))
        .extracting(record -> record.run().status())
        .containsOnly(Status.COMPLETED);
  }
}
