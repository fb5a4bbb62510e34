// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.PassCourse.Suspension;
import dev.belfry.run.EventId;
import dev.belfry.run.TypeRef;
import dev.belfry.store.Due;
import dev.belfry.store.LookBack;
import dev.belfry.store.Memo;
import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoKind;
import dev.belfry.store.MemoValue;
import dev.belfry.store.NewMemo;
import dev.belfry.store.Payload;
import dev.belfry.store.SentEvent;
import dev.belfry.store.Verdict;
import dev.belfry.store.Wait;
import dev.belfry.store.WaitHit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The waits of a pass for events. */
final class PassWaits {
  /*
   * A wait is committed first, and then looked back for: an event that is committed later finds the
   * wait, one that was committed before is found by the look. What ends it is the memo; whoever
   * settles that first has won: the delivery, the look, or the end of its time.
   *
   * A wait by name and key is ended by the delivery itself. One with a predicate, or for the first
   * of several, is ended by its handler only, as only that can tell. Its memo is written without a
   * wait; beside it, for each type, stands a row of waits that a delivery settles without taking the
   * event: then the handler looks, and if nothing fits, opens the next one of the row. So an event
   * that does not fit stays free for other waits.
   */
  private static final Duration LONGEST = Duration.ofDays(36_525);
  private static final int PAGE = 200;
  private static final TypeRef<Instant> INSTANT = TypeRef.of(Instant.class);

  private final PassFrame frame;
  private final PassMemos memos;
  private final Payloads payloads;

  PassWaits(PassFrame frame, PassMemos memos) {
    this.frame = frame;
    this.memos = memos;
    this.payloads = frame.payloads();
  }

  <E> Optional<Event<E>> forOne(
      String id, EventType<E> type, EventMatch<E> match, Duration timeout) {
    var awaited = new Awaited.Of<>(type, match);
    Optional<? extends ReceivedEvent<?>> event =
        match.predicate().isPresent()
            ? forAny(id, List.of(awaited), timeout)
            : forKey(id, awaited, timeout);
    return event.flatMap(any -> any.as(type));
  }

  private static Due.After limit(Duration timeout) {
    if (timeout.isNegative() || timeout.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "timeout of a wait must be zero to 100 years, was " + timeout);
    }
    return new Due.After(timeout);
  }

  private Wait waitFor(Awaited.Of<?> awaited) {
    return new Wait(
        awaited.type().name(),
        awaited.match().key(),
        awaited.match().since().orElseGet(memos::lookBackTo));
  }

  // By name and key

  private <E> Optional<ReceivedEvent<E>> forKey(
      String id, Awaited.Of<E> awaited, Duration timeout) {
    Due limit = limit(timeout);
    try (PassMemos.Part part = memos.enter(id, MemoKind.WAIT, awaited.type().name())) {
      NewMemo waiting;
      Optional<Memo> begun = part.begun();
      if (begun.isPresent()) {
        waiting = part.stillPending(begun.get());
      } else if (isOver(part)) {
        return end(part, awaited);
      } else {
        part.goOn();
        waiting = part.waiting(waitFor(awaited), Optional.of(limit));
        part.write(waiting);
      }
      for (Optional<SentEvent> hit = next(part.key()); hit.isPresent(); hit = next(part.key())) {
        NewMemo received = received(part, hit.get());
        if (settled(part, received)) {
          return end(part, awaited);
        }
      }
      if (hasTimedOut(begun) && settled(part, timedOut(part, begun.get()))) {
        return end(part, awaited);
      }
      throw part.suspend(waiting, part + " for " + words(awaited));
    }
  }

  private Optional<SentEvent> next(MemoKey key) {
    return lookBack(key, Optional.empty(), 2).stream().findFirst();
  }

  private static boolean isOver(PassMemos.Part part) {
    return part.value(MemoValue.class).filter(MemoValue::isSettled).isPresent();
  }

  private boolean hasTimedOut(Optional<Memo> begun) {
    return begun.flatMap(Memo::until).filter(frame::hasCome).isPresent();
  }

  /**
   * Settles a wait. Whoever was first has settled it otherwise; the event may also have ended
   * another wait meanwhile.
   *
   * @return whether the wait is over
   */
  private boolean settled(PassMemos.Part part, NewMemo end, NewMemo... beside) {
    var all = new ArrayList<NewMemo>(List.of(end));
    all.addAll(List.of(beside));
    if (memos.run().write(all).get(0) == Verdict.REFUSED && !memos.run().isHeld()) {
      throw memos.run().lost(part.toString());
    }
    part.findAgain();
    return isOver(part);
  }

  private static NewMemo received(PassMemos.Part part, SentEvent event) {
    return part.memo(new MemoValue.Received(event.id(), ReceivedEvent.keep(event)));
  }

  private NewMemo timedOut(PassMemos.Part part, Memo begun) {
    Instant end = begun.until().orElse(begun.writtenAt());
    return part.memo(new MemoValue.Result(payloads.encode("end of " + part, INSTANT, end)));
  }

  /** Returns how a wait that is over has ended. */
  private <E> Optional<ReceivedEvent<E>> end(PassMemos.Part part, Awaited.Of<E> awaited) {
    Optional<MemoValue.Received> received = part.value(MemoValue.Received.class);
    if (received.isEmpty()) {
      Payload end = part.result().orElseThrow();
      part.settledAt(payloads.decode(INSTANT, end));
      return Optional.empty();
    }
    ReceivedEvent<E> event =
        ReceivedEvent.read(
            received.get().event(), received.get().payload(), awaited.type(), payloads);
    part.settledAt(event.sentAt());
    return Optional.of(event);
  }

  // The first of several, or by a predicate

  Optional<? extends ReceivedEvent<?>> forAny(
      String id, List<? extends Awaited.Of<?>> several, Duration timeout) {
    Due limit = limit(timeout);
    String names =
        several.stream().map(one -> one.type().name()).collect(Collectors.joining(" or "));
    String type = names.length() > 200 ? names.substring(0, 200) : names;
    try (PassMemos.Part part = memos.enter(id, MemoKind.WAIT, type)) {
      if (isOver(part)) {
        return endOfAny(part, several);
      }
      Optional<Memo> begun = part.begun();
      if (begun.isEmpty()) {
        part.goOn();
      }
      NewMemo waiting =
          begun.map(part::stillPending).orElseGet(() -> part.pending(Optional.of(limit)));
      List<Row> rows =
          IntStream.range(0, several.size())
              .mapToObj(number -> new Row(part.key(), number, several.get(number)))
              .toList();
      open(part, begun.isPresent() ? List.of() : List.of(waiting), rows);
      NewMemo[] closed = rows.stream().map(Row::closed).toArray(NewMemo[]::new);
      for (Optional<SentEvent> hit = first(rows); hit.isPresent(); hit = first(rows)) {
        if (settled(part, received(part, hit.get()), closed)) {
          return endOfAny(part, several);
        }
      }
      if (hasTimedOut(begun) && settled(part, timedOut(part, begun.get()), closed)) {
        return endOfAny(part, several);
      }
      memos.run().flush();
      part.settled();
      var on = new ArrayList<NewMemo>(List.of(waiting));
      rows.forEach(row -> on.add(row.waiting));
      throw memos.course().suspend(new Suspension(on, part + " for " + names));
    }
  }

  /** Writes what waits, unless it stands there. */
  private void open(PassMemos.Part part, List<NewMemo> first, List<Row> rows) {
    var fresh = new ArrayList<>(first);
    rows.stream().filter(row -> row.isNew).forEach(row -> fresh.add(row.waiting));
    if (memos.run().write(fresh).contains(Verdict.REFUSED)) {
      throw memos.run().lost(part.toString());
    }
  }

  /** Returns the first event that was sent of those that fit one of the rows. */
  private Optional<SentEvent> first(List<Row> rows) {
    return rows.stream()
        .flatMap(row -> row.first().stream())
        .min(Comparator.comparing(SentEvent::sentAt).thenComparing(SentEvent::id));
  }

  private Optional<? extends ReceivedEvent<?>> endOfAny(
      PassMemos.Part part, List<? extends Awaited.Of<?>> several) {
    // Which type it is, its name says: those of one name carry the same data.
    Optional<MemoValue.Received> received = part.value(MemoValue.Received.class);
    for (Awaited.Of<?> one : several) {
      if (received.isEmpty() || several.size() == 1 || isOf(received.get(), one)) {
        return end(part, one);
      }
    }
    throw new IllegalStateException(
        part + " was ended by an event of a type that it does not wait for any more");
  }

  private static boolean isOf(MemoValue.Received received, Awaited.Of<?> one) {
    return ReceivedEvent.nameOf(received.payload()).equals(one.type().name());
  }

  /** The waits of one type that stand beside the memo of the wait. */
  private final class Row {
    private final Awaited.Of<?> awaited;
    private final MemoKey key;
    private final boolean isNew;
    private final NewMemo waiting;

    Row(MemoKey part, int number, Awaited.Of<?> awaited) {
      this.awaited = awaited;
      String scope = MemoScopes.look(part);
      int round = 0;
      Optional<Memo> last = find(scope, number, round);
      while (last.filter(memo -> memo.value().isSettled()).isPresent()) {
        round++;
        last = find(scope, number, round);
      }
      this.key = new MemoKey(scope, Integer.toString(number), round);
      this.isNew = last.isEmpty();
      this.waiting =
          new NewMemo(
              key,
              MemoKind.WAIT,
              awaited.type().name(),
              MemoValue.pending(),
              0,
              Optional.empty(),
              isNew ? Optional.of(waitFor(awaited)) : Optional.empty());
    }

    private Optional<Memo> find(String scope, int number, int round) {
      return memos.run().find(new MemoKey(scope, Integer.toString(number), round));
    }

    NewMemo closed() {
      return NewMemo.settled(key, MemoKind.WAIT, awaited.type().name(), PassMemos.MARK)
          .withTries(0);
    }

    /** Returns the first event that fits, of those that are there. */
    Optional<SentEvent> first() {
      Optional<EventId> after = Optional.empty();
      while (true) {
        List<SentEvent> page = lookBack(key, after, PAGE);
        for (SentEvent event : page) {
          if (awaited.match(event, payloads).isPresent()) {
            return Optional.of(event);
          }
          after = Optional.of(event.id());
        }
        if (page.isEmpty()) {
          return Optional.empty();
        }
      }
    }
  }

  // What is there

  /** Returns events that could end a wait; the one that has started the run could not. */
  private List<SentEvent> lookBack(MemoKey key, Optional<EventId> after, int limit) {
    var question = new LookBack(frame.claim().id(), key, after);
    Optional<EventId> started = frame.claim().trigger().event();
    return frame.store().lookBack(List.of(question), limit).stream()
        .map(WaitHit::event)
        .filter(event -> !started.equals(Optional.of(event.id())))
        .toList();
  }

  private static String words(Awaited.Of<?> awaited) {
    return awaited.type().name()
        + awaited.match().key().map(key -> " of \"" + key + "\"").orElse("");
  }
}
