// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.host.Host;
import dev.belfry.run.NodeId;
import dev.belfry.store.JobStore;
import dev.belfry.store.MemoWrite;
import dev.belfry.store.StoreException;
import dev.belfry.store.StoreException.Kind;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Writes memos of a node's runs; what comes at once shares a commit. Thread-safe. */
final class MemoWriter {
  /*
   * Whoever finds nobody writing leads: it takes all that waits, its own first, and writes it. At the
   * end it hands the lead to the first of those who came meanwhile. So nobody waits for others to
   * come, and one thread alone needs no other.
   */
  private static final int MOST = 500;
  private static final Duration LONG = Duration.ofDays(1);

  private final Host host;
  private final JobStore store;
  private final Deque<Request> waiting = new ArrayDeque<>(); // guarded by this
  private boolean led; // guarded by this

  MemoWriter(Host host, JobStore store) {
    this.host = host;
    this.store = store;
  }

  /**
   * Writes memos, in one commit if the store takes them.
   *
   * @throws StoreException if that failed
   */
  List<Verdict> write(NodeId node, List<MemoWrite> writes) {
    var mine = new Request(node, writes);
    if (!join(mine)) {
      await(mine);
    }
    if (!mine.isAnswered()) {
      lead();
    }
    return mine.answer();
  }

  /** Returns whether the caller leads. */
  private synchronized boolean join(Request mine) {
    waiting.add(mine);
    boolean leads = !led;
    led = true;
    return leads;
  }

  private void await(Request mine) {
    boolean interrupted = false;
    while (!mine.turn.isDone()) {
      try {
        host.await(mine.turn, LONG);
      } catch (InterruptedException e) {
        interrupted = true; // what has happened is to be remembered first
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void lead() {
    List<Request> batch = take();
    try {
      write(batch);
    } finally {
      batch.forEach(request -> request.turn.complete(null));
      handOver();
    }
  }

  private synchronized List<Request> take() {
    var batch = new ArrayList<Request>();
    NodeId node = requireNonNull(waiting.peek(), "who leads has a request").node;
    int writes = 0;
    for (Request next = waiting.peek(); next != null; next = waiting.peek()) {
      writes += next.writes.size();
      boolean fits = batch.isEmpty() || (writes <= MOST && next.node.equals(node));
      if (!fits) {
        break;
      }
      batch.add(waiting.remove());
    }
    return batch;
  }

  private synchronized void handOver() {
    Request next = waiting.peek();
    led = next != null;
    if (next != null) {
      next.turn.complete(null);
    }
  }

  private void write(List<Request> batch) {
    try {
      writeAll(batch);
    } catch (RuntimeException | Error thrown) {
      RuntimeException failed =
          thrown instanceof RuntimeException e
              ? e
              : new StoreException(Kind.UNKNOWN, "writing memos died of " + thrown, thrown);
      boolean apart =
          batch.size() > 1 && failed instanceof StoreException e && e.kind() == Kind.PERMANENT;
      if (apart) { // one of them is to blame, the others are not
        batch.forEach(request -> write(List.of(request)));
      } else {
        batch.forEach(request -> request.failed = failed);
      }
    }
  }

  private void writeAll(List<Request> batch) {
    var writes = new ArrayList<MemoWrite>();
    batch.forEach(request -> writes.addAll(request.writes));
    List<Verdict> verdicts = store.record(batch.get(0).node, writes);
    int from = 0;
    for (Request request : batch) {
      int to = from + request.writes.size();
      request.verdicts = List.copyOf(verdicts.subList(from, to));
      from = to;
    }
  }

  /** What somebody wants written. Its answer is set before its turn is over. */
  private static final class Request {
    private final NodeId node;
    private final List<MemoWrite> writes;
    private final CompletableFuture<@Nullable Void> turn = new CompletableFuture<>();
    private volatile @Nullable List<Verdict> verdicts;
    private volatile @Nullable RuntimeException failed;

    Request(NodeId node, List<MemoWrite> writes) {
      this.node = node;
      this.writes = writes;
    }

    boolean isAnswered() {
      return verdicts != null || failed != null;
    }

    List<Verdict> answer() {
      RuntimeException thrown = failed;
      if (thrown instanceof StoreException shared) { // each caller's own, with its own stack
        throw new StoreException(shared.kind(), String.valueOf(shared.getMessage()), shared);
      } else if (thrown != null) {
        throw thrown;
      }
      return requireNonNull(verdicts, "a request is answered or has failed");
    }
  }
}
