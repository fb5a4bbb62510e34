// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.RunId;
import dev.belfry.run.Trigger;
import dev.belfry.run.TypeRef;
import dev.belfry.store.TransactionCall;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run, as its handler sees it during one pass. For the handler's thread only: calls from another
 * thread and calls after the pass throw {@link IllegalStateException}, except {@link #cancelled()}
 * and {@link #leaseHeld()}, which any thread may ask.
 */
public interface JobContext {
  /** Returns the id of the run. */
  RunId runId();

  /** Returns the name of the job. */
  String job();

  /** Returns which attempt this is, from 1. */
  int attempt();

  /**
   * Returns a number that grows with every claim of the run. Hand it to resources that can refuse
   * writes with an older one; then a body that outlived its lease does no harm there.
   */
  long fence();

  /**
   * Returns a key that stays the same over all attempts of the run. Hand it to services that do
   * something once per key.
   */
  String idempotencyKey();

  /** Returns the due time of this start; for a run of a schedule, the tick that it stands for. */
  Instant dueAt();

  /** Returns what started the run. */
  Trigger trigger();

  /** Returns the run's labels. */
  List<String> tags();

  /**
   * Counts items that this pass processed; calls add up. A run that completes with failed items is
   * a partial success.
   *
   * @param succeeded not negative
   * @param failed not negative
   */
  void items(long succeeded, long failed);

  /**
   * Keeps a note with the run; a later note of the same key replaces it.
   *
   * @param key at most 100 characters
   * @param value cut at 1,000 characters
   * @throws IllegalStateException if the pass has 100 notes already
   */
  void note(String key, String value);

  /**
   * Keeps a line with the run, with the time since the start of the pass. At most 64 KiB a pass;
   * what is more is dropped and the log says so.
   */
  void log(String line);

  /**
   * Does something in the store's database exactly once for this run. The rows that the body writes
   * and the memo that it is done are committed together, if this pass still holds the run; later
   * passes of the run find the memo and do not call the body again.
   *
   * <pre>{@code
   * ctx.transaction("book", Connection.class, connection -> ledger.book(connection, order));
   * }</pre>
   *
   * <p>A body that throws is rolled back; what it threw comes out of this method. The body neither
   * commits, rolls back nor closes: it is one transaction at READ COMMITTED, on a connection of the
   * store, and its end is not its own. It may enqueue by {@code store.within(connection)}; by the
   * scheduler it would need a second connection while it holds one. It should be short: it holds a
   * connection, and for an H2 file the right to write, of all that the node does.
   *
   * @param id names this part of the run, 1 to 200 characters. Its n-th use in a pass stands for
   *     the n-th in the others; after one that failed the pass can't use it again
   * @param resource what the body works with: {@code java.sql.Connection} for a {@code
   *     JdbcJobStore}
   * @throws X what the body throws
   * @throws IllegalStateException if the run was taken over meanwhile, so that nothing was kept; if
   *     called inside of another transaction; or if the id stood for something else in an earlier
   *     pass
   * @throws dev.belfry.store.StoreException if the store has no transactions, or it failed. After
   *     one of kind UNKNOWN the pass can't go on; the next one finds out
   */
  <C, X extends Exception> void transaction(
      String id, Class<C> resource, TransactionBody<? super C, X> body) throws X;

  /**
   * As {@link #transaction(String, Class, TransactionBody)}, with a value, which is kept in the
   * memo and comes back as it is decoded from there, from the first pass on.
   *
   * @param type the type of the value, which is encoded as results are, at most 1 MiB
   */
  <C, T extends @Nullable Object, X extends Exception> T transaction(
      String id, Class<T> type, Class<C> resource, TransactionCall<? super C, ? extends T, X> body)
      throws X;

  /** As {@link #transaction(String, Class, Class, TransactionCall)}, for any type. */
  <C, T extends @Nullable Object, X extends Exception> T transaction(
      String id,
      TypeRef<T> type,
      Class<C> resource,
      TransactionCall<? super C, ? extends T, X> body)
      throws X;

  /** Returns whether the handler should end early: it was cancelled or timed out, or we close. */
  boolean cancelled();

  /** Returns whether this node's lease is valid, so that no other node runs this run too. */
  boolean leaseHeld();
}
