// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.store.Accepted;
import dev.belfry.store.Claimed;
import dev.belfry.store.JobStore;
import dev.belfry.store.Memo;
import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoKind;
import dev.belfry.store.MemoValue;
import dev.belfry.store.MemoWrite;
import dev.belfry.store.NewMemo;
import dev.belfry.store.NewRun;
import dev.belfry.store.StoreException;
import dev.belfry.store.Verdict;
import dev.belfry.testkit.contract.JobStoreContract.Resource;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What an application does in a transaction is kept if and only if its memo is. A run that it
 * inserts stands for its rows.
 */
abstract class TransactionPart extends ContractPart {
  private static final MemoKey KEY = MemoKey.of("book");

  private final Optional<Resource<?>> resource;
  private NodeId node;
  private Claimed claimed;

  TransactionPart(
      Function<? super InstantSource, ? extends JobStore> opener, Optional<Resource<?>> resource) {
    super(opener);
    this.resource = resource;
  }

  @BeforeEach
  void claimARun() {
    node = join();
    claimed = running(node);
  }

  private Resource<?> resource() {
    assumeTrue(resource.isPresent(), "this store has no transactions for others");
    return resource.orElseThrow();
  }

  private MemoWrite memo(String result) {
    return memo(claimed.fence(), result);
  }

  private MemoWrite memo(long fence, String result) {
    return new MemoWrite(
        claimed.id(),
        fence,
        NewMemo.settled(
            KEY, MemoKind.TRANSACTION, "String", new MemoValue.Result(payload(result))));
  }

  private Verdict transact(NewRun row, MemoWrite memo) {
    return transact(resource(), node, row, memo);
  }

  private <C> Verdict transact(Resource<C> of, NodeId node, NewRun row, MemoWrite memo) {
    return store.transact(
        node,
        of.type(),
        open -> {
          assertThat(store.insert(List.of(row), of.join().apply(open)))
              .containsExactly(new Accepted.Created(row.id()));
          return memo;
        });
  }

  private boolean exists(RunId row) {
    return !store.runs(List.of(row)).isEmpty();
  }

  @Test
  void transact_commitsTheRowsAndTheMemo() {
    NewRun row = newRun();

    assertThat(transact(row, memo("7"))).isEqualTo(Verdict.APPLIED);

    assertThat(exists(row.id())).isTrue();
    assertThat(memos(claimed.id()))
        .containsExactly(
            new Memo(
                KEY,
                MemoKind.TRANSACTION,
                "String",
                new MemoValue.Result(payload("7")),
                1,
                Optional.empty(),
                START));
    assertThat(end(node, claimed, done())).isEqualTo(Verdict.APPLIED);
  }

  @Test
  void transact_ofWorkThatThrows_keepsNothing() {
    NewRun row = newRun();
    Resource<?> of = resource();

    assertThatThrownBy(() -> transactAndThrow(of, row))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("no");

    assertThat(exists(row.id())).isFalse();
    assertThat(memos(claimed.id())).isEmpty();
    assertThat(transact(row, memo("7"))).isEqualTo(Verdict.APPLIED);
  }

  private <C> void transactAndThrow(Resource<C> of, NewRun row) throws IOException {
    store.transact(
        node,
        of.type(),
        open -> {
          store.insert(List.of(row), of.join().apply(open));
          throw new IOException("no");
        });
  }

  @Test
  void transact_withAnotherFenceOrNode_keepsNothing() {
    NewRun row = newRun();

    assertThat(transact(row, memo(claimed.fence() + 1, "7"))).isEqualTo(Verdict.REFUSED);
    assertThat(transact(resource(), join(), row, memo("7"))).isEqualTo(Verdict.REFUSED);

    assertThat(exists(row.id())).isFalse();
    assertThat(memos(claimed.id())).isEmpty();
  }

  @Test
  void transact_whereTheMemoIsThere_keepsNothingMore() {
    NewRun first = newRun();
    NewRun second = newRun();
    NewRun third = newRun();
    transact(first, memo("7"));

    assertThat(transact(second, memo("7"))).isEqualTo(Verdict.REPEATED);
    assertThat(transact(third, memo("8"))).isEqualTo(Verdict.REFUSED);

    assertThat(List.of(exists(first.id()), exists(second.id()), exists(third.id())))
        .containsExactly(true, false, false);
    assertThat(memos(claimed.id()))
        .extracting(Memo::value)
        .containsExactly(new MemoValue.Result(payload("7")));
  }

  private void transactOfAnUnknownResource() {
    store.transact(
        node,
        StringBuilder.class,
        open -> {
          throw new AssertionError("called");
        });
  }

  @Test
  void transact_ofAnUnknownResource_isRefusedWithoutACall() {
    resource();

    assertThatIllegalArgumentException()
        .isThrownBy(this::transactOfAnUnknownResource)
        .withMessageEndingWith("java.lang.StringBuilder");
  }

  @Test
  void transact_ofAStoreWithoutTransactions_isRefusedWithoutACall() {
    assumeTrue(resource.isEmpty(), "this store has transactions");

    assertThatThrownBy(this::transactOfAnUnknownResource)
        .isInstanceOf(StoreException.class)
        .extracting(e -> ((StoreException) e).kind())
        .isEqualTo(StoreException.Kind.PERMANENT);
  }
}
