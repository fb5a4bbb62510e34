// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Part;
import dev.belfry.run.RunId;
import dev.belfry.store.Memo;
import dev.belfry.store.MemoKind;
import dev.belfry.store.MemoValue;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What is stored of a run's parts, for people. */
final class StoredParts {
  private StoredParts() {}

  /** Returns the parts in the order of the memos; how far the run says it is, is none. */
  static List<Part> of(RunId run, Collection<Memo> memos) {
    return memos.stream()
        .filter(memo -> memo.kind() != MemoKind.PROGRESS)
        .map(memo -> part(run, memo))
        .toList();
  }

  private static Part part(RunId run, Memo memo) {
    String scope = memo.key().scope();
    return new Part(
        MemoScopes.isOwn(scope) ? MemoScopes.around(scope) : scope,
        memo.key().id(),
        memo.key().occurrence(),
        kind(memo),
        memo.type(),
        memo.tries(),
        state(memo),
        memo.kind() == MemoKind.INVOKE
            ? Optional.of(PassValues.idFor(run, memo.key()))
            : Optional.empty(),
        memo.writtenAt());
  }

  private static Part.Kind kind(Memo memo) {
    String scope = memo.key().scope();
    if (MemoScopes.isOwn(scope)) {
      return MemoScopes.isLook(scope) ? Part.Kind.LOOK : Part.Kind.VALUE;
    }
    return Part.Kind.valueOf(memo.kind().name());
  }

  private static Part.State state(Memo memo) {
    MemoValue value = memo.value();
    if (value instanceof MemoValue.Result result) {
      return new Part.Done(result.payload().toString());
    } else if (value instanceof MemoValue.Received received) {
      return ReceivedEvent.shown(received);
    } else if (value instanceof MemoValue.Failed failed) {
      return new Part.Failed(failed.failure());
    }
    return new Part.Pending(memo.until(), ((MemoValue.Pending) value).failure());
  }
}
