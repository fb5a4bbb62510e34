// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static dev.belfry.testkit.contract.ConcurrencyPart.inParallel;
import static dev.belfry.testkit.contract.ConcurrencyPart.persistently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.run.NodeId;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.store.Claimed;
import dev.belfry.store.Due;
import dev.belfry.store.JobStore;
import dev.belfry.store.Limit;
import dev.belfry.store.LimitKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Of the runs that are due in a window so many are let through, and the others end. */
@Timeout(60)
abstract class RatePart extends PacePart {
  private static final String NAME = Limit.Kind.RATE.of("mail");
  private static final LimitKey ANN = new LimitKey(NAME, "ann");
  private static final LimitKey DISK = new LimitKey("disk", "");
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final String REASON =
      "the rate of mail lets 3 runs of key \"ann\" through in PT1M";

  RatePart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private void declareRate() {
    declareLimits(new Limit.Rate(NAME, 3, WINDOW), new Limit.Slots("disk", 1));
  }

  @Test
  void claim_letsSoManyThrough_andHasTheOthersEnd() {
    declareRate();
    List<RunId> runs = insertLimited(5, ANN);
    NodeId node = join();

    List<Claimed> claimed = claim(node, 10);

    assertThat(claimed).extracting(Claimed::id).containsExactlyElementsOf(runs);
    assertThat(started(claimed)).containsExactlyElementsOf(runs.subList(0, 3));
    assertThat(store.heldBy(node)).containsExactlyInAnyOrderElementsOf(claimed);
    assertThat(skip(node, claimed)).containsExactly(REASON, REASON);
    assertThat(read(runs.get(4)).state()).isEqualTo(new RunState.Skipped(START, REASON));
    assertThat(read(runs.get(4)).startedAt()).isEmpty();
    assertThat(lastPass(runs.get(4)).event()).isEqualTo(Pass.Event.SKIPPED);
  }

  @Test
  void firstThatIsDueAfterAWindow_opensTheNext() {
    declareRate();
    NodeId node = join();
    insertLimited(4, ANN);
    assertThat(skip(node, claim(node, 10))).hasSize(1);
    advance(WINDOW.minusMillis(1));
    insertLimited(1, ANN);
    assertThat(skip(node, claim(node, 10))).hasSize(1);

    advance(Duration.ofMillis(1));
    insertLimited(4, ANN);

    assertThat(skip(node, claim(node, 10))).hasSize(1);
  }

  @Test
  void dueTimesCount_notWhenARunIsClaimed() {
    declareRate();
    NodeId node = join();
    List<RunId> runs =
        IntStream.range(0, 6)
            .mapToObj(i -> insert(limited(ANN).withDue(new Due.At(START.plusSeconds(15L * i)))))
            .toList();
    advance(Duration.ofMinutes(10));

    // 0, 15, 30 | 45 | 60, 75
    assertThat(started(claim(node, 10)))
        .containsExactly(runs.get(0), runs.get(1), runs.get(2), runs.get(4), runs.get(5));
  }

  @Test
  void keys_areLimitedEachByItself() {
    declareRate();
    insertLimited(3, ANN);
    insertLimited(3, new LimitKey(NAME, "bob"));

    assertThat(started(claim(join(), 10))).hasSize(6);
  }

  @Test
  void runThatWasLetThrough_isNotCountedAgain() {
    declareRate();
    NodeId node = join();
    insertLimited(1, DISK);
    Claimed disk = claimOne(node);
    List<RunId> runs = insertLimited(1, ANN, DISK);
    assertThat(claim(node, 10)).isEmpty();
    end(node, disk, done());
    end(node, claimOne(node), handedBack());
    end(node, claimOne(node), retriedIn(Duration.ZERO));
    assertThat(started(claim(node, 1))).containsExactly(runs.get(0));

    insertLimited(3, ANN);

    assertThat(skip(node, claim(node, 10))).hasSize(1);
  }

  @Test
  void runThatIsDropped_isDecidedAgainIfItsNodeDies() {
    declareRate();
    NodeId dying = join();
    List<RunId> runs = insertLimited(4, ANN);
    for (Claimed claimed : claim(dying, 10)) {
      if (claimed.skipped().isEmpty()) {
        end(dying, claimed, done());
      }
    }

    NodeId node = death();

    List<Claimed> again = claim(node, 10);
    assertThat(again).extracting(Claimed::id).containsExactly(runs.get(3));
    assertThat(again).extracting(Claimed::attempt).containsExactly(1);
    assertThat(skip(node, again)).containsExactly(REASON);
  }

  @Test
  void cancelledRun_isNotCounted() {
    declareRate();
    NodeId node = join();
    List<RunId> runs = insertLimited(4, ANN);
    cancel(runs.get(0));

    assertThat(claim(node, 10)).allMatch(claimed -> claimed.skipped().isEmpty());
  }

  @Test
  void droppedRun_takesNoSlotOfAnotherLimit() {
    declareLimits(new Limit.Rate(NAME, 1, WINDOW), new Limit.Slots("disk", 1));
    NodeId node = join();
    insertLimited(1, ANN);
    end(node, claimOne(node), done());
    insertLimited(1, ANN, DISK);
    RunId next = insert(limited(DISK));

    List<Claimed> claimed = claim(node, 10);

    assertThat(started(claimed)).containsExactly(next);
    assertThat(skip(node, claimed)).hasSize(1);
    assertThat(claim(node, 10)).isEmpty();
  }

  @Test
  void manyNodes_letNoMoreThrough() throws Exception {
    declareRate();
    List<RunId> runs = insertLimited(200, ANN);

    inParallel(
        4,
        () -> {
          NodeId node = persistently(this::join);
          for (List<Claimed> claimed = persistently(() -> claim(node, 10));
              !claimed.isEmpty();
              claimed = persistently(() -> claim(node, 10))) {
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

    assertThat(store.runs(runs))
        .extracting(record -> record.run().status())
        .filteredOn(status -> status != Status.SKIPPED)
        .containsExactly(Status.COMPLETED, Status.COMPLETED, Status.COMPLETED);
  }
}
