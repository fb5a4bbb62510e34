// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Failure;
import dev.belfry.run.TypeRef;
import dev.belfry.store.Due;
import dev.belfry.store.Memo;
import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoKind;
import dev.belfry.store.MemoValue;
import dev.belfry.store.NewMemo;
import dev.belfry.store.Payload;
import java.time.Duration;
import java.util.Optional;

/** The waits of a pass for something that has to be looked at again and again. */
final class PassPolls {
  /*
   * Beside the memo of the wait, which is settled at its end, stand those of the looks: what each
   * has returned, and the pause after it.
   */
  private final PassFrame frame;
  private final PassMemos memos;
  private final Payloads payloads;

  PassPolls(PassFrame frame, PassMemos memos) {
    this.frame = frame;
    this.memos = memos;
    this.payloads = frame.payloads();
  }

  <S> S until(String id, TypeRef<S> type, Polling polling, Poll.Look<S> look) throws Exception {
    payloads.codec().check(type);
    try (PassMemos.Part part = memos.enter(id, MemoKind.STEP, TypeWords.of(type))) {
      Optional<Payload> before = part.end();
      if (before.isPresent()) {
        return payloads.decode(type, before.get());
      }
      String scope = MemoScopes.own(MemoScopes.in(part.key()), "look");
      int number = 0;
      Optional<S> last = Optional.empty();
      for (Optional<Payload> seen = result(scope, 0); seen.isPresent(); ) {
        last = Optional.of(payloads.decode(type, seen.get()));
        awaitPause(part, scope, number);
        number++;
        seen = result(scope, number);
      }
      return look(part, type, polling, look, scope, number, last);
    }
  }

  private Optional<Payload> result(String scope, int number) {
    return memos.run().result(new MemoKey(scope, "look", number));
  }

  private void awaitPause(PassMemos.Part part, String scope, int number) {
    MemoKey key = new MemoKey(scope, "pause", number);
    Optional<Memo> pause = memos.run().find(key);
    if (pause.isPresent() && !pause.flatMap(Memo::until).filter(frame::hasCome).isPresent()) {
      throw part.suspend(
          NewMemo.pending(key, MemoKind.SLEEP, pause.get().until().map(Due.At::new)),
          "the next look of " + part);
    }
  }

  private <S> S look(
      PassMemos.Part part,
      TypeRef<S> type,
      Polling polling,
      Poll.Look<S> look,
      String scope,
      int number,
      Optional<S> last)
      throws Exception {
    part.goOn();
    Poll<S> poll = look.look(last);
    Payload state = payloads.encodeStep("result of " + part, type, poll.state());
    if (poll.isOver()) {
      part.write(part.memo(new MemoValue.Result(state)).withTries(number + 1));
      part.settled();
      return payloads.decode(type, state);
    }
    if (number + 1 >= polling.looks()) {
      Failure failure =
          Failure.of("looks used up", "nothing has come of " + polling.looks() + " looks");
      part.write(part.memo(new MemoValue.Failed(failure)).withTries(number + 1));
      part.settled();
      throw part.failed(failure);
    }
    var seen = new MemoKey(scope, "look", number);
    memos
        .run()
        .later(
            NewMemo.settled(seen, MemoKind.STEP, TypeWords.of(type), new MemoValue.Result(state)));
    Duration pause = polling.pause().delayAfter(number + 1);
    throw part.suspend(
        NewMemo.pending(
            new MemoKey(scope, "pause", number), MemoKind.SLEEP, Optional.of(new Due.After(pause))),
        "the next look of " + part);
  }
}
