// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static dev.belfry.testkit.contract.ConcurrencyPart.inParallel;
import static dev.belfry.testkit.contract.ConcurrencyPart.persistently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.NodeId;
import dev.belfry.run.OnActive;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.store.Claimed;
import dev.belfry.store.Ending;
import dev.belfry.store.JobStore;
import dev.belfry.store.Limit;
import dev.belfry.store.LimitKey;
import dev.belfry.store.RunRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One run of a key is active; another is skipped, or takes its place. */
@Timeout(60)
abstract class SingletonPart extends PacePart {
  private static final String NAME = Limit.Kind.SINGLETON.of("sync");
  private static final LimitKey ANN = new LimitKey(NAME, "ann");

  SingletonPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private void declareSingleton(OnActive onActive) {
    declareLimits(new Limit.Singleton(NAME, onActive));
  }

  private static String active(RunId run) {
    return "run " + run + " of key \"ann\" is active";
  }

  private void endCancelled(NodeId node, Claimed claimed) {
    end(node, claimed, new Ending.Cancelled(claimed.cancelRequested().orElseThrow()));
  }

  // SKIP

  @Test
  void skip_hasTheNewRunEnd() {
    declareSingleton(OnActive.SKIP);
    NodeId node = join();
    List<RunId> runs = insertLimited(3, ANN);
    RunId bob = insert(limited(new LimitKey(NAME, "bob")));

    List<Claimed> claimed = claim(node, 10);

    assertThat(started(claimed)).containsExactly(runs.get(0), bob);
    assertThat(skip(node, claimed)).containsExactly(active(runs.get(0)), active(runs.get(0)));
  }

  @Test
  void skip_isOverWhenTheActiveRunIsFinal() {
    declareSingleton(OnActive.SKIP);
    NodeId node = join();
    List<Ending> goingOn =
        List.of(retriedIn(Duration.ZERO), new Ending.Snoozed(Duration.ZERO, "x"), handedBack());
    insertLimited(1, ANN);
    Claimed first = claimOne(node);
    for (Ending ending : goingOn) {
      end(node, first, ending);
      insertLimited(1, ANN);
      List<Claimed> claimed = claim(node, 10);
      assertThat(skip(node, claimed)).as(ending.toString()).containsExactly(active(first.id()));
      first = claimed.get(0);
    }
    end(node, first, failed());

    RunId next = insertLimited(1, ANN).get(0);

    assertThat(started(claim(node, 10))).containsExactly(next);
  }

  @Test
  void skip_byANodeThatDies_isDecidedAgain() {
    declareSingleton(OnActive.SKIP);
    NodeId other = join();
    List<RunId> runs = insertLimited(2, ANN);
    Claimed first = claimOne(other);
    assertThat(claim(join(), 10))
        .extracting(Claimed::skipped)
        .containsExactly(Optional.of(active(first.id())));
    end(other, first, done());

    NodeId node = death();

    Claimed again = claimOne(node);
    assertThat(again.id()).isEqualTo(runs.get(1));
    assertThat(again.skipped()).isEmpty();
    assertThat(again.attempt()).isEqualTo(1);
  }

  // CANCEL

  @Test
  void cancel_hasTheActiveRunEnd_andTheNewOneStartsThen() {
    declareSingleton(OnActive.CANCEL);
    NodeId node = join();
    RunId first = insertLimited(1, ANN).get(0);
    Claimed active = claimOne(node);
    RunId second = insertLimited(1, ANN).get(0);

    var exchanged = exchange(node, demand(10, quota(lane(JOB), 10)));
    assertThat(exchanged.claimed()).isEmpty();
    assertThat(exchanged.cancels()).containsEntry(first, "replaced by run " + second);
    assertThat(store.runs(List.of(second)).get(0).heldFor()).containsExactly(ANN);
    end(node, active, new Ending.Cancelled("replaced by run " + second));

    assertThat(started(claim(node, 10))).containsExactly(second);
  }

  @Test
  void cancel_ofOneThatWaits_isMetByTheNextClaim() {
    declareSingleton(OnActive.CANCEL);
    NodeId node = join();
    RunId first = insertLimited(1, ANN).get(0);
    end(node, claimOne(node), retriedIn(Duration.ofDays(1)));
    RunId second = insertLimited(1, ANN).get(0);

    Claimed cancelled = claimOne(node);
    assertThat(cancelled.id()).isEqualTo(first);
    assertThat(cancelled.cancelRequested()).contains("replaced by run " + second);
    endCancelled(node, cancelled);

    assertThat(started(claim(node, 10))).containsExactly(second);
  }

  @Test
  void cancel_leavesOnlyTheLastOfThoseThatWait() {
    declareSingleton(OnActive.CANCEL);
    NodeId node = join();
    insertLimited(1, ANN);
    Claimed active = claimOne(node);
    RunId second = insertLimited(1, ANN).get(0);
    assertThat(claim(node, 10)).isEmpty();
    RunId third = insertLimited(1, ANN).get(0);

    List<Claimed> claimed = claim(node, 10);
    assertThat(claimed).extracting(Claimed::id).containsExactly(second);
    assertThat(claimed.get(0).cancelRequested()).contains("replaced by run " + third);
    endCancelled(node, claimed.get(0));
    assertThat(claim(node, 10)).isEmpty();
    end(node, active, new Ending.Cancelled("x"));

    assertThat(started(claim(node, 10))).containsExactly(third);
    assertThat(read(second).state())
        .isEqualTo(new RunState.Cancelled(START, "replaced by run " + third));
  }

  @Test
  void cancel_amongManyThatAreThere_leavesTheLast() {
    declareSingleton(OnActive.CANCEL);
    NodeId node = join();
    List<RunId> runs = insertLimited(5, ANN);
    for (int i = 0; i < 20 && read(runs.get(4)).status() != Status.COMPLETED; i++) {
      var exchanged = exchange(node, demand(10, quota(lane(JOB), 10)));
      for (Claimed each : store.heldBy(node)) {
        boolean asked =
            each.cancelRequested().isPresent() || exchanged.cancels().containsKey(each.id());
        end(node, each, asked ? new Ending.Cancelled("x") : done());
      }
    }

    assertThat(store.runs(runs).stream().map(RunRecord::run))
        .extracting(
            run -> run.id().equals(runs.get(4)) ? "last " + run.status() : run.status().name())
        .containsExactlyInAnyOrder(
            "CANCELLED", "CANCELLED", "CANCELLED", "CANCELLED", "last COMPLETED");
  }

  @Test
  void runOfADeadNode_staysTheActiveOne() {
    declareSingleton(OnActive.SKIP);
    insertLimited(1, ANN);
    Claimed first = claimOne(join());
    insertLimited(1, ANN);

    NodeId node = death();
    List<Claimed> claimed = claim(node, 10);

    assertThat(started(claimed)).containsExactly(first.id());
    assertThat(skip(node, claimed)).containsExactly(active(first.id()));
  }

  @Test
  void manyNodes_haveOneActiveAtATime() throws Exception {
    declareSingleton(OnActive.SKIP);
    List<RunId> runs = insertLimited(120, ANN);
    var active = new AtomicInteger();
    var most = new AtomicInteger();

    inParallel(
        4,
        () -> {
          NodeId node = persistently(this::join);
          for (List<Claimed> claimed = persistently(() -> claim(node, 3));
              !claimed.isEmpty();
              claimed = persistently(() -> claim(node, 3))) {
            for (Claimed each : claimed) {
              if (each.skipped().isEmpty()) {
                most.accumulateAndGet(active.incrementAndGet(), Math::max);
                active.decrementAndGet();
                persistently(() -> end(node, each, done()));
              } else {
                persistently(() -> skip(node, List.of(each)));
              }
            }
          }
          return true;
        });

    assertThat(most).hasValue(1);
    assertThat(store.runs(runs))
        .extracting(record -> record.run().status())
        .contains(Status.COMPLETED)
        .containsOnly(Status.COMPLETED, Status.SKIPPED);
  }
}
