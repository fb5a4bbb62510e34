// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static dev.belfry.testkit.contract.ConcurrencyPart.inParallel;
import static dev.belfry.testkit.contract.ConcurrencyPart.persistently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.store.Amendment;
import dev.belfry.store.Claimed;
import dev.belfry.store.Ending;
import dev.belfry.store.JobStore;
import dev.belfry.store.Limit;
import dev.belfry.store.LimitKey;
import dev.belfry.store.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One start in each slot of a throttle, by whomever, and nobody left behind. */
@Timeout(60)
abstract class ThrottlePart extends PacePart {
  private static final String NAME = Limit.Kind.THROTTLE.of("mail");
  private static final LimitKey MAIL = new LimitKey(NAME, "");
  private static final LimitKey DISK = new LimitKey("disk", "");
  private static final Duration SLOT = Duration.ofSeconds(20);

  ThrottlePart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private void declareThrottle() {
    declareLimits(new Limit.Throttle(NAME, 3, Duration.ofMinutes(1)), new Limit.Slots("disk", 1));
  }

  @Test
  void claim_startsOneInEachSlot_inOrder() {
    declareThrottle();
    List<RunId> runs = insertLimited(4, MAIL);
    NodeId node = join();

    for (RunId run : runs) {
      assertThat(started(claim(node, 10))).containsExactly(run);
      assertThat(claim(node, 10)).isEmpty();
      advance(SLOT);
    }
  }

  @Test
  void firstThatWaits_isDueWhenTheNextSlotBegins_theOthersArePutAside() {
    declareThrottle();
    List<RunId> runs = insertLimited(4, MAIL);

    claim(join(), 10);

    assertThat(store.nextDue(JOB)).contains(START.plus(SLOT));
    assertThat(read(runs.get(1)).state())
        .isEqualTo(new RunState.Scheduled(START.plus(SLOT), 0, true));
    assertThat(read(runs.get(2)).state()).isEqualTo(new RunState.Scheduled(START, 0, true));
    assertThat(store.runs(runs)).extracting(RunRecord::heldFor).hasSize(4);
    for (RunId run : runs.subList(1, 4)) {
      assertThat(store.runs(List.of(run)).get(0).heldFor()).containsExactly(MAIL);
    }
  }

  @Test
  void afterAnOutage_nothingIsMadeUpFor() {
    declareThrottle();
    List<RunId> runs = insertLimited(5, MAIL);
    NodeId node = join();
    assertThat(started(claim(node, 10))).containsExactly(runs.get(0));
    advance(Duration.ofHours(1));

    assertThat(started(claim(node, 10))).containsExactly(runs.get(1));
    assertThat(claim(node, 10)).isEmpty();
    advance(SLOT);
    assertThat(started(claim(node, 10))).containsExactly(runs.get(2));
  }

  @Test
  void claimThatComesLateInItsSlot_leavesTheOthersWhereTheyAre() {
    declareThrottle();
    List<RunId> runs = insertLimited(3, MAIL);
    NodeId node = join();
    claim(node, 10);
    advance(Duration.ofSeconds(39));
    assertThat(started(claim(node, 10))).containsExactly(runs.get(1));

    advance(Duration.ofSeconds(1));

    assertThat(started(claim(node, 10))).containsExactly(runs.get(2));
  }

  @Test
  void newRun_waitsBehindThoseThatAreThere() {
    declareThrottle();
    List<RunId> runs = insertLimited(3, MAIL);
    NodeId node = join();
    claim(node, 10);
    RunId later = insert(limited(MAIL));
    assertThat(claim(node, 10)).isEmpty();

    var order = new ArrayList<RunId>();
    for (int i = 0; i < 3; i++) {
      advance(SLOT);
      order.addAll(started(claim(node, 10)));
    }

    assertThat(order).containsExactly(runs.get(1), runs.get(2), later);
  }

  @Test
  void keys_areThrottledEachByItself() {
    declareThrottle();
    RunId ann = insertLimited(2, new LimitKey(NAME, "ann")).get(0);
    RunId bob = insertLimited(2, new LimitKey(NAME, "bob")).get(0);

    assertThat(started(claim(join(), 10))).containsExactly(ann, bob);
  }

  @Test
  void whatGoesOn_needsNoSlot() {
    declareThrottle();
    NodeId node = join();
    insertLimited(2, MAIL);
    Claimed first = claimOne(node);

    end(node, first, retriedIn(Duration.ofSeconds(1)));
    advance(Duration.ofSeconds(1));

    assertThat(started(claim(node, 10))).containsExactly(first.id());
  }

  @Test
  void runThatIsHandedBackUnstarted_needsANewSlot() {
    declareThrottle();
    NodeId node = join();
    List<RunId> runs = insertLimited(1, MAIL);
    end(node, claimOne(node), handedBack());

    assertThat(claim(node, 10)).isEmpty();
    advance(SLOT);

    assertThat(started(claim(node, 10))).containsExactly(runs.get(0));
  }

  @Test
  void cancel_ofTheOneThatIsNext_hasTheOneAfterItInItsPlace() {
    declareThrottle();
    NodeId node = join();
    List<RunId> runs = insertLimited(3, MAIL);
    claim(node, 10);

    cancel(runs.get(1));
    Claimed cancelled = claimOne(node);
    end(node, cancelled, new Ending.Cancelled("asked by ann"));
    advance(SLOT);

    assertThat(cancelled.id()).isEqualTo(runs.get(1));
    assertThat(started(claim(node, 10))).containsExactly(runs.get(2));
  }

  @Test
  void reschedule_ofTheOneThatIsNext_hasTheOneAfterItInItsPlace() {
    declareThrottle();
    NodeId node = join();
    List<RunId> runs = insertLimited(3, MAIL);
    claim(node, 10);

    amend(new Amendment.Reschedule(runs.get(1), in(Duration.ofDays(1)), "ann"));
    advance(SLOT);

    assertThat(started(claim(node, 10))).containsExactly(runs.get(2));
  }

  @Test
  void runThatIsMovedToNow_waitsForASlotAllTheSame() {
    declareThrottle();
    NodeId node = join();
    List<RunId> runs = insertLimited(2, MAIL);
    claim(node, 10);

    amend(new Amendment.Reschedule(runs.get(1), in(Duration.ZERO), "ann"));

    assertThat(claim(node, 10)).isEmpty();
    assertThat(store.nextDue(JOB)).contains(START.plus(SLOT));
  }

  @Test
  void runOfADeadNode_needsNoSlot_asItMayHaveBegun() {
    declareThrottle();
    List<RunId> runs = insertLimited(3, MAIL);
    claimOne(join());

    List<Claimed> claimed = claim(death(), 10);

    assertThat(started(claimed)).containsExactlyInAnyOrder(runs.get(0), runs.get(1));
  }

  @Test
  void runThatNeedsASlotOfAnotherLimitToo_losesNoneWhileItWaits() {
    declareThrottle();
    NodeId node = join();
    insert(limited(DISK));
    Claimed disk = claimOne(node);
    List<RunId> both = insertLimited(2, MAIL, DISK);
    assertThat(claim(node, 10)).isEmpty();

    end(node, disk, done());

    Claimed first = claimOne(node);
    assertThat(first.id()).isEqualTo(both.get(0));
    end(node, first, done());
    assertThat(claim(node, 10)).isEmpty();
    advance(SLOT);
    assertThat(started(claim(node, 10))).containsExactly(both.get(1));
  }

  @Test
  void anyTimeOfThatLength_hasOneMoreAtMost() {
    declareLimits(new Limit.Throttle(NAME, 7, Duration.ofMinutes(1)));
    NodeId node = join();
    insertLimited(150, MAIL);
    int[] pauses = {
      0, 8_600, 100, 4_300, 31_000, 8_580, 2_000, 8_560, 60_500, 12_345
    }; // slot: 8,572
    var starts = new ArrayList<Instant>();

    for (int i = 0; starts.size() < 150; i++) {
      claim(node, 10).forEach(claimed -> starts.add(claimed.claimedAt()));
      advance(Duration.ofMillis(pauses[i % pauses.length]));
    }

    assertThat(starts)
        .allSatisfy(
            from ->
                assertThat(starts)
                    .filteredOn(at -> !at.isBefore(from) && at.isBefore(from.plusSeconds(60)))
                    .hasSizeBetween(1, 8));
  }

  @Test
  void manyNodes_haveOneStartInEachSlot() throws Exception {
    declareThrottle();
    List<RunId> runs = insertLimited(12, MAIL);
    var started = new ArrayList<RunId>();

    for (int slot = 0; slot < 12; slot++) {
      List<List<Claimed>> answers =
          inParallel(4, () -> persistently(() -> claim(persistently(this::join), 10)));
      List<RunId> now = answers.stream().flatMap(List::stream).map(Claimed::id).toList();
      assertThat(now).hasSize(1);
      started.addAll(now);
      advance(SLOT);
    }

    // In any order: what one node has locked, another passes over.
    assertThat(started).containsExactlyInAnyOrderElementsOf(runs);
    assertThat(store.runs(runs))
        .extracting(record -> record.run().status())
        .containsOnly(Status.RUNNING);
  }

  @Test
  void slot_isRoundedUp_soThatThereAreNeverMore() {
    var thirds = new Limit.Throttle(NAME, 3, Duration.ofSeconds(1));

    assertThat(thirds.slot()).isEqualTo(Duration.ofNanos(333_334_000));
    assertThat(new Limit.Throttle(NAME, 4, Duration.ofSeconds(1)).slot())
        .isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void throttle_refusesWhatItCanNotBe() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Limit.Throttle(NAME, 0, SLOT))
        .withMessage("starts of limit \"throttle of mail\" must be at least 1, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Limit.Throttle("mail", 1, SLOT))
        .withMessage(
            "a limit of kind THROTTLE must have a name of that kind, such as \"throttle of mail\","
                + " was \"mail\"");
  }
}
