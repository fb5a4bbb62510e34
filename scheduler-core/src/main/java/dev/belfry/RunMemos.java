// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.retry.NonRetryableException;
import dev.belfry.run.RunId;
import dev.belfry.run.Status;
import dev.belfry.store.Memo;
import dev.belfry.store.MemoKey;
import dev.belfry.store.MemoKind;
import dev.belfry.store.MemoValue;
import dev.belfry.store.MemoWrite;
import dev.belfry.store.NewMemo;
import dev.belfry.store.Payload;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import dev.belfry.store.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All memos of a run, as one pass knows and writes them. Thread-safe: branches share them. */
final class RunMemos {
  /*
   * All memos are read at once, at the first part that asks, and not at all by the first pass ever:
   * a fence of 1 means that nobody held the run before. If that misses one nevertheless, the store
   * refuses the memo of the part, and whoever wrote it reads again.
   *
   * A memo that may be written later goes with the next one: until then nothing is stored that
   * could depend on it.
   */
  static final int MOST_STEPS = 1_000;
  static final long MOST_BYTES = 32L * 1024 * 1024;
  private static final int WARN_PERCENT = 80;
  private static final Logger log = LoggerFactory.getLogger(JobContext.class);

  private final PassFrame frame;
  private final PassCourse course;
  private final Set<MemoKey> met = new HashSet<>(); // guarded by this, as all that follows
  private final Set<MemoKey> steps = new HashSet<>();
  private final List<NewMemo> later = new ArrayList<>();
  private @Nullable Map<MemoKey, Memo> known; // null: not read yet
  private long bytes;
  private boolean warned;

  RunMemos(PassFrame frame, PassCourse course) {
    this.frame = frame;
    this.course = course;
  }

  private RunId run() {
    return frame.claim().id();
  }

  // What is there

  /** Returns what is remembered of a part. */
  synchronized Optional<Memo> find(MemoKey key) {
    met.add(key);
    frame.watch().met(key);
    return Optional.ofNullable(known().get(key));
  }

  /** Returns the result that is remembered of a part, if there is one. */
  Optional<Payload> result(MemoKey key) {
    return find(key)
        .map(Memo::value)
        .filter(MemoValue.Result.class::isInstance)
        .map(value -> ((MemoValue.Result) value).payload());
  }

  /** Returns what is remembered of a part, without taking it for one that the code still has. */
  synchronized Optional<Memo> peek(MemoKey key) {
    return Optional.ofNullable(known().get(key));
  }

  /** Reads from the store once more what is remembered of a part. */
  synchronized Optional<Memo> findAgain(MemoKey key) {
    known = read();
    return find(key);
  }

  private Map<MemoKey, Memo> known() {
    Map<MemoKey, Memo> read = known;
    if (read == null) {
      read = frame.claim().fence() > 1 ? read() : Map.of();
      known = read;
      for (Memo memo : read.values()) {
        bytes += size(memo.value());
        if (isStep(memo.key(), memo.kind())) {
          steps.add(memo.key());
        }
      }
    }
    return read;
  }

  private Map<MemoKey, Memo> read() {
    var read = new HashMap<MemoKey, Memo>();
    for (Memo memo : frame.store().memos(List.of(run())).getOrDefault(run(), List.of())) {
      read.put(memo.key(), memo);
    }
    return read;
  }

  /** Returns whether an earlier pass has met parts in a scope that this one has not met yet. */
  synchronized boolean isBehind(String scope) {
    return known().values().stream()
        .filter(memo -> memo.kind() != MemoKind.PROGRESS)
        .map(Memo::key)
        .anyMatch(key -> !met.contains(key) && MemoScopes.isWithin(key.scope(), scope));
  }

  /** Returns the parts that the code does not have any more, if it has been through. */
  synchronized Collection<MemoKey> unmet() {
    if (known == null) {
      return List.of();
    }
    return known.values().stream()
        .filter(memo -> isStep(memo.key(), memo.kind()) && !met.contains(memo.key()))
        .map(Memo::key)
        .sorted()
        .toList();
  }

  // Limits

  private static boolean isStep(MemoKey key, MemoKind kind) {
    return kind != MemoKind.MAP_ITEM && !MemoScopes.isOwn(key.scope());
  }

  /** Counts a part that is about to begin, or refuses it. */
  synchronized void count(MemoKey key, MemoKind kind) {
    known();
    if (!isStep(key, kind) || !steps.add(key)) {
      return;
    }
    if (steps.size() > MOST_STEPS) {
      throw new NonRetryableException(
          "\""
              + key.id()
              + "\" would be step "
              + steps.size()
              + " of run "
              + run()
              + "; at most "
              + MOST_STEPS
              + " are kept. Use ctx.map for many items of a kind, or runs of their own"
              + " by ctx.invoke and ctx.enqueue");
    }
    warn(steps.size() * 100L / MOST_STEPS, steps.size() + " of " + MOST_STEPS + " steps");
  }

  private void countBytes(NewMemo memo) {
    bytes += size(memo.value());
    if (bytes > MOST_BYTES) {
      throw new NonRetryableException(
          "with the result of \""
              + memo.key().id()
              + "\" the steps of run "
              + run()
              + " would have "
              + bytes
              + " bytes; at most "
              + MOST_BYTES
              + " are kept. Keep large data elsewhere and"
              + " return a reference to it, or split the work into runs of their own by ctx.invoke"
              + " and ctx.enqueue");
    }
    warn(bytes * 100 / MOST_BYTES, bytes + " of " + MOST_BYTES + " bytes");
  }

  private void warn(long percent, String words) {
    if (percent >= WARN_PERCENT && !warned) {
      warned = true;
      log.warn("run {} of job {} has {}", run(), frame.claim().job(), words);
    }
  }

  private static int size(MemoValue value) {
    if (value instanceof MemoValue.Result result) {
      return result.payload().size();
    }
    return value instanceof MemoValue.Received received ? received.payload().size() : 0;
  }

  // What is written

  /** Has a memo written with the next one, or not at all if none comes. */
  synchronized void later(NewMemo memo) {
    countBytes(memo);
    later.add(memo);
  }

  /** Writes what is to be written before the pass is suspended. */
  void flush() {
    write(List.of());
  }

  /**
   * Writes memos, and those that were to be written later before them.
   *
   * @return what became of each
   * @throws StoreException if the store does not take them; then the pass can't go on
   */
  List<Verdict> write(List<NewMemo> memos) {
    var all = new ArrayList<NewMemo>();
    synchronized (this) {
      memos.forEach(this::countBytes);
      all.addAll(later);
      later.clear();
    }
    int before = all.size();
    all.addAll(memos);
    if (all.isEmpty()) {
      return List.of();
    }
    List<Verdict> verdicts = tryToWrite(all);
    if (verdicts.subList(0, before).contains(Verdict.REFUSED)) {
      throw lost("what it had drawn");
    }
    return verdicts.subList(before, all.size());
  }

  private List<Verdict> tryToWrite(List<NewMemo> memos) {
    List<MemoWrite> writes =
        memos.stream().map(memo -> new MemoWrite(run(), frame.claim().fence(), memo)).toList();
    var pauses = new PassPauses(frame.host());
    while (true) {
      try {
        return frame.writer().write(frame.node(), writes);
      } catch (StoreException e) { // it may be repeated, whatever became of it
        boolean hopeless = e.kind() == Kind.PERMANENT || !frame.leaseHeld().getAsBoolean();
        if (hopeless || !pauses.next()) {
          course.breakOff(e);
          throw e;
        }
      }
    }
  }

  /** Returns whether this pass still holds the run. */
  boolean isHeld() {
    return frame.store().runs(List.of(run())).stream()
        .anyMatch(
            found ->
                found.fence() == frame.claim().fence() && found.run().status() == Status.RUNNING);
  }

  /** Breaks the pass off, as the run is another's. The caller throws what this returns. */
  IllegalStateException lost(String what) {
    var lost =
        new IllegalStateException(
            "run "
                + run()
                + " is no longer this pass's: it was taken over or moved. Nothing of "
                + what
                + " was kept");
    course.breakOff(lost);
    return lost;
  }
}
