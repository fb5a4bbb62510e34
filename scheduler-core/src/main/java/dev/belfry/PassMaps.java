// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.retry.Decision;
import dev.belfry.run.Failure;
import dev.belfry.run.TypeRef;
import dev.belfry.store.Due;
import dev.belfry.store.Memo;
import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoKind;
import dev.belfry.store.MemoValue;
import dev.belfry.store.NewMemo;
import dev.belfry.store.Payload;
import dev.belfry.store.Verdict;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The maps of a pass: something done with each of many items, and remembered for each. */
final class PassMaps {
  /*
   * The map itself has a mark, so that its id can't be taken for a step's; what is remembered is
   * remembered for the items. An item's memo is written before its thread begins another.
   */
  private static final int MOST_ITEMS = 100_000;

  private final PassFrame frame;
  private final PassMemos memos;
  private final PassNotes notes;
  private final Payloads payloads;

  PassMaps(PassFrame frame, PassMemos memos, PassNotes notes) {
    this.frame = frame;
    this.memos = memos;
    this.notes = notes;
    this.payloads = frame.payloads();
  }

  <T, R extends @Nullable Object> MapResult<R> map(
      String id,
      Collection<? extends T> items,
      TypeRef<R> type,
      MapOptions<T> options,
      ItemContextCall<? super T, ? extends R> body) {
    payloads.codec().check(type);
    if (items.size() > MOST_ITEMS) {
      throw new IllegalArgumentException(
          "map \""
              + id
              + "\" has "
              + items.size()
              + " items, the limit is "
              + MOST_ITEMS
              + "; split the work into runs of their own by ctx.invoke and ctx.enqueue");
    }
    String words = TypeWords.of(type);
    String mapWords = "map to " + words;
    String cut = mapWords.length() > 200 ? mapWords.substring(0, 200) : mapWords;
    try (PassMemos.Part part = memos.enter(id, MemoKind.STEP, cut)) {
      part.mark();
      var mapping = new Mapping<>(part, type, words, options, body);
      items.forEach(mapping::add);
      return mapping.carryOut();
    }
  }

  /** One map on its way. */
  private final class Mapping<T, R extends @Nullable Object> {
    private final PassMemos.Part part;
    private final TypeRef<R> type;
    private final String words;
    private final MapOptions<T> options;
    private final ItemContextCall<? super T, ? extends R> body;
    private final String scope;
    private final List<Item> all = new ArrayList<>();
    private final HashSet<String> keys = new HashSet<>();
    private final Queue<Item> open = new ArrayDeque<>(); // guarded by this
    private @Nullable RuntimeException stopped; // guarded by this
    private int failures; // guarded by this

    Mapping(
        PassMemos.Part part,
        TypeRef<R> type,
        String words,
        MapOptions<T> options,
        ItemContextCall<? super T, ? extends R> body) {
      this.part = part;
      this.type = type;
      this.words = words;
      this.options = options;
      this.body = body;
      this.scope = MemoScopes.in(part.key());
    }

    void add(T value) {
      String key = options.keyOf(value, all.size());
      if (!keys.add(key)) {
        throw new IllegalArgumentException(
            "two items of " + part + " have the key \"" + key + "\"; each must have its own");
      }
      var item = new Item(value, new MemoKey(scope, key, 0));
      all.add(item);
      if (!item.isOver()) {
        open.add(item);
      } else if (item.failure().isPresent()) {
        failures++;
      }
    }

    MapResult<R> carryOut() {
      if (failures <= options.tolerated()) {
        open.stream().filter(Item::isDue).findFirst().ifPresent(this::goOn);
      }
      int threads = Math.min(options.concurrency(), open.size());
      if (threads == 1) {
        work();
      } else if (threads > 1) {
        try {
          frame.host().sideBySide(frame.claim().id(), Collections.nCopies(threads, this::work));
        } catch (InterruptedException e) { // all have ended, each item as it was left
          Thread.currentThread().interrupt();
        }
      }
      return end();
    }

    private void goOn(Item first) {
      part.goOn(() -> new PassWatch.Next(first.key, MemoKind.MAP_ITEM, words, first.title()));
    }

    private void work() {
      for (Item item = next(); item != null; item = next()) {
        try {
          item.carryOut();
        } catch (RuntimeException | Error broken) {
          stop(broken);
        }
      }
    }

    private synchronized @Nullable Item next() {
      if (stopped == null && frame.cancelled().getAsBoolean()) {
        stopped =
            new IllegalStateException(
                part + " was told to end; " + open.size() + " items are left");
      }
      return stopped == null && failures <= options.tolerated() ? open.poll() : null;
    }

    private synchronized void stop(Throwable broken) {
      if (stopped == null) {
        stopped =
            broken instanceof RuntimeException e
                ? e
                : new IllegalStateException(part + " died of " + broken, broken);
      }
    }

    private synchronized void countFailure() {
      failures++;
    }

    private synchronized MapResult<R> end() {
      if (stopped != null) {
        throw stopped;
      }
      if (failures > options.tolerated()) {
        count();
        part.settled();
        throw part.failed(tooMany());
      }
      Optional<Item> next =
          all.stream()
              .filter(item -> !item.isOver())
              .min(Comparator.comparing(item -> item.nextTry));
      if (next.isPresent()) {
        throw part.suspend(next.get().pending(), "the next try of an item of " + part);
      }
      count();
      part.settled();
      return new MapResult<>(all.stream().map(Item::result).toList());
    }

    private void count() {
      notes.items(all.stream().filter(Item::isOver).count() - failures, failures);
    }

    private Failure tooMany() {
      Item first =
          all.stream().filter(item -> item.failure().isPresent()).findFirst().orElseThrow();
      Failure failure = first.failure().orElseThrow();
      return Failure.of(
          "too many failed items",
          failures
              + " of "
              + all.size()
              + " items failed, "
              + options.tolerated()
              + " are tolerated; the first is \""
              + first.key.id()
              + "\": "
              + failure.type()
              + ": "
              + failure.message());
    }

    /** One item. For the thread that has it, and for the handler's before and after. */
    private final class Item {
      private final T given;
      private final MemoKey key;
      private MemoValue value = MemoValue.pending();
      private int tries;
      private Instant nextTry = Instant.MIN;

      Item(T given, MemoKey key) {
        this.given = given;
        this.key = key;
        memos.run().find(key).ifPresent(this::take);
      }

      private void take(Memo memo) {
        if (memo.value().isSettled() && !memo.type().equals(words)) {
          throw part.refused(
              title() + " returned " + memo.type(), ", and returns " + words + " now");
        }
        value = memo.value();
        tries = memo.tries();
        nextTry = memo.until().orElse(Instant.MIN);
      }

      boolean isOver() {
        return value.isSettled();
      }

      boolean isDue() {
        return frame.hasCome(nextTry);
      }

      String title() {
        return "item \"" + key.id() + "\" of " + part;
      }

      Optional<Failure> failure() {
        return value instanceof MemoValue.Failed failed
            ? Optional.of(failed.failure())
            : Optional.empty();
      }

      MapResult.Item<R> result() {
        R returned =
            value instanceof MemoValue.Result result
                ? payloads.decode(type, result.payload())
                : null;
        return new MapResult.Item<>(key.id(), returned, failure());
      }

      void carryOut() {
        if (!isDue()) {
          return;
        }
        tries++;
        Optional<Failure> last =
            value instanceof MemoValue.Pending pending ? pending.failure() : Optional.empty();
        var attempt = new StepTry(frame, PassSteps.keyOf(frame, key), tries, last);
        R returned;
        try {
          frame.beforeBody(part.key(), tries);
          returned = body.call(given, attempt);
        } catch (Throwable thrown) {
          if (frame.cancelled().getAsBoolean()) { // it may be the interrupt that failed it
            throw new IllegalStateException(title() + " was told to end", thrown);
          }
          fail(thrown);
          return;
        }
        Payload result = payloads.encodeStep("result of " + title(), type, returned);
        write(new MemoValue.Result(result), Optional.empty());
      }

      private void fail(Throwable thrown) {
        Failure failure = Failure.of(thrown);
        Decision decision =
            options
                .retry()
                .map(policy -> PassSteps.decide(frame, policy, key, tries, thrown))
                .orElse(new Decision.Fail("an item is tried once"));
        if (decision instanceof Decision.RetryAfter retry) {
          nextTry = frame.storeTime().plus(retry.delay());
          write(
              new MemoValue.Pending(Optional.of(failure)),
              Optional.of(new Due.After(retry.delay())));
        } else if (decision instanceof Decision.Snooze snooze) {
          tries--;
          nextTry = frame.storeTime().plus(snooze.delay());
          write(
              new MemoValue.Pending(Optional.of(failure)),
              Optional.of(new Due.After(snooze.delay())));
        } else {
          write(new MemoValue.Failed(failure), Optional.empty());
          countFailure();
        }
      }

      private void write(MemoValue newValue, Optional<Due> until) {
        value = newValue;
        if (memos.run().write(List.of(memo(until))).get(0) == Verdict.REFUSED) {
          throw memos.run().lost(title());
        }
      }

      /** Returns what is stored of an item that is to be tried again. */
      NewMemo pending() {
        return memo(Optional.of(new Due.At(requireNonNull(nextTry))));
      }

      private NewMemo memo(Optional<Due> until) {
        return new NewMemo(key, MemoKind.MAP_ITEM, words, value, tries, until, Optional.empty());
      }
    }
  }
}
