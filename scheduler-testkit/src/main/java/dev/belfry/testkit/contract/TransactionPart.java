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
import org.junit.jupiter.api.Test;

/**
 * What an application does in a transaction is kept if and only if its memo is. A run that it
 * inserts stands for its rows.
 */
abstract class TransactionPart extends ContractPart {
  private static final MemoKey KEY = MemoKey.of("book");

  private final Optional<Resource<?>> resource;

  TransactionPart(
      Function<? super InstantSource, ? extends JobStore> opener, Optional<Resource<?>> resource) {
    super(opener);
    this.resource = resource;
  }

  private Resource<?> resource() {
    assumeTrue(resource.isPresent(), "this store has no transactions for others");
    return resource.orElseThrow();
  }

  private static MemoWrite memo(Claimed claimed, long fence, String result) {
    return new MemoWrite(
        claimed.id(),
        fence,
        NewMemo.settled(
            KEY, MemoKind.TRANSACTION, "String", new MemoValue.Result(payload(result))));
  }

  private Verdict transact(NodeId node, NewRun row, MemoWrite memo) {
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
    NodeId node = join();
    Claimed claimed = running(node);
    NewRun row = newRun();

    assertThat(transact(node, row, memo(claimed, claimed.fence(), "7"))).isEqualTo(Verdict.APPLIED);

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
    NodeId node = join();
    Claimed claimed = running(node);
    NewRun row = newRun();
    Resource<?> of = resource();

    assertThatThrownBy(() -> transactAndThrow(of, node, row))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("no");

    assertThat(exists(row.id())).isFalse();
    assertThat(memos(claimed.id())).isEmpty();
    assertThat(transact(node, row, memo(claimed, claimed.fence(), "7"))).isEqualTo(Verdict.APPLIED);
  }

  private <C> void transactAndThrow(Resource<C> of, NodeId node, NewRun row) throws IOException {
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
    NodeId node = join();
    Claimed claimed = running(node);
    NewRun row = newRun();

    assertThat(transact(node, row, memo(claimed, claimed.fence() + 1, "7")))
        .isEqualTo(Verdict.REFUSED);
    assertThat(transact(join(), row, memo(claimed, claimed.fence(), "7")))
        .isEqualTo(Verdict.REFUSED);

    assertThat(exists(row.id())).isFalse();
    assertThat(memos(claimed.id())).isEmpty();
  }

  @Test
  void transact_whereTheMemoIsThere_keepsNothingMore() {
    NodeId node = join();
    Claimed claimed = running(node);
    NewRun first = newRun();
    NewRun second = newRun();
    NewRun third = newRun();
    transact(node, first, memo(claimed, claimed.fence(), "7"));

    assertThat(transact(node, second, memo(claimed, claimed.fence(), "7")))
        .isEqualTo(Verdict.REPEATED);
    assertThat(transact(node, third, memo(claimed, claimed.fence(), "8")))
        .isEqualTo(Verdict.REFUSED);

    assertThat(List.of(exists(first.id()), exists(second.id()), exists(third.id())))
        .containsExactly(true, false, false);
    assertThat(memos(claimed.id()))
        .extracting(Memo::value)
        .containsExactly(new MemoValue.Result(payload("7")));
  }

  @Test
  void transact_ofAnUnknownResource_isRefusedWithoutACall() {
    resource();
    NodeId node = join();

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                store.transact(
                    node,
                    StringBuilder.class,
                    open -> {
                      throw new AssertionError("called");
                    }))
        .withMessageEndingWith("java.lang.StringBuilder");
  }

  @Test
  void transact_ofAStoreWithoutTransactions_isRefusedWithoutACall() {
    assumeTrue(resource.isEmpty(), "this store has transactions");
    NodeId node = join();

    assertThatThrownBy(
            () ->
                store.transact(
                    node,
                    StringBuilder.class,
                    open -> {
                      throw new AssertionError("called");
                    }))
        .isInstanceOf(StoreException.class)
        .extracting(e -> ((StoreException) e).kind())
        .isEqualTo(StoreException.Kind.PERMANENT);
  }
}
