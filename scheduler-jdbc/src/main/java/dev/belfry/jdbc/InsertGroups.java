// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.Accepted;
import dev.belfry.store.NewRun;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Has callers who insert at the same time share a commit. Nobody waits for others to come: a caller
 * who finds a place free goes at once, with all who queue by then. Thread-safe.
 */
final class InsertGroups {
  /*
   * The callers' own threads do it. Two at a time, so that one group is gathered and sent while the
   * other waits for the disk; few callers do not wait for each other at all, as the database joins
   * their commits. If the database refuses a group for good, each goes alone, so that nobody
   * suffers for another's run.
   */
  private static final int LEADERS = 2;
  private static final int FEW = 4; // callers
  private static final int MOST = 500;

  private final Function<List<NewRun>, List<Accepted>> store;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Call> queue = new ArrayDeque<>();
  private int leading;
  private int underWay; // callers whose runs are being inserted

  /**
   * Prepares groups.
   *
   * @param store inserts in one transaction
   */
  InsertGroups(Function<List<NewRun>, List<Accepted>> store) {
    this.store = store;
  }

  /** Returns whether runs are few and plain enough to go with those of others. */
  static boolean takes(List<NewRun> runs) {
    return runs.size() <= MOST / 5 && runs.stream().allMatch(Inserts::isPlain);
  }

  /** Inserts runs, together with those of others perhaps, all or none of each call. */
  List<Accepted> insert(List<NewRun> runs) {
    var mine = new Call(runs, lock.newCondition());
    List<Call> group = join(mine);
    if (!group.isEmpty()) {
      lead(group);
    }
    return mine.alone ? store.apply(runs) : mine.result();
  }

  /** Waits until a call is done, or its caller is to do it, with the others that are returned. */
  private List<Call> join(Call mine) {
    lock.lock();
    try {
      queue.add(mine);
      while (!mine.isDone() && (isFull() || queue.peek() != mine)) {
        mine.changed.awaitUninterruptibly();
      }
      if (mine.isDone()) {
        return List.of();
      }
      leading++;
      return take();
    } finally {
      lock.unlock();
    }
  }

  private boolean isFull() {
    return leading >= LEADERS && underWay >= FEW;
  }

  /** Takes the first calls of the queue, and has the next one look whether it may go, too. */
  private List<Call> take() {
    var group = new ArrayList<Call>();
    int size = 0;
    while (!queue.isEmpty() && (size == 0 || size + queue.peek().runs.size() <= MOST)) {
      Call next = queue.remove();
      size += next.runs.size();
      group.add(next);
    }
    underWay += group.size();
    wakeNext();
    return group;
  }

  private void wakeNext() {
    Call next = queue.peek();
    if (next != null) {
      next.changed.signal();
    }
  }

  private void lead(List<Call> group) {
    List<Accepted> answers = List.of();
    Throwable thrown = null;
    try {
      answers = store.apply(group.stream().flatMap(call -> call.runs.stream()).toList());
    } catch (Throwable e) { // for each of them to throw
      thrown = e;
    }
    boolean refused =
        thrown instanceof StoreException e
            ? e.kind() == Kind.PERMANENT
            : thrown instanceof RuntimeException; // a name that can't be stored, perhaps
    lock.lock();
    try {
      leading--;
      underWay -= group.size();
      int from = 0;
      for (Call call : group) {
        int to = from + call.runs.size();
        call.answers = thrown == null ? List.copyOf(answers.subList(from, to)) : null;
        call.thrown = thrown;
        call.alone = refused && group.size() > 1;
        call.changed.signal();
        from = to;
      }
      wakeNext();
    } finally {
      lock.unlock();
    }
  }

  /** What one caller wants, and what came of it; guarded by the lock until it is done. */
  private static final class Call {
    private final List<NewRun> runs;
    private final Condition changed;
    private @Nullable List<Accepted> answers;
    private @Nullable Throwable thrown;
    private boolean alone;

    Call(List<NewRun> runs, Condition changed) {
      this.runs = runs;
      this.changed = changed;
    }

    boolean isDone() {
      return answers != null || thrown != null;
    }

    List<Accepted> result() {
      List<Accepted> answered = answers;
      if (answered != null) {
        return answered;
      }
      if (thrown instanceof StoreException e) {
        throw new StoreException(e.kind(), String.valueOf(e.getMessage()), e); // with a trace each
      } else if (thrown instanceof RuntimeException e) {
        throw e;
      }
      throw new StoreException(Kind.UNKNOWN, "cannot insert runs: " + thrown, thrown);
    }
  }
}
