// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static dev.belfry.testkit.contract.ConcurrencyPart.inParallel;
import static dev.belfry.testkit.contract.ConcurrencyPart.persistently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.run.Unique;
import dev.belfry.store.Claimed;
import dev.belfry.store.Demand;
import dev.belfry.store.Ending;
import dev.belfry.store.JobStore;
import dev.belfry.store.Limit;
import dev.belfry.store.LimitKey;
import dev.belfry.store.NewRun;
import dev.belfry.store.RunRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Of runs that come soon after each other the last one starts. */
@Timeout(60)
abstract class DebouncePart extends PacePart {
  private static final String NAME = Limit.Kind.DEBOUNCE.of("index");
  private static final LimitKey DOC = new LimitKey(NAME, "doc");
  private static final Duration QUIET = Duration.ofSeconds(10);

  DebouncePart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private void declareDebounce(Optional<Duration> max) {
    declareLimits(new Limit.Debounce(NAME, max));
  }

  private NewRun debounced() {
    return limited(DOC).withDue(in(QUIET));
  }

  private static String cameAfter(RunId run) {
    return "run " + run + " of key \"doc\" came after it";
  }

  @Test
  void runThatAnotherCameAfter_ends() {
    declareDebounce(Optional.empty());
    NodeId node = join();
    RunId first = insert(debounced());
    advance(Duration.ofSeconds(9));
    RunId second = insert(debounced());
    RunId other = insert(limited(new LimitKey(NAME, "other")).withDue(in(QUIET)));
    advance(Duration.ofSeconds(1));

    List<Claimed> claimed = claim(node, 10);
    assertThat(claimed).extracting(Claimed::id).containsExactly(first);
    assertThat(skip(node, claimed)).containsExactly(cameAfter(second));
    assertThat(store.runs(List.of(second)).get(0).heldFor()).containsExactly(DOC);
    advance(Duration.ofSeconds(9));

    assertThat(started(claim(node, 10))).containsExactly(second, other);
  }

  @Test
  void runsOfOneMoment_areOrderedByTheirIds() {
    declareDebounce(Optional.empty());
    NodeId node = join();
    List<NewRun> runs = List.of(debounced(), debounced(), debounced());
    store.insert(runs);
    RunId last = runs.get(2).id();
    advance(QUIET);

    List<Claimed> claimed = claim(node, 10);

    assertThat(started(claimed)).containsExactly(last);
    assertThat(skip(node, claimed)).containsExactly(cameAfter(last), cameAfter(last));
  }

  @Test
  void runThatHasStarted_beginsAnew() {
    declareDebounce(Optional.empty());
    NodeId node = join();
    RunId first = insert(debounced());
    advance(QUIET);
    Claimed claimed = claimOne(node);
    insert(debounced());

    end(node, claimed, retriedIn(Duration.ZERO));

    assertThat(started(claim(node, 10))).containsExactly(first);
  }

  @Test
  void max_hasOneStartThoughOthersCome() {
    declareDebounce(Optional.of(Duration.ofSeconds(30)));
    NodeId node = join();
    var starts = new ArrayList<Long>();
    for (int second = 0; second < 100; second++) {
      if (second % 5 == 0) {
        insert(debounced());
      }
      List<Claimed> claimed = claim(node, 10);
      skip(node, claimed);
      for (RunId run : started(claimed)) {
        starts.add(Duration.between(START, read(run).createdAt()).toSeconds());
        assertThat(read(run).startedAt()).contains(START.plusSeconds(second));
      }
      advance(Duration.ofSeconds(1));
    }

    // The run of second 0 is the first of a row, which is 30 s old when that of second 20 is due.
    assertThat(starts).containsExactly(20L, 45L, 70L);
  }

  @Test
  void olderRun_thatIsClaimedAfterANewerOneHasStarted_ends() {
    declareDebounce(Optional.empty());
    NodeId node = join();
    insert(debounced());
    RunId newer = insert(debounced().withPriority(1));
    advance(QUIET);
    int other = lane(JOB, 1);

    assertThat(exchange(node, demand(1, quota(other, 1))).claimed())
        .extracting(Claimed::id)
        .containsExactly(newer);

    assertThat(skip(node, claim(node, 10))).containsExactly("a run of key \"doc\" came after it");
  }

  @Test
  void cancelledRun_leavesTheOneBeforeIt() {
    declareDebounce(Optional.empty());
    NodeId node = join();
    RunId first = insert(debounced());
    RunId second = insert(debounced());

    cancel(second);
    Claimed cancelled = claimOne(node);
    assertThat(cancelled.id()).isEqualTo(second);
    end(node, cancelled, new Ending.Cancelled("asked by ann"));
    advance(QUIET);

    assertThat(started(claim(node, 10))).containsExactly(first);
  }

  @Test
  void replacedRun_isThereNoMore() {
    declareDebounce(Optional.empty());
    NodeId node = join();
    var key = Optional.of(Unique.whileActive("k").on(Unique.OnConflict.REPLACE));
    RunId first = insert(debounced());
    insert(debounced().withUnique(key));
    insert(newRun().withUnique(key).withDue(in(Duration.ofDays(1))));
    advance(QUIET);

    assertThat(started(claim(node, 10))).containsExactly(first);
  }

  @Test
  void insertThatIsRepeated_isOneRun() {
    declareDebounce(Optional.empty());
    NodeId node = join();
    NewRun run = debounced();
    insert(run);
    advance(Duration.ofSeconds(5));
    insert(run);
    advance(Duration.ofSeconds(5));

    assertThat(started(claim(node, 10))).containsExactly(run.id());
  }

  @Test
  void runThatIsDropped_endsAlsoIfItsNodeDies() {
    declareDebounce(Optional.empty());
    RunId first = insert(debounced());
    advance(Duration.ofSeconds(1));
    insert(debounced());
    advance(Duration.ofSeconds(9));
    assertThat(claim(join(), 10)).extracting(Claimed::id).containsExactly(first);

    NodeId node = death();

    assertThat(started(claim(node, 10))).doesNotContain(first).hasSize(1);
    assertThat(store.heldBy(node))
        .filteredOn(claimed -> claimed.id().equals(first))
        .extracting(claimed -> claimed.skipped().isPresent())
        .containsExactly(true);
  }

  @Test
  void manyNodes_startOne() throws Exception {
    declareDebounce(Optional.empty());
    List<NewRun> runs = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      runs.add(debounced().withPriority(i % 4));
    }
    store.insert(runs);
    advance(QUIET);

    inParallel(
        4,
        () -> {
          NodeId node = persistently(this::join);
          var quotas = List.of(0, 1, 2, 3).stream().map(p -> quota(lane(JOB, p), 5)).toList();
          var demand = new Demand(quotas, 10);
          for (List<Claimed> claimed = persistently(() -> exchange(node, demand).claimed());
              !claimed.isEmpty();
              claimed = persistently(() -> exchange(node, demand).claimed())) {
            for (Claimed each : claimed) {
              persistently(
                  () ->
                      each.skipped().isPresent()
                          ? skip(node, List.of(each))
                          : end(node, each, done()));
            }
          }
          return true;
        });

    assertThat(store.runs(runs.stream().map(NewRun::id).toList()).stream().map(RunRecord::run))
        .filteredOn(run -> run.status() != Status.SKIPPED)
        .extracting(run -> run.id() + " " + run.status())
        .containsExactly(runs.get(99).id() + " COMPLETED");
  }
}
