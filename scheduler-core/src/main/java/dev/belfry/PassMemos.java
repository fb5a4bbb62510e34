// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.PassCourse.Suspension;
import dev.belfry.run.Failure;
import dev.belfry.store.Due;
import dev.belfry.store.Memo;
import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoKind;
import dev.belfry.store.MemoValue;
import dev.belfry.store.NewMemo;
import dev.belfry.store.Payload;
import dev.belfry.store.Verdict;
import dev.belfry.store.Wait;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a run in one scope, as one pass comes by them: outside of branches, or in one of
 * them. For the thread that the scope belongs to.
 */
final class PassMemos {
  /*
   * A part is fresh, begun or over: begun has a pending memo, over a settled one. It is entered,
   * then over, suspended on or failed; while it is entered no other is. Which n-th use of an id it
   * is, decides which memo is its.
   */
  /** The value of what has none, and is remembered nevertheless. */
  static final MemoValue MARK =
      new MemoValue.Result(Payload.of("json", new byte[] {'t', 'r', 'u', 'e'}));

  private final RunMemos run;
  private final PassThread thread;
  private final PassCourse course;
  private final PassFrame frame;
  private final String scope;
  private final Map<String, Integer> uses = new HashMap<>();
  private final Set<String> failed = new HashSet<>();
  private @Nullable Part inside;
  private Instant lookBackTo;
  private Instant lastEnd;

  /**
   * Begins a scope.
   *
   * @param start from when on events are of interest to its first wait
   */
  PassMemos(
      RunMemos run,
      PassThread thread,
      PassCourse course,
      PassFrame frame,
      String scope,
      Instant start) {
    this.run = run;
    this.thread = thread;
    this.course = course;
    this.frame = frame;
    this.scope = scope;
    this.lookBackTo = start;
    this.lastEnd = start;
  }

  /** Begins a part; {@link #enter(String, MemoKind, String, List)} without former ids. */
  Part enter(String id, MemoKind kind, String type) {
    return enter(id, kind, type, List.of());
  }

  /**
   * Begins a part, and finds what is remembered of it. The n-th use of an id in a pass meets the
   * n-th use in another.
   *
   * @param type the type of its value, in words
   * @param formerly ids under which it may be remembered
   * @throws IllegalStateException if the caller is another thread, or inside of another part; if an
   *     earlier use of the id has failed in this pass; if what is remembered is of another kind or
   *     type; or if the pass can't go on
   */
  Part enter(String id, MemoKind kind, String type, List<String> formerly) {
    thread.check();
    course.check();
    if (inside != null) {
      throw new IllegalStateException(
          words(kind, id)
              + " was begun inside of "
              + inside
              + "; "
              + (inside.branches
                  ? "use the context that the branch is given"
                  : "they can't be nested"));
    }
    if (failed.contains(id)) {
      throw new IllegalStateException(
          words(kind, id)
              + " has failed in this pass; another use of its id could not be told from it later."
              + " Let the failure end the attempt, or give each use an id of its own");
    }
    var part = new Part(keyOf(id, formerly), id, kind, type);
    part.find();
    run.count(part.key, kind);
    uses.merge(id, 1, Integer::sum);
    inside = part;
    return part;
  }

  private MemoKey keyOf(String id, List<String> formerly) {
    int use = uses.getOrDefault(id, 0);
    var key = new MemoKey(scope, id, use);
    if (!formerly.isEmpty() && run.peek(key).isEmpty()) {
      for (String former : formerly) {
        var formerKey = new MemoKey(scope, former, use);
        if (run.peek(formerKey).isPresent()) {
          return formerKey;
        }
      }
    }
    return key;
  }

  /** Refuses a call that is no part, but is for the thread of the handler only. */
  void check() {
    thread.check();
    course.check();
  }

  /** Returns the part that the handler is in. */
  Optional<MemoKey> inside() {
    thread.check();
    return Optional.ofNullable(inside).map(Part::key);
  }

  RunMemos run() {
    return run;
  }

  /** Ends the pass here, for the next one to go on, if its host says so. */
  void breakIfTold() {
    if (!frame.host().goesOn(frame.claim().id())) {
      throw course.suspend(PassCourse.Suspension.BREAK);
    }
  }

  PassCourse course() {
    return course;
  }

  String scope() {
    return scope;
  }

  // Since when events are of interest

  /** Returns how far the next wait looks back. */
  Instant lookBackTo() {
    return lookBackTo;
  }

  private void passed(Instant start, Instant end) {
    lookBackTo = start;
    lastEnd = end;
  }

  static String words(MemoKind kind, String id) {
    return words(kind) + " \"" + id + "\"";
  }

  private static String words(MemoKind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** One use of an id by this pass. It lasts until it is closed. */
  final class Part implements AutoCloseable {
    private final MemoKey key;
    private final String id;
    private final MemoKind kind;
    private final String type;
    private final Instant entered = frame.storeTime();
    private Optional<Memo> found = Optional.empty();
    private boolean settled;
    private boolean branches;

    private Part(MemoKey key, String id, MemoKind kind, String type) {
      this.key = key;
      this.id = id;
      this.kind = kind;
      this.type = type;
    }

    MemoKey key() {
      return key;
    }

    private void find() {
      found = run.find(key);
      found.ifPresent(this::check);
    }

    private void check(Memo memo) {
      String change = "";
      if (memo.kind() != kind) {
        change = " was a " + words(memo.kind());
      } else if ((memo.value().isSettled() || memo.kind().waits()) && !memo.type().equals(type)) {
        change = kind == MemoKind.WAIT ? " waited for " + memo.type() : " returned " + memo.type();
      }
      if (!change.isEmpty()) {
        String now =
            memo.kind() != kind
                ? ""
                : ", and " + (kind == MemoKind.WAIT ? "waits for " : "returns ") + type + " now";
        throw refused(this + change, now);
      }
    }

    /** Refuses what does not fit what is stored. The caller throws what this returns. */
    IllegalStateException refused(String change, String now) {
      var refused =
          new IllegalStateException(
              change
                  + " when run "
                  + frame.claim().id()
                  + " came by before"
                  + now
                  + "; what has changed needs another id");
      frame.watch().refused(refused);
      return refused;
    }

    /** Is called before anything that is not stored is done; a watched pass may end here. */
    void goOn() {
      goOn(() -> new PassWatch.Next(key, kind, type, toString()));
    }

    /** As {@link #goOn()}, for something inside of this part. */
    void goOn(Supplier<PassWatch.Next> next) {
      if (frame.watch().stopsBefore(next)) {
        settled = true; // it has not failed
        throw course.suspend(new Suspension(List.of(), next.get().words()));
      }
    }

    // What is remembered

    /** Returns the result that is remembered, if there is one; then the part is over. */
    Optional<Payload> result() {
      Optional<Payload> result = value(MemoValue.Result.class).map(MemoValue.Result::payload);
      if (result.isPresent()) {
        settled();
      }
      return result;
    }

    /**
     * As {@link #result}.
     *
     * @throws StepFailedException if what is remembered is that it has failed for good
     */
    Optional<Payload> end() {
      Optional<MemoValue.Failed> failure = value(MemoValue.Failed.class);
      if (failure.isPresent()) {
        settled();
        throw failed(failure.get().failure());
      }
      return result();
    }

    /** Returns what is remembered, if it is a value of that sort. */
    <V extends MemoValue> Optional<V> value(Class<V> sort) {
      return found.map(Memo::value).filter(sort::isInstance).map(sort::cast);
    }

    /** Returns what is remembered, if the part has begun and is not over. */
    Optional<Memo> begun() {
      return found.filter(memo -> !memo.value().isSettled());
    }

    /** Reads from the store once more what is remembered of this part. */
    Optional<Payload> readAgain() {
      findAgain();
      return result();
    }

    void findAgain() {
      found = run.findAgain(key);
      found.ifPresent(this::check);
    }

    // What becomes of it

    /** Returns the memo that says how this part ended. */
    NewMemo memo(MemoValue value) {
      return NewMemo.settled(key, kind, type, value);
    }

    /** Returns the memo of this part that has begun. */
    NewMemo pending(Optional<Due> until) {
      return pending(MemoValue.pending(), 0, until);
    }

    /** Returns the memo of this part that has been tried. */
    NewMemo pending(MemoValue value, int tries, Optional<Due> until) {
      return new NewMemo(key, kind, type, value, tries, until, Optional.empty());
    }

    /** Returns the memo of this part that waits for an event. */
    NewMemo waiting(Wait wait, Optional<Due> until) {
      return new NewMemo(key, kind, type, MemoValue.pending(), 0, until, Optional.of(wait));
    }

    /** Returns what is remembered as it is, to go on waiting for it. */
    NewMemo stillPending(Memo memo) {
      return new NewMemo(
          key,
          kind,
          memo.type(),
          memo.value(),
          memo.tries(),
          memo.until().map(Due.At::new),
          Optional.empty());
    }

    /** Has it remembered, with the next memo, what the id stands for; there is no value. */
    void mark() {
      if (found.isEmpty()) {
        run.later(memo(MARK));
      }
    }

    /** Writes how this part ended, or went on. */
    void write(NewMemo memo) {
      if (run.write(List.of(memo)).get(0) == Verdict.REFUSED) {
        throw run.lost(toString());
      }
    }

    /** Suspends the pass on this part. The caller throws what this returns. */
    PassCourse.Signal suspend(NewMemo memo, String words) {
      run.flush();
      settled = true; // it has not failed
      return course.suspend(Suspension.of(memo, words));
    }

    /** Notes that this use is over, and did not fail. */
    void settled() {
      if (!settled) {
        settled = true;
        if (found.isPresent()) {
          passed(lastEnd, found.get().writtenAt());
        } else {
          passed(entered, frame.storeTime());
        }
      }
    }

    /** Notes that this use is over, and when it was. */
    void settledAt(Instant end) {
      settled = true;
      passed(end, end);
    }

    /** Notes that what follows inside is the branches' own. */
    void branches() {
      branches = true;
    }

    StepFailedException failed(Failure failure) {
      return new StepFailedException(toString(), id, failure, false);
    }

    StepFailedException interrupted(Failure failure) {
      return new StepFailedException(toString(), id, failure, true);
    }

    @Override
    public void close() {
      inside = null;
      if (!settled) {
        failed.add(id);
      }
    }

    @Override
    public String toString() {
      return words(kind, id);
    }
  }
}
