// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.run.Unique;
import dev.belfry.store.Amendment;
import dev.belfry.store.Claimed;
import dev.belfry.store.Declaration;
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
import dev.belfry.store.Retention;
import dev.belfry.store.RunRecord;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Never more runs than a limit has slots, and nobody put aside while there is room. */
abstract class LimitPart extends ContractPart {
  private static final LimitKey MAIL = new LimitKey("mail", "");
  private static final LimitKey DISK = new LimitKey("disk", "");

  LimitPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private void declareLimits(Limit... limits) {
    store.declare(List.of(new Declaration(JOB, "default", 0, List.of(), List.of(limits))));
  }

  private NewRun limited(LimitKey... keys) {
    return newRun().withLimits(List.of(keys));
  }

  private List<RunId> insertLimited(int count, LimitKey... keys) {
    List<NewRun> runs = Stream.generate(() -> limited(keys)).limit(count).toList();
    store.insert(runs);
    return runs.stream().map(NewRun::id).toList();
  }

  private List<RunId> claimedIds(NodeId node, int limit) {
    return claim(node, limit).stream().map(Claimed::id).toList();
  }

  @Test
  void claim_takesNoMoreThanThereAreSlots() {
    declareLimits(new Limit.Slots("mail", 5));
    List<RunId> runs = insertLimited(8, MAIL);

    assertThat(claimedIds(join(), 10)).containsExactlyElementsOf(runs.subList(0, 5));

    assertThat(claim(join(), 10)).isEmpty();
    assertThat(read(runs.get(7)).status()).isEqualTo(Status.SCHEDULED);
    assertThat(store.runs(runs.subList(4, 8)))
        .extracting(RunRecord::heldFor)
        .containsExactlyInAnyOrder(List.of(), List.of(MAIL), List.of(MAIL), List.of(MAIL));
    assertThat(store.nextDue(JOB)).isEmpty();
  }

  @Test
  void claim_passesOverThoseThatDoNotFit() {
    declareLimits(new Limit.Slots("mail", 1));
    List<RunId> limited = insertLimited(5, MAIL);
    RunId free = insert(newRun());

    assertThat(claimedIds(join(), 2)).containsExactly(limited.get(0), free);
  }

  @Test
  void end_freesTheSlotForTheFirstThatIsHeld() {
    declareLimits(new Limit.Slots("mail", 1));
    List<RunId> runs = insertLimited(3, MAIL);
    NodeId node = join();
    Claimed first = claimOne(node);
    assertThat(claim(node, 5)).isEmpty();

    var exchanged =
        store.exchange(
            node,
            List.of(new Outcome(first.id(), first.fence(), done(), PassReport.NOT_STARTED)),
            List.of(demand(5, quota(lane(JOB), 5))));

    assertThat(exchanged.claimed()).extracting(Claimed::id).containsExactly(runs.get(1));
    end(node, exchanged.claimed().get(0), failed());
    assertThat(claimedIds(node, 5)).containsExactly(runs.get(2));
  }

  @Test
  void heldRuns_goInOrderOfTheirDueTime() {
    declareLimits(new Limit.Slots("mail", 1));
    NodeId node = join();
    insertLimited(1, MAIL);
    Claimed first = claimOne(node);
    RunId late = insert(limited(MAIL));
    RunId early = insert(limited(MAIL).withDue(new Due.At(START.minusSeconds(1))));
    assertThat(claim(node, 5)).isEmpty();

    end(node, first, done());

    Claimed second = claimOne(node);
    assertThat(second.id()).isEqualTo(early);
    end(node, second, done());
    assertThat(claimedIds(node, 5)).containsExactly(late);
  }

  @Test
  void keysOfALimit_areLimitedEachByItself() {
    declareLimits(new Limit.Slots("mail", 1));
    RunId ann = insertLimited(2, new LimitKey("mail", "ann")).get(0);
    RunId bob = insertLimited(2, new LimitKey("mail", "bob")).get(0);

    assertThat(claimedIds(join(), 10)).containsExactly(ann, bob);
  }

  @Test
  void keysByTheHundred_areTakenAndGivenBackEachByItself() {
    declareLimits(new Limit.Slots("mail", 1));
    List<RunId> first = insertOfKeys(300);
    List<RunId> second = insertOfKeys(300);
    NodeId node = join();
    List<Claimed> claimed = claim(node, 600);
    assertThat(claimed).extracting(Claimed::id).containsExactlyElementsOf(first);

    var exchanged =
        store.exchange(
            node,
            claimed.stream()
                .map(run -> new Outcome(run.id(), run.fence(), done(), PassReport.NOT_STARTED))
                .toList(),
            List.of(demand(600, quota(lane(JOB), 600))));

    assertThat(exchanged.verdicts()).containsOnly(Verdict.APPLIED);
    assertThat(exchanged.claimed())
        .extracting(Claimed::id)
        .containsExactlyInAnyOrderElementsOf(second);
    assertThat(claim(node, 1)).isEmpty();
    exchanged.claimed().forEach(run -> end(node, run, failed()));
    List<RunId> third = insertOfKeys(300);
    assertThat(claimedIds(node, 300)).containsExactlyElementsOf(third);
  }

  private List<RunId> insertOfKeys(int count) {
    List<NewRun> runs =
        IntStream.range(0, count).mapToObj(i -> limited(new LimitKey("mail", "k" + i))).toList();
    store.insert(runs);
    return runs.stream().map(NewRun::id).toList();
  }

  @Test
  void limitThatNobodyDeclared_hasRoomForAll() {
    declareLimits();
    insertLimited(3, MAIL);

    assertThat(claim(join(), 10)).hasSize(3);
  }

  @Test
  void declare_changesTheSlots() {
    declareLimits(new Limit.Slots("mail", 1));
    insertLimited(6, MAIL);
    NodeId node = join();
    assertThat(claim(node, 10)).hasSize(1);

    declareLimits(new Limit.Slots("mail", 3));
    assertThat(claim(node, 10)).hasSize(2);
    declareLimits(new Limit.Slots("mail", 2));
    end(node, store.heldBy(node).get(0), done());
    assertThat(claim(node, 10)).isEmpty();
    end(node, store.heldBy(node).get(0), done());
    assertThat(claim(node, 10)).hasSize(1);
  }

  @Test
  void everyWayOutOfAPass_freesItsSlot() {
    declareLimits(new Limit.Slots("mail", 1));
    NodeId node = join();
    var nap =
        NewMemo.pending(
            MemoKey.of("nap"), MemoKind.SLEEP, Optional.of(new Due.After(Duration.ofDays(1))));
    List<Ending> endings =
        List.of(
            done(),
            failed(),
            new Ending.TimedOut(failure(), "x"),
            new Ending.Cancelled("x"),
            new Ending.Skipped("x"),
            new Ending.Blocked("x"),
            retriedIn(Duration.ofDays(1)),
            new Ending.Snoozed(Duration.ofDays(1), "x"),
            new Ending.Suspended(List.of(nap), "x"),
            handedBack());

    for (Ending ending : endings) {
      RunId run = insertLimited(1, MAIL).get(0);
      Claimed claimed = claimOne(node);
      assertThat(claimed.id()).isEqualTo(run);
      RunId next = insertLimited(1, MAIL).get(0);
      assertThat(claim(node, 5)).isEmpty();
      end(node, claimed, ending);
      List<Claimed> after = claim(node, 5);
      assertThat(after).as(ending.toString()).hasSize(1);
      end(node, after.get(0), done());
      if (ending instanceof Ending.HandedBack) {
        end(node, claimOne(node), done());
      }
      assertThat(read(next).status()).isEqualTo(Status.COMPLETED);
    }
  }

  @Test
  void retry_competesAgain() {
    declareLimits(new Limit.Slots("mail", 1));
    NodeId node = join();
    List<RunId> runs = insertLimited(2, MAIL);
    end(node, claimOne(node), retriedIn(Duration.ofSeconds(1)));
    Claimed second = claimOne(node);
    assertThat(second.id()).isEqualTo(runs.get(1));
    advance(Duration.ofSeconds(1));
    assertThat(claim(node, 5)).isEmpty();

    end(node, second, done());

    assertThat(claimedIds(node, 5)).containsExactly(runs.get(0));
  }

  @Test
  void death_ofANode_freesItsSlots() {
    declareLimits(new Limit.Slots("mail", 2));
    List<RunId> runs = insertLimited(4, MAIL);
    claim(join(), 10);
    NodeId reaper = join();
    for (int i = 0; i < 4; i++) {
      advance(Duration.ofSeconds(5));
      store.renew(reaper, LEASE);
    }
    assertThat(claim(reaper, 10)).isEmpty();

    assertThat(store.reap(reaper, LEASE, 10)).containsExactlyElementsOf(runs.subList(0, 2));

    List<Claimed> claimed = claim(reaper, 10);
    assertThat(claimed).hasSize(2);
    claimed.forEach(claim -> end(reaper, claim, done()));
    assertThat(claim(reaper, 10)).hasSize(2);
  }

  @Test
  void runOfTwoLimits_needsASlotOfEach() {
    declareLimits(new Limit.Slots("mail", 1), new Limit.Slots("disk", 2));
    NodeId node = join();
    RunId both = insert(limited(MAIL, DISK));
    RunId second = insert(limited(DISK, MAIL));
    RunId disk = insert(limited(DISK));

    List<Claimed> claimed = claim(node, 10);
    assertThat(claimed).extracting(Claimed::id).containsExactly(both, disk);
    end(node, claimed.get(1), done());
    assertThat(claim(node, 10)).isEmpty();
    end(node, claimed.get(0), done());

    assertThat(claimedIds(node, 10)).containsExactly(second);
  }

  @Test
  void heldRun_leavesTheRoomToOthersIfItCanNotUseIt() {
    declareLimits(new Limit.Slots("mail", 1), new Limit.Slots("disk", 1));
    NodeId node = join();
    insert(limited(MAIL));
    Claimed mail = claimOne(node);
    insert(limited(DISK));
    Claimed disk = claimOne(node);
    RunId both = insert(limited(MAIL, DISK));
    RunId next = insert(limited(DISK));
    assertThat(claim(node, 10)).isEmpty();

    end(node, disk, done());

    Claimed third = claimOne(node);
    assertThat(third.id()).isEqualTo(next);
    end(node, mail, done());
    assertThat(claim(node, 10)).isEmpty();
    end(node, third, done());
    assertThat(claimedIds(node, 10)).containsExactly(both);
  }

  @Test
  void cancel_ofAHeldRun_needsNoSlot() {
    declareLimits(new Limit.Slots("mail", 1));
    NodeId node = join();
    List<RunId> runs = insertLimited(3, MAIL);
    Claimed first = claimOne(node);
    assertThat(claim(node, 5)).isEmpty();

    cancel(runs.get(1));

    Claimed cancelled = claimOne(node);
    assertThat(cancelled.id()).isEqualTo(runs.get(1));
    end(node, cancelled, new Ending.Cancelled("asked by ann"));
    assertThat(claim(node, 5)).isEmpty();
    end(node, first, done());
    assertThat(claimedIds(node, 5)).containsExactly(runs.get(2));
  }

  @Test
  void cancel_ofARunWithASlot_keepsItUntilThePassEnds() {
    declareLimits(new Limit.Slots("mail", 1));
    NodeId node = join();
    List<RunId> runs = insertLimited(2, MAIL);
    Claimed first = claimOne(node);

    cancel(first.id());
    assertThat(claim(node, 5)).isEmpty();
    end(node, first, new Ending.Cancelled("asked by ann"));

    assertThat(claimedIds(node, 5)).containsExactly(runs.get(1));
  }

  @Test
  void reschedule_ofAHeldRun_takesItOut() {
    declareLimits(new Limit.Slots("mail", 1));
    NodeId node = join();
    List<RunId> runs = insertLimited(3, MAIL);
    Claimed first = claimOne(node);
    assertThat(claim(node, 5)).isEmpty();

    assertThat(amend(new Amendment.Reschedule(runs.get(1), in(Duration.ofHours(1)), "ann")))
        .isEqualTo(Verdict.APPLIED);
    end(node, first, done());

    assertThat(claimedIds(node, 5)).containsExactly(runs.get(2));
  }

  @Test
  void reschedule_ofTheOneThatWasToBeNext_letsTheOthersBy() {
    declareLimits(new Limit.Slots("mail", 1));
    NodeId node = join();
    List<RunId> runs = insertLimited(3, MAIL);
    Claimed first = claimOne(node);
    assertThat(claim(node, 5)).isEmpty();
    end(node, first, done());

    amend(new Amendment.Reschedule(runs.get(1), in(Duration.ofHours(1)), "ann"));

    assertThat(claimedIds(node, 5)).containsExactly(runs.get(2));
  }

  @Test
  void replacedRun_leavesItsPlace() {
    declareLimits(new Limit.Slots("mail", 1));
    NodeId node = join();
    RunId first = insert(limited(MAIL));
    Claimed claimed = claimOne(node);
    var key = Optional.of(Unique.whileActive("k").on(Unique.OnConflict.REPLACE));
    RunId old = insert(limited(MAIL).withUnique(key));
    assertThat(claim(node, 5)).isEmpty();
    RunId next = insert(limited(MAIL).withUnique(key));
    assertThat(claim(node, 5)).isEmpty();

    end(node, claimed, done());

    assertThat(claimedIds(node, 5)).containsExactly(next);
    assertThat(read(old).status()).isEqualTo(Status.CANCELLED);
    assertThat(read(first).status()).isEqualTo(Status.COMPLETED);
  }

  @Test
  void purge_letsOthersByOneThatNobodyClaims() {
    declareLimits(new Limit.Slots("mail", 1));
    NodeId node = join();
    insert(limited(MAIL));
    Claimed first = claimOne(node);
    insert(newRun("paused").withLimits(List.of(MAIL)));
    exchange(node, demand(5, quota(lane("paused"), 5)));
    RunId other = insert(limited(MAIL));
    assertThat(claim(node, 5)).isEmpty();
    end(node, first, done()); // the paused job's run may go, and does not
    assertThat(claim(node, 5)).isEmpty();

    store.purge(new Retention(Duration.ofDays(1), Duration.ofDays(1)), 10);

    assertThat(claimedIds(node, 5)).containsExactly(other);
  }

  @Test
  void manyRunsOfManyKeys_allComeToTheirEnd() {
    declareLimits(new Limit.Slots("mail", 2), new Limit.Slots("disk", 3));
    NodeId node = join();
    var runs = new ArrayList<NewRun>();
    for (int i = 0; i < 60; i++) {
      var key = new LimitKey("mail", "k" + i % 3);
      runs.add(i % 2 == 0 ? limited(key, DISK) : limited(key));
    }
    store.insert(runs);
    int ended = 0;

    for (List<Claimed> claimed = claim(node, 7); !claimed.isEmpty(); claimed = claim(node, 7)) {
      assertThat(claimed.size()).isLessThanOrEqualTo(6);
      for (Claimed claim : claimed) {
        end(node, claim, done());
        ended++;
      }
    }

    assertThat(ended).isEqualTo(60);
  }

  @Test
  void limit_refusesWhatItCanNotBe() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Limit.Slots("mail", 0))
        .withMessage("slots of limit \"mail\" must be at least 1, was 0");
    assertThat(newRun().withLimits(List.of(MAIL, DISK, MAIL)).limits()).containsExactly(DISK, MAIL);
  }
}
