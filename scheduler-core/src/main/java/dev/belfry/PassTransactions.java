// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.run.TypeRef;
import dev.belfry.store.Claimed;
import dev.belfry.store.JobStore;
import dev.belfry.store.MemoKind;
import dev.belfry.store.MemoValue;
import dev.belfry.store.MemoWrite;
import dev.belfry.store.Payload;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import dev.belfry.store.TransactionCall;
import dev.belfry.store.Verdict;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of one pass, whose memos are committed with the application's rows. For the
 * handler's thread only.
 */
final class PassTransactions {
  /*
   * The memo is what makes it once: it is in the same commit, and there is one of a key. So a body
   * is never called again once its memo is there, and a commit of unknown outcome is decided by
   * looking for the memo. If it is not found, the commit may still be under way: then the pass ends,
   * and should the next one come too early, the store refuses its memo and rolls its rows back.
   */
  private final PassFrame frame;
  private final Claimed claim;
  private final JobStore store;
  private final Payloads payloads;
  private final PassMemos memos;

  PassTransactions(PassFrame frame, PassMemos memos) {
    this.frame = frame;
    this.claim = frame.claim();
    this.store = frame.store();
    this.payloads = frame.payloads();
    this.memos = memos;
  }

  /** Returns the value of a body that is committed by now, by this pass or by an earlier one. */
  <C, T extends @Nullable Object, X extends Exception> T run(
      String id,
      TypeRef<T> type,
      Class<C> resource,
      TransactionCall<? super C, ? extends T, X> body)
      throws X {
    payloads.codec().check(type);
    try (PassMemos.Part part = memos.enter(id, MemoKind.TRANSACTION, TypeWords.of(type))) {
      Optional<Payload> before = part.result();
      Payload value =
          before.isPresent() ? before.get() : commit(part, resource, new Work<>(part, type, body));
      return payloads.decode(type, value);
    }
  }

  private <C, X extends Exception> Payload commit(
      PassMemos.Part part, Class<C> resource, Work<C, ?, X> work) throws X {
    part.goOn();
    Verdict verdict;
    try {
      verdict = store.transact(frame.node(), resource, work);
    } catch (StoreException e) {
      if (e.kind() == Kind.UNKNOWN && work.value != null) {
        return decide(part, e);
      }
      throw e;
    }
    if (verdict == Verdict.APPLIED) {
      part.settled();
      memos.breakIfTold();
      return requireNonNull(work.value);
    }
    return refused(part);
  }

  /** Finds out what became of a commit. */
  private Payload decide(PassMemos.Part part, StoreException unknown) {
    var pauses = new PassPauses(frame.host());
    boolean again = true;
    while (again) {
      try {
        Optional<Payload> found = part.readAgain();
        if (found.isPresent()) {
          return found.get();
        }
        again = false;
      } catch (StoreException e) {
        unknown.addSuppressed(e);
        again = pauses.next();
      }
    }
    memos.course().breakOff(unknown);
    throw unknown;
  }

  /** Finds out why nothing was kept. */
  private Payload refused(PassMemos.Part part) {
    if (memos.run().isHeld()) {
      Optional<Payload> found = part.readAgain();
      if (found.isPresent()) { // an earlier pass's commit, which came after this one had looked
        return found.get();
      }
    }
    throw memos.run().lost(part.toString());
  }

  /** A body, and what is to be remembered of it. */
  private final class Work<C, T extends @Nullable Object, X extends Exception>
      implements TransactionCall<C, MemoWrite, X> {
    private final PassMemos.Part part;
    private final TypeRef<T> type;
    private final TransactionCall<? super C, ? extends T, X> body;
    private @Nullable Payload value; // once the body has returned

    Work(PassMemos.Part part, TypeRef<T> type, TransactionCall<? super C, ? extends T, X> body) {
      this.part = part;
      this.type = type;
      this.body = body;
    }

    @Override
    public MemoWrite call(C resource) throws X {
      frame.beforeBody(part.key(), 1);
      Payload encoded = payloads.encode("result of " + part, type, body.call(resource));
      value = encoded;
      return new MemoWrite(claim.id(), claim.fence(), part.memo(new MemoValue.Result(encoded)));
    }
  }
}
