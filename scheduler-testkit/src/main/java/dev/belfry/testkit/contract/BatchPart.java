// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.run.Unique;
import dev.belfry.store.Amendment;
import dev.belfry.store.Claimed;
import dev.belfry.store.Declaration;
import dev.belfry.store.Demand;
import dev.belfry.store.Ending;
import dev.belfry.store.Gathered;
import dev.belfry.store.JobStore;
import dev.belfry.store.Limit;
import dev.belfry.store.LimitKey;
import dev.belfry.store.NewRun;
import dev.belfry.store.Retention;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Runs of a batch start together: once there are enough, or when the first has waited. */
abstract class BatchPart extends ContractPart {
  private static final String LIMIT = Limit.Kind.BATCH.of("job send-email");
  private static final LimitKey ALL = new LimitKey(LIMIT, "");
  private static final LimitKey ANN = new LimitKey(LIMIT, "ann");
  private static final LimitKey BOB = new LimitKey(LIMIT, "bob");
  private static final Duration WAIT = Duration.ofSeconds(10);

  BatchPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private void declareBatches(int maxSize) {
    var limit = new Limit.Batch(LIMIT, maxSize, WAIT);
    store.declare(List.of(new Declaration(JOB, "default", 0, List.of(), List.of(limit))));
  }

  private NewRun gathered(LimitKey key) {
    return newRun().withLimits(List.of(key));
  }

  private List<RunId> insertMany(int count, LimitKey key) {
    List<NewRun> runs = Stream.generate(() -> gathered(key)).limit(count).toList();
    store.insert(runs);
    return runs.stream().map(NewRun::id).toList();
  }

  /** Claims batches, and returns the runs of each in their order. */
  private List<List<RunId>> claimBatches(NodeId node, int limit) {
    var batches = new LinkedHashMap<RunId, List<RunId>>();
    for (Claimed claim : claim(node, limit)) {
      RunId batch = claim.batch().orElseThrow();
      batches.computeIfAbsent(batch, first -> new ArrayList<>()).add(claim.id());
    }
    batches.forEach((batch, runs) -> assertThat(batch).isEqualTo(runs.get(0)));
    return List.copyOf(batches.values());
  }

  /** Asks for runs, and returns when the lane is worth asking again. */
  private Instant nextDue(NodeId node) {
    Demand demand = demand(1, quota(lane(JOB), 1));
    var exchanged = exchange(node, demand);
    assertThat(exchanged.claimed()).isEmpty();
    return requireNonNull(exchanged.nextDue().get(lane(JOB)), "nothing is due in the lane");
  }

  @Test
  void claim_takesAFullBatchAsOne() {
    declareBatches(3);
    List<RunId> runs = insertMany(7, ALL);

    assertThat(claimBatches(join(), 2)).containsExactly(runs.subList(0, 3), runs.subList(3, 6));
  }

  @Test
  void claim_takesNoMoreBatchesThanItWasAskedFor() {
    declareBatches(3);
    List<RunId> runs = insertMany(9, ALL);
    NodeId node = join();

    assertThat(claimBatches(node, 1)).containsExactly(runs.subList(0, 3));
    assertThat(claimBatches(node, 5)).containsExactly(runs.subList(3, 6), runs.subList(6, 9));
  }

  @Test
  void tooFew_areGatheredUntilTheFirstHasWaited() {
    declareBatches(5);
    NodeId node = join();
    List<RunId> first = insertMany(2, ALL);
    assertThat(nextDue(node)).isEqualTo(START.plus(WAIT));
    advance(Duration.ofSeconds(4));
    List<RunId> second = insertMany(1, ALL);
    assertThat(nextDue(node)).isEqualTo(START.plus(WAIT));
    advance(Duration.ofSeconds(5));
    assertThat(claim(node, 5)).isEmpty();

    advance(Duration.ofSeconds(1));

    assertThat(claimBatches(node, 5))
        .containsExactly(List.of(first.get(0), first.get(1), second.get(0)));
  }

  @Test
  void theRunThatFillsABatch_hasAllStart() {
    declareBatches(3);
    NodeId node = join();
    List<RunId> first = insertMany(2, ALL);
    assertThat(claim(node, 5)).isEmpty();
    advance(Duration.ofSeconds(4));
    List<RunId> second = insertMany(2, ALL);

    assertThat(claimBatches(node, 5))
        .containsExactly(List.of(first.get(0), first.get(1), second.get(0)));

    assertThat(read(second.get(1)).state())
        .isEqualTo(RunState.Scheduled.first(START.plusSeconds(14)));
  }

  @Test
  void keys_areGatheredEachByItself() {
    declareBatches(2);
    RunId ann = insertMany(1, ANN).get(0);
    List<RunId> bob = insertMany(3, BOB);
    RunId ann2 = insertMany(1, ANN).get(0);
    NodeId node = join();

    assertThat(claimBatches(node, 5))
        .containsExactly(List.of(ann, ann2), List.of(bob.get(0), bob.get(1)));
    advance(WAIT);

    assertThat(claimBatches(node, 5)).containsExactly(List.of(bob.get(2)));
  }

  @Test
  void lanes_doNotMeet() {
    declareBatches(2);
    RunId low = insert(gathered(ALL));
    RunId high = insert(gathered(ALL).withPriority(2));
    NodeId node = join();
    Demand demand = demand(5, quota(lane(JOB, 2), 5), quota(lane(JOB), 5));

    assertThat(exchange(node, demand).claimed()).isEmpty();
    advance(WAIT);

    assertThat(exchange(node, demand).claimed())
        .extracting(Claimed::id, Claimed::batch)
        .containsExactly(tuple(high, Optional.of(high)), tuple(low, Optional.of(low)));
  }

  @Test
  void limitThatNobodyDeclared_gathersNothing() {
    declare(JOB);
    List<RunId> runs = insertMany(3, ALL);

    List<Claimed> claimed = claim(join(), 2);

    assertThat(claimed).extracting(Claimed::id).containsExactlyElementsOf(runs.subList(0, 2));
    assertThat(claimed).extracting(Claimed::batch).containsOnly(Optional.empty());
  }

  @Test
  void delayedRun_waitsForOthersFromItsDueTime() {
    declareBatches(2);
    NodeId node = join();
    insert(gathered(ALL).withDue(in(Duration.ofMinutes(1))));
    assertThat(nextDue(node)).isEqualTo(START.plusSeconds(60));
    advance(Duration.ofMinutes(1));

    assertThat(nextDue(node)).isEqualTo(START.plusSeconds(70));
  }

  @Test
  void runsThatNobodyClaimedInTime_startAtOnce() {
    declareBatches(4);
    List<RunId> old = insertMany(2, ALL);
    advance(Duration.ofMinutes(1));
    List<RunId> fresh = insertMany(1, ALL);

    assertThat(claimBatches(join(), 5))
        .containsExactly(List.of(old.get(0), old.get(1), fresh.get(0)));
  }

  @Test
  void retriedRun_takesAlongWhatIsGathered() {
    declareBatches(3);
    NodeId node = join();
    List<RunId> runs = insertMany(3, ALL);
    List<Claimed> batch = claim(node, 1);
    end(node, batch.get(0), done());
    end(node, batch.get(1), retriedIn(Duration.ofSeconds(5)));
    end(node, batch.get(2), done());
    advance(Duration.ofSeconds(3));
    RunId fresh = insertMany(1, ALL).get(0);
    assertThat(nextDue(node)).isEqualTo(START.plusSeconds(5));
    advance(Duration.ofSeconds(2));

    List<Claimed> again = claim(node, 5);

    assertThat(again).extracting(Claimed::id).containsExactly(runs.get(1), fresh);
    assertThat(again).extracting(Claimed::attempt).containsExactly(2, 1);
    assertThat(again).extracting(Claimed::batch).containsOnly(Optional.of(runs.get(1)));
  }

  @Test
  void outcomes_areWrittenEachByItself() {
    declareBatches(4);
    NodeId node = join();
    List<RunId> runs = insertMany(4, ALL);
    List<Claimed> batch = claim(node, 1);
    List<Ending> endings = List.of(done(), failed(), new Ending.Blocked("x"), handedBack());

    for (int i = 0; i < 4; i++) {
      assertThat(end(node, batch.get(i), endings.get(i))).isEqualTo(Verdict.APPLIED);
    }

    assertThat(runs)
        .extracting(run -> read(run).status())
        .containsExactly(Status.COMPLETED, Status.FAILED, Status.BLOCKED, Status.SCHEDULED);
  }

  @Test
  void batchThatIsHandedBack_isDueAtOnce_evenIfItStartedBeforeItsTime() {
    declareBatches(3);
    NodeId node = join();
    List<RunId> runs = new ArrayList<>(insertMany(2, ALL));
    assertThat(claim(node, 5)).isEmpty();
    advance(Duration.ofSeconds(1));
    runs.addAll(insertMany(1, ALL));
    claim(node, 5).forEach(claim -> end(node, claim, handedBack()));

    List<List<RunId>> again = claimBatches(node, 5);

    assertThat(again).hasSize(1);
    assertThat(again.get(0)).containsExactlyInAnyOrderElementsOf(runs);
  }

  @Test
  void death_ofANode_hasItsBatchStartAgain() {
    declareBatches(3);
    List<RunId> runs = insertMany(3, ALL);
    claim(join(), 1);
    NodeId reaper = join();
    for (int i = 0; i < 4; i++) {
      advance(Duration.ofSeconds(5));
      store.renew(reaper, LEASE);
    }

    assertThat(store.reap(reaper, LEASE, 10)).containsExactlyElementsOf(runs);

    assertThat(claimBatches(reaper, 5)).containsExactly(runs);
  }

  @Test
  void heldBy_doesNotKnowBatches() {
    declareBatches(2);
    List<RunId> runs = insertMany(2, ALL);
    NodeId node = join();
    claim(node, 1);

    assertThat(store.heldBy(node)).extracting(Claimed::id).containsExactlyElementsOf(runs);
    assertThat(store.heldBy(node)).extracting(Claimed::batch).containsOnly(Optional.empty());
  }

  @Test
  void cancelledRun_leavesTheOthersAndIsClaimedAlone() {
    declareBatches(3);
    NodeId node = join();
    List<RunId> runs = insertMany(2, ALL);
    assertThat(claim(node, 5)).isEmpty();

    cancel(runs.get(0));

    Claimed cancelled = claimOne(node);
    assertThat(cancelled.id()).isEqualTo(runs.get(0));
    assertThat(cancelled.batch()).isEmpty();
    RunId third = insertMany(1, ALL).get(0);
    assertThat(claim(node, 5)).isEmpty();
    RunId fourth = insertMany(1, ALL).get(0);
    assertThat(claimBatches(node, 5)).containsExactly(List.of(runs.get(1), third, fourth));
  }

  @Test
  void rescheduledRun_leavesTheOthersAndIsGatheredAtItsNewTime() {
    declareBatches(2);
    NodeId node = join();
    RunId run = insertMany(1, ALL).get(0);
    assertThat(claim(node, 5)).isEmpty();

    amend(new Amendment.Reschedule(run, in(Duration.ofMinutes(1)), "ann"));
    RunId other = insertMany(1, ALL).get(0);

    assertThat(claim(node, 5)).isEmpty();
    advance(WAIT);
    assertThat(claimBatches(node, 5)).containsExactly(List.of(other));
    advance(Duration.ofSeconds(50));
    assertThat(nextDue(node)).isEqualTo(START.plusSeconds(70));
  }

  @Test
  void replacedRun_leavesItsPlace() {
    declareBatches(2);
    NodeId node = join();
    var key = Optional.of(Unique.whileActive("k").on(Unique.OnConflict.REPLACE));
    RunId old = insert(gathered(ALL).withUnique(key));
    assertThat(claim(node, 5)).isEmpty();

    RunId next = insert(gathered(ALL).withUnique(key));

    assertThat(claim(node, 5)).isEmpty();
    assertThat(read(old).status()).isEqualTo(Status.CANCELLED);
    RunId last = insertMany(1, ALL).get(0);
    assertThat(claimBatches(node, 5)).containsExactly(List.of(next, last));
  }

  @Test
  void gathered_tellsWhatARunWaitsFor() {
    declareBatches(5);
    NodeId node = join();
    RunId first = insertMany(1, ANN).get(0);
    assertThat(store.gathered(first)).isEmpty();
    claim(node, 5);
    advance(Duration.ofSeconds(1));
    RunId second = insertMany(1, ANN).get(0);
    insertMany(1, BOB);
    claim(node, 5);

    assertThat(store.gathered(second)).contains(new Gathered(ANN, 2, 5, START.plus(WAIT)));
    advance(WAIT);
    assertThat(claimBatches(node, 1)).containsExactly(List.of(first, second));
    assertThat(store.gathered(second)).isEmpty();
    assertThat(store.gathered(nextId())).isEmpty();
  }

  @Test
  void purge_leavesWhatIsGathered() {
    declareBatches(3);
    NodeId node = join();
    List<RunId> runs = new ArrayList<>(insertMany(2, ALL));
    assertThat(claim(node, 5)).isEmpty();

    store.purge(new Retention(Duration.ofDays(1), Duration.ofDays(1)), 10);

    runs.addAll(insertMany(1, ALL));
    assertThat(claimBatches(node, 5)).containsExactly(runs);
  }

  @Test
  void manyRunsOfManyKeys_allStartInBatchesOfTheirKey() {
    declareBatches(4);
    NodeId node = join();
    var keys = new HashMap<RunId, LimitKey>();
    for (int i = 0; i < 300; i++) {
      NewRun run = gathered(new LimitKey(LIMIT, "k" + i % 7));
      keys.put(run.id(), run.limits().get(0));
      store.insert(List.of(run));
    }
    Map<RunId, Integer> starts = new HashMap<>();

    for (int i = 0; i < 300 && starts.size() < 300; i++) {
      for (List<RunId> batch : claimBatches(node, 3)) {
        assertThat(batch).hasSizeLessThanOrEqualTo(4);
        assertThat(batch.stream().map(keys::get).distinct()).hasSize(1);
        batch.forEach(run -> starts.merge(run, 1, Integer::sum));
      }
      if (i == 150) {
        advance(WAIT); // what is left over of each key
      }
    }

    assertThat(starts).hasSize(300).values().containsOnly(1);
  }

  @Test
  void limit_refusesWhatItCanNotBe() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Limit.Batch(LIMIT, 1_001, WAIT))
        .withMessage("maxSize of \"batch of job send-email\" must be 1 to 1000, was 1001");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Limit.Batch(LIMIT, 10, Duration.ofDays(2)))
        .withMessage("maxWait of \"batch of job send-email\" must be PT0.001S to PT24H, was PT48H");
  }
}
