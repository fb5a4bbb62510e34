// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.EventId;
import dev.belfry.store.JobStore;
import dev.belfry.store.StoreTransaction;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes runs and events. It only inserts, so it can be part of a caller's transaction.
 *
 * <p>When a method returns, the run is kept as safely as the store keeps anything. When it throws a
 * {@link dev.belfry.store.StoreException} of kind UNKNOWN, the run may have been kept or not; use
 * {@link EnqueueOptions#withUnique} where a second one would do harm. An input that can't be
 * encoded, or is larger than 1 MiB, is refused with the job, the size and the limit.
 */
public interface Enqueuer {
  /**
   * Returns an enqueuer that inserts in a transaction of the caller: its runs exist if and only if
   * the caller commits. It never commits, rolls back, or locks a row that exists. Runs are started
   * at the next poll after the commit, or after {@link Scheduler#wake()}. {@code
   * JdbcJobStore.within(connection)} is the usual way to get one.
   *
   * <p>Its handles know nothing of the commit: before it, {@link RunHandle#await} finds no run and
   * waits until its time is over.
   *
   * @param store the store that the transaction belongs to, opened before
   */
  static Enqueuer within(JobStore store, StoreTransaction transaction) {
    return Client.within(store, transaction);
  }

  /** Enqueues a run of a job without input, due now. */
  RunHandle enqueue(Job<@Nullable Void> job);

  /** Enqueues a run, due now. */
  <I extends @Nullable Object> RunHandle enqueue(Job<I> job, I input);

  /** Enqueues a run whose result is of interest, due now. */
  <I extends @Nullable Object, O extends @Nullable Object> ResultHandle<O> enqueue(
      ResultJob<I, O> job, I input);

  /**
   * Enqueues a run.
   *
   * @throws dev.belfry.run.KeyHeldException if its unique key is held and it is to be rejected then
   */
  <I extends @Nullable Object> RunHandle enqueue(Job<I> job, I input, EnqueueOptions options);

  /**
   * Enqueues a run whose result is of interest.
   *
   * @throws dev.belfry.run.KeyHeldException if its unique key is held and it is to be rejected then
   */
  <I extends @Nullable Object, O extends @Nullable Object> ResultHandle<O> enqueue(
      ResultJob<I, O> job, I input, EnqueueOptions options);

  /**
   * Enqueues a run for each input, due now, in batches of 1,000: all of a batch, or none of it. In
   * a caller's transaction it is one batch.
   *
   * @return a handle for each input, in order
   */
  <I extends @Nullable Object> List<RunHandle> enqueueAll(
      Job<I> job, Collection<? extends I> inputs);

  /**
   * Enqueues a group of runs, due now, and what comes after the last of them: all in one commit, or
   * nothing.
   */
  GroupHandle enqueueGroup(RunGroup group);

  /**
   * Sends an event: each job that subscribes to its type gets a run, and each run that waits for it
   * goes on. It is kept for 7 days, for waits that begin later.
   *
   * @return its id
   */
  <E> EventId send(EventType<E> type, E data);

  /**
   * Sends an event with an id that the caller has made. One that is sent again while it is kept is
   * the same event, and starts nothing.
   */
  <E> EventId send(EventType<E> type, E data, EventId id);

  /**
   * Sends events in batches of 1,000: all of a batch, or none of it. In a caller's transaction it
   * is one batch.
   *
   * @return their ids, in order
   */
  <E> List<EventId> sendAll(EventType<E> type, Collection<? extends E> data);
}
