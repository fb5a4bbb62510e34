// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belfry.run.NodeId;
import dev.belfry.store.Claimed;
import dev.belfry.store.Due;
import dev.belfry.store.JobStore;
import dev.belfry.store.Memo;
import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoKind;
import dev.belfry.store.MemoValue;
import dev.belfry.store.MemoWrite;
import dev.belfry.store.NewMemo;
import dev.belfry.store.Retention;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What parts of a run have returned is remembered for its later passes. */
abstract class MemoPart extends ContractPart {
  private static final MemoKey KEY = MemoKey.of("charge");

  MemoPart(Function<? super InstantSource, ? extends JobStore> opener) {
    super(opener);
  }

  private Verdict record(NodeId node, Claimed claimed, NewMemo memo) {
    return store.record(node, List.of(new MemoWrite(claimed.id(), claimed.fence(), memo))).get(0);
  }

  private static MemoValue result(String text) {
    return new MemoValue.Result(payload(text));
  }

  private static NewMemo step(MemoKey key, String text) {
    return NewMemo.settled(key, MemoKind.STEP, "int", result(text));
  }

  @Test
  void record_keepsTheMemo() {
    NodeId node = join();
    Claimed claimed = running(node);
    advance(Duration.ofSeconds(2));

    assertThat(record(node, claimed, step(KEY, "7").withTries(3))).isEqualTo(Verdict.APPLIED);

    assertThat(memos(claimed.id()))
        .containsExactly(
            new Memo(
                KEY, MemoKind.STEP, "int", result("7"), 3, Optional.empty(), START.plusSeconds(2)));
  }

  @Test
  void record_keepsAFailure() {
    NodeId node = join();
    Claimed claimed = running(node);

    record(
        node, claimed, NewMemo.settled(KEY, MemoKind.STEP, "int", new MemoValue.Failed(failure())));

    assertThat(memos(claimed.id()))
        .extracting(Memo::value)
        .containsExactly(new MemoValue.Failed(failure()));
  }

  @Test
  void record_keepsValuesOfAnySize() {
    NodeId node = join();
    Claimed claimed = running(node);
    var large = step(MemoKey.of("large"), "x".repeat(2_049));
    var larger = step(MemoKey.of("larger"), "y".repeat(1_000_000));
    var full = step(MemoKey.of("mebibyte"), "z".repeat(1024 * 1024));
    var most = step(MemoKey.of("most"), "a".repeat(MemoValue.MAX_BYTES - 3) + "end");
    var empty = step(MemoKey.of("empty"), "");

    for (NewMemo memo : List.of(large, larger, full, most, empty)) {
      record(node, claimed, memo);
    }

    assertThat(memos(claimed.id()))
        .extracting(Memo::value)
        .containsExactly(empty.value(), large.value(), larger.value(), full.value(), most.value());
    assertThat(record(node, claimed, most)).isEqualTo(Verdict.REPEATED);
    assertThat(record(node, claimed, large)).isEqualTo(Verdict.REPEATED);
    assertThat(store.heldBy(node)).extracting(Claimed::input).containsExactly(payload("{}"));
  }

  @Test
  void record_resolvesATimeByTheClockOfTheStore() {
    NodeId node = join();
    Claimed claimed = running(node);
    advance(Duration.ofSeconds(1));

    record(
        node,
        claimed,
        NewMemo.pending(KEY, MemoKind.SLEEP, Optional.of(new Due.After(Duration.ofDays(1)))));

    assertThat(memos(claimed.id()))
        .containsExactly(
            new Memo(
                KEY,
                MemoKind.SLEEP,
                "",
                MemoValue.pending(),
                0,
                Optional.of(START.plusSeconds(1).plus(Duration.ofDays(1))),
                START.plusSeconds(1)));
  }

  @Test
  void recordAgain_isRepeated() {
    NodeId node = join();
    Claimed claimed = running(node);
    record(node, claimed, step(KEY, "7"));
    advance(Duration.ofSeconds(1));

    assertThat(record(node, claimed, step(KEY, "7"))).isEqualTo(Verdict.REPEATED);

    assertThat(memos(claimed.id())).extracting(Memo::writtenAt).containsExactly(START);
  }

  @Test
  void settledMemo_neverChanges() {
    NodeId node = join();
    Claimed claimed = running(node);
    record(node, claimed, step(KEY, "7"));

    assertThat(record(node, claimed, step(KEY, "8"))).isEqualTo(Verdict.REFUSED);
    assertThat(record(node, claimed, NewMemo.pending(KEY, MemoKind.STEP, Optional.empty())))
        .isEqualTo(Verdict.REFUSED);

    assertThat(memos(claimed.id())).extracting(Memo::value).containsExactly(result("7"));
  }

  @Test
  void pendingMemo_givesWayToTheNext() {
    NodeId node = join();
    Claimed claimed = running(node);
    var begun = NewMemo.pending(KEY, MemoKind.STEP, Optional.empty());
    var tried =
        new NewMemo(
            KEY,
            MemoKind.STEP,
            "int",
            new MemoValue.Pending(Optional.of(failure())),
            1,
            Optional.of(new Due.After(Duration.ofSeconds(5))),
            Optional.empty());

    assertThat(record(node, claimed, begun)).isEqualTo(Verdict.APPLIED);
    assertThat(record(node, claimed, tried)).isEqualTo(Verdict.APPLIED);
    assertThat(memos(claimed.id()))
        .containsExactly(
            new Memo(
                KEY,
                MemoKind.STEP,
                "int",
                tried.value(),
                1,
                Optional.of(START.plusSeconds(5)),
                START));
    assertThat(record(node, claimed, step(KEY, "7"))).isEqualTo(Verdict.APPLIED);
    assertThat(memos(claimed.id())).extracting(Memo::value).containsExactly(result("7"));
    assertThat(memos(claimed.id())).extracting(Memo::until).containsExactly(Optional.empty());
  }

  @Test
  void pendingMemo_doesNotGiveWayToOneOfAnotherKind() {
    NodeId node = join();
    Claimed claimed = running(node);
    record(node, claimed, NewMemo.pending(KEY, MemoKind.SLEEP, Optional.empty()));

    assertThat(record(node, claimed, step(KEY, "7"))).isEqualTo(Verdict.REFUSED);
  }

  @Test
  void keys_differInScopeIdAndOccurrence() {
    NodeId node = join();
    Claimed claimed = running(node);
    var keys =
        List.of(
            new MemoKey("", "a", 0),
            new MemoKey("", "a", 1),
            new MemoKey("", "b", 0),
            new MemoKey("a", "a", 0));

    for (MemoKey key : keys) {
      assertThat(record(node, claimed, step(key, "7"))).isEqualTo(Verdict.APPLIED);
    }

    assertThat(memos(claimed.id())).extracting(Memo::key).containsExactlyElementsOf(keys);
  }

  @Test
  void record_isRefusedWithAnotherFenceOrNode() {
    NodeId node = join();
    Claimed claimed = running(node);
    var memo = step(KEY, "7");

    assertThat(record(join(), claimed, memo)).isEqualTo(Verdict.REFUSED);
    assertThat(store.record(node, List.of(new MemoWrite(claimed.id(), claimed.fence() + 1, memo))))
        .containsExactly(Verdict.REFUSED);
    assertThat(store.record(node, List.of(new MemoWrite(nextId(), 1, memo))))
        .containsExactly(Verdict.REFUSED);

    assertThat(memos(claimed.id())).isEmpty();
  }

  @Test
  void record_afterTheEndOfThePass_isRefusedThoughItIsThere() {
    NodeId node = join();
    Claimed claimed = running(node);
    record(node, claimed, step(KEY, "7"));
    end(node, claimed, retriedIn(Duration.ZERO));

    assertThat(record(node, claimed, step(KEY, "7"))).isEqualTo(Verdict.REFUSED);
    assertThat(record(node, claimOne(node), step(KEY, "7"))).isEqualTo(Verdict.REPEATED);
  }

  @Test
  void record_ofManyRuns_judgesEachByItself() {
    NodeId node = join();
    Claimed first = running(node);
    Claimed second = running(node);
    end(node, first, done());
    var memo = step(KEY, "7");

    assertThat(
            store.record(
                node,
                List.of(
                    new MemoWrite(second.id(), second.fence(), memo),
                    new MemoWrite(first.id(), first.fence(), memo),
                    new MemoWrite(second.id(), second.fence(), memo),
                    new MemoWrite(second.id(), second.fence(), step(MemoKey.of("b"), "8")))))
        .containsExactly(Verdict.APPLIED, Verdict.REFUSED, Verdict.REPEATED, Verdict.APPLIED);

    assertThat(store.memos(List.of(first.id(), second.id(), nextId())))
        .containsOnlyKeys(second.id());
    assertThat(memos(second.id())).hasSize(2);
  }

  @Test
  void memos_areInOrderOfWriting() {
    NodeId node = join();
    Claimed claimed = running(node);
    record(node, claimed, step(MemoKey.of("z"), "1"));
    advance(Duration.ofSeconds(1));
    record(node, claimed, step(MemoKey.of("b"), "2"));
    record(node, claimed, step(MemoKey.of("a"), "3"));

    assertThat(memos(claimed.id()))
        .extracting(memo -> memo.key().id())
        .containsExactly("z", "a", "b");
  }

  @Test
  void memos_stayWhileTheRunIsPendingAndGoWithItsHistory() {
    NodeId node = join();
    Claimed claimed = running(node);
    record(node, claimed, step(KEY, "x".repeat(3_000)));
    var day = new Retention(Duration.ofDays(1), Duration.ofDays(1));
    end(node, claimed, retriedIn(Duration.ofDays(8)));
    advance(Duration.ofDays(9));
    store.purge(day, 10);
    assertThat(memos(claimed.id())).hasSize(1);
    end(node, claimOne(node), done());
    assertThat(memos(claimed.id())).hasSize(1);
    advance(Duration.ofDays(2));

    store.purge(day, 10);

    assertThat(memos(claimed.id())).isEmpty();
  }

  @Test
  void newMemo_refusesWhatItCanNotBe() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MemoKey("", "", 0))
        .withMessage("step id must not be empty");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MemoKey("s".repeat(201), "a", 0))
        .withMessage("scope must have at most 200 characters, had 201");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MemoKey("", "a\0", 0))
        .withMessage("step id must not contain NUL or unpaired surrogates");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new NewMemo(
                    KEY,
                    MemoKind.STEP,
                    "",
                    result("7"),
                    1,
                    Optional.of(new Due.Now()),
                    Optional.empty()))
        .withMessage("\"charge\" is settled, so it has no time at which it goes on");
  }
}
