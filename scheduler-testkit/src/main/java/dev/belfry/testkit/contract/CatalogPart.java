// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.run.Target;
import dev.belfry.store.Claimed;
import dev.belfry.store.Declaration;
import dev.belfry.store.Hint;
import dev.belfry.store.JobStore;
import dev.belfry.store.Lane;
import dev.belfry.store.PauseChange;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Lanes, pauses and hints. */
abstract class CatalogPart extends ContractPart {
  CatalogPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private static Declaration job(String name, String queue, int priority) {
    return new Declaration(name, queue, priority, List.of());
  }

  private static PauseChange pause(Target target) {
    return new PauseChange(target, true, "ann");
  }

  private static PauseChange resume(Target target) {
    return new PauseChange(target, false, "ann");
  }

  @Test
  void catalog_ofANewStore_isEmpty() {
    assertThat(store.catalog().lanes()).isEmpty();
    assertThat(store.catalog().paused()).isEmpty();
  }

  @Test
  void declare_makesADefaultLaneForEachJob() {
    var catalog = store.declare(List.of(job("a", "default", 0), job("b", "mail", 2)));

    assertThat(catalog).isEqualTo(store.catalog());
    assertThat(catalog.lanes())
        .extracting(Lane::job, Lane::priority, Lane::queue)
        .containsExactlyInAnyOrder(tuple("a", 0, "default"), tuple("b", 2, "mail"));
    assertThat(catalog.lanes()).extracting(Lane::id).doesNotHaveDuplicates();
  }

  @Test
  void declare_setsTheQueueOfAllLanesOfTheJob() {
    insert(newRun().withPriority(3));
    int lane = lane(JOB, 3);

    store.declare(List.of(job(JOB, "mail", 0)));

    assertThat(laneOf(JOB, 3)).isEqualTo(new Lane(lane, JOB, 3, "mail"));
    assertThat(laneOf(JOB, 0).queue()).isEqualTo("mail");
  }

  @Test
  void declareAgain_keepsTheCatalog() {
    var before = store.declare(List.of(job(JOB, "mail", 1)));

    assertThat(store.declare(List.of(job(JOB, "mail", 1)))).isEqualTo(before);
  }

  @Test
  void declare_growsTheVersionWithWhatChanges() {
    long first = store.declare(List.of(job(JOB, "mail", 1))).version();
    long second = store.declare(List.of(job(JOB, "other", 1))).version();
    long third = store.declare(List.of(job(JOB, "other", 2))).version();

    assertThat(List.of(first, second, third)).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void pause_isSeenUntilItIsResumed() {
    var targets = List.of(Target.all(), Target.job(JOB), Target.queue("mail"));

    var paused = store.pause(targets.stream().map(CatalogPart::pause).toList());
    assertThat(paused.paused()).containsExactlyInAnyOrderElementsOf(targets);
    assertThat(store.catalog()).isEqualTo(paused);

    var resumed = store.pause(List.of(resume(Target.job(JOB))));
    assertThat(resumed.paused()).containsExactlyInAnyOrder(Target.all(), Target.queue("mail"));
    assertThat(resumed.version()).isGreaterThan(paused.version());
  }

  @Test
  void pause_ofWhatIsPaused_keepsTheVersion() {
    var paused = store.pause(List.of(pause(Target.job(JOB))));

    assertThat(store.pause(List.of(pause(Target.job(JOB))))).isEqualTo(paused);
    assertThat(store.pause(List.of(resume(Target.all())))).isEqualTo(paused);
    assertThat(store.pause(List.of())).isEqualTo(paused);
  }

  @Test
  void pause_distinguishesJobsAndQueuesOfOneName() {
    store.pause(List.of(pause(Target.job("mail"))));

    assertThat(store.catalog().paused()).containsExactly(Target.job("mail"));
  }

  @Test
  void hint_isGivenWhereTheStoreMayBeUsed() {
    Queue<List<?>> seen = new ConcurrentLinkedQueue<>();
    var run = newRun();
    try (var hints = store.onHint(hint -> seen.add(store.runs(List.of(run.id()))))) {
      assertThat(hints).isNotNull();
      insert(run);
    }

    assertThat(seen).allSatisfy(runs -> assertThat(runs).hasSize(1));
  }

  @Test
  void hint_tellsWhenARunIsDue() {
    Queue<Hint> seen = new ConcurrentLinkedQueue<>();
    declare(JOB);
    NodeId node = join();
    Claimed claimed = running(node);
    store.onHint(seen::add);
    var lane = lane(JOB);

    insert(
        newRun().withDue(in(Duration.ofSeconds(5))), newRun().withDue(in(Duration.ofSeconds(9))));
    advance(Duration.ofSeconds(1));
    end(node, claimed, retriedIn(Duration.ofSeconds(2)));

    assertThat(seen)
        .containsExactly(
            new Hint(START, Map.of(lane, START.plusSeconds(5)), false),
            new Hint(START.plusSeconds(1), Map.of(lane, START.plusSeconds(3)), false));
  }

  @Test
  void hint_isNotGivenAfterItsEnd() {
    Queue<Hint> seen = new ConcurrentLinkedQueue<>();
    store.onHint(seen::add).close();

    RunId run = insert(newRun());

    assertThat(read(run)).isNotNull();
    assertThat(seen).isEmpty();
  }
}
