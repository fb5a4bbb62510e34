// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.EventId;
import dev.belfry.run.LedgerCursor;
import dev.belfry.run.LedgerPage;
import dev.belfry.run.LedgerQuery;
import dev.belfry.run.NodeId;
import dev.belfry.run.Page;
import dev.belfry.run.Pass;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Keeps runs, schedules, nodes and history. Blocking, thread-safe, in batches.
 *
 * <p>Each call is one short transaction. It returns what was committed, or throws a {@link
 * StoreException} whose kind says what is known; after {@link StoreException.Kind#UNKNOWN} the same
 * call, with the same ids and fences, may be repeated. The store's own clock alone decides what is
 * due, whose lease has ended and which tick has come. Instants have microseconds.
 *
 * <p>A write for a pass is guarded by (run, node, fence). The fence grows with every claim,
 * hand-back, recovery and operator's move of a run, so "was my write applied?" has one answer.
 *
 * <p>{@code JobStoreContract} in the testkit checks these promises for any store.
 */
public interface JobStore extends AutoCloseable {
  /** Returns a store in memory, which lives as long as the object; closing it does nothing. */
  static JobStore inMemory() {
    return MemoryJobStore.onSystemClock();
  }

  /** Returns a store in memory that takes its clock from elsewhere, for tests with virtual time. */
  static JobStore inMemory(InstantSource clock) {
    return new MemoryJobStore(clock);
  }

  /**
   * Makes the store ready, creating or migrating its schema where it has one. May be called again:
   * each opening is ended by a {@link #close()}. A store that only one process can open takes all
   * nodes it finds for dead when that process opens it first.
   *
   * @throws StoreException if the store can't be reached or is newer than this code
   */
  StoreInfo open();

  /** Returns the codec that fits this store best. */
  default Codec codec() {
    return Codec.standard();
  }

  /** Returns the store's clock: not the start of a transaction, and never a node's clock. */
  Instant now();

  // Nodes

  /** Adds a new incarnation of a node, which is never used again after its end. */
  NodeId join(NodeCard card, Duration lease);

  /**
   * Renews the lease of a node. Succeeds, however late, until the node was marked dead; then it is
   * lost for ever.
   */
  Lease renew(NodeId node, Duration lease);

  /**
   * Marks nodes dead whose lease has ended, and frees runs of all dead nodes: their fence grows,
   * their claim counts as an attempt, they are due at once, and their history says LOST. Does
   * nothing unless the lease of {@code by} is valid in this very transaction and has been so
   * without a gap for a full lease.
   *
   * @param limit the most runs to free
   * @return the runs freed; a full {@code limit} means that more may be left
   */
  List<RunId> reap(NodeId by, Duration lease, int limit);

  /** Returns all runs that the store says a node holds, in order of id. */
  List<Claimed> heldBy(NodeId node);

  /**
   * Ends a node, last of all.
   *
   * @return whether it is gone; false while it holds runs
   */
  boolean leave(NodeId node);

  /** Returns the nodes that are not marked dead, in the order in which they joined. */
  List<NodeInfo> nodes();

  // What rarely changes

  /**
   * Tells the store what a node's code says: jobs, lanes, schedules, limits, subscriptions. A
   * default lane is made for each job, and its queue set on all its lanes. A limit has the slots
   * that were declared last; runs that have slots keep them.
   */
  Catalog declare(List<Declaration> declarations);

  /** Returns lanes and pauses. */
  Catalog catalog();

  /** Pauses and resumes; the catalog's version grows if that changes anything. */
  Catalog pause(List<PauseChange> changes);

  // Runs

  /**
   * Inserts runs, all or none; lanes that do not exist are made. A run whose id exists already,
   * also as an ended one, is left as it is and answered as created.
   *
   * @return what became of each, in order
   */
  List<Accepted> insert(List<NewRun> runs);

  /**
   * As {@link #insert(List)}, in the caller's transaction: inserts only, never commits or rolls
   * back, never changes or locks a row that exists. Of a call that throws nothing is left, and the
   * caller may go on with the transaction.
   *
   * @throws StoreException if this store has no transactions for others; of kind RETRY if the whole
   *     transaction is to be done again
   */
  List<Accepted> insert(List<NewRun> runs, StoreTransaction in);

  /**
   * Inserts a group with its runs, all or none, and counts the runs that have not ended. A group
   * without runs makes its inbox entry at once. One whose id, or whose first run, exists already is
   * left as it is.
   *
   * @return what became of each run, in order
   */
  List<Accepted> insert(NewGroup group);

  /**
   * As {@link #insert(NewGroup)}, in the caller's transaction, as {@link #insert(List,
   * StoreTransaction)}.
   *
   * @throws StoreException if this store has no transactions for others; of kind RETRY if the whole
   *     transaction is to be done again
   */
  List<Accepted> insert(NewGroup group, StoreTransaction in);

  /**
   * Writes outcomes and claims runs, in one commit. Claimed are ready, due, unpaused-by-choice-of-
   * lanes runs: for each demand, lane by lane in its order, in a lane by due time, then id, until a
   * quota or the limit is full. A claim adds one to the fence, and one to the attempt if it opens
   * one. A final outcome moves the run to history in the same commit.
   *
   * <p>A run with limits is claimed only if each of them has a free slot, which it takes and gives
   * back when the pass ends, however it ends. One that does not fit is held: put aside, until
   * somebody who frees a slot has the first held run, by due time, then id, go back to its lane in
   * the same commit. A run that is asked to end needs no slot. So a claim may find fewer runs than
   * there are, and whoever purges has held runs go back that were overlooked.
   *
   * <p>Runs of a {@link Limit.Batch} are claimed together, all or none but those that somebody took
   * at this moment, oldest first, and say so. A batch counts as one run against a demand; it is not
   * kept, each of its runs has its outcome. What is left over is due at the end of its wait.
   *
   * @param outcomes sorted as it likes; each guarded by itself
   * @param demands may be empty
   */
  Exchanged exchange(NodeId node, List<Outcome> outcomes, List<Demand> demands);

  /** Applies changes from outside; audit and inbox rows are in the same commit. */
  List<Verdict> amend(List<Amendment> changes);

  // Memos

  /**
   * Returns the memos of runs, pending and ended alike, of each run in the order in which they were
   * last written, then by key. Runs that have none are left out. Memos stay as long as their run
   * and go with its history.
   */
  Map<RunId, List<Memo>> memos(Collection<RunId> runs);

  /**
   * Writes memos, of many runs perhaps, in order; each guarded by itself. A memo is REPEATED if one
   * that says the same is there, and takes the place of a pending one of its kind. It is REFUSED if
   * the run has another holder or fence by now, if its key has another kind or another settled
   * memo, which never changes, or if its event has ended another wait of the run: then read the
   * memos again. A memo that settles a wait closes it.
   */
  List<Verdict> record(NodeId node, List<MemoWrite> writes);

  /**
   * Commits what an application does in one transaction together with a memo of it. Calls the work
   * once, with a resource of the transaction; then, last of all, writes the memo that the work
   * returned, guarded as {@link #record} does; then commits. Locks no row of this store while the
   * work goes on. The work can't end the transaction.
   *
   * <p>After {@link StoreException.Kind#UNKNOWN} the caller finds out by looking for the memo, and
   * does not repeat the call: the work is done if and only if its memo is there.
   *
   * @param resource the type of what the work is called with, for instance {@code
   *     java.sql.Connection}
   * @return APPLIED if all of it is committed; else what {@code record} would have answered, and
   *     nothing is kept, be it because the same memo was there (REPEATED) or because the run has
   *     another holder or fence by now, or its key another memo (REFUSED)
   * @throws X what the work throws; nothing is kept then
   * @throws IllegalArgumentException if this store has no such resource
   * @throws StoreException if this store has no transactions for others
   */
  <C, X extends Exception> Verdict transact(
      NodeId node, Class<C> resource, TransactionCall<? super C, MemoWrite, X> work) throws X;

  /**
   * Returns events that could end open waits, for each question in the order of their sending, at
   * most {@code limit}. Sees all that was committed before the call. A wait must be committed
   * before it is looked back for, in another call: then an event is found here, or the wait is
   * found by whoever delivers the event, or both; whichever settles the memo first has ended it.
   */
  List<WaitHit> lookBack(List<LookBack> questions, int limit);

  // Schedules

  /**
   * Returns schedules whose tick has come, that are not paused and not parked, of jobs in {@code
   * jobs}; of those declared in code only the ids in {@code declared}.
   */
  DueTicks dueTicks(Set<String> jobs, Set<String> declared, int limit);

  /** Fires ticks, each guarded by itself. */
  List<Verdict> fire(List<Firing> firings);

  /** Returns schedules in order of id, those after {@code afterId} if that is given. */
  Page<ScheduleRow> schedules(Optional<String> afterId, int limit);

  /** Returns the schedules of a job, in order of id; at most {@code limit}. */
  List<ScheduleRow> schedulesOf(String job, int limit);

  /** Returns a schedule, unless it is unknown or deleted. */
  Optional<ScheduleRow> schedule(String id);

  // Events and inbox

  /**
   * Sends events, all or none: keeps them, and enters them in the inbox. Looks at nothing else. One
   * whose id is known is left as it is.
   */
  void send(List<NewEvent> events);

  /**
   * As {@link #send(List)}, in the caller's transaction: inserts only, never commits or rolls back.
   *
   * @throws StoreException if this store has no transactions for others
   */
  void send(List<NewEvent> events, StoreTransaction in);

  /**
   * Returns open waits of pending runs that an event of this name and key could end, and what has
   * it cancel runs, see {@link CancelOn}: those for the key, and those for any; in order of run,
   * then key.
   *
   * @param after the wait after which the list goes on
   */
  List<OpenWait> openWaits(String event, Optional<String> key, Optional<OpenWait> after, int limit);

  /** Returns committed entries, oldest first. */
  List<InboxEntry> inbox(int limit);

  /**
   * Returns the jobs that subscribe to events, by the name of the event; those that nobody
   * subscribes to are left out. Asked after the inbox was read, it knows all subscriptions that are
   * older than an event there.
   */
  Map<String, Set<String>> subscribers(Set<String> events);

  /** Returns events by id, in no order; those that are unknown or were deleted are left out. */
  List<SentEvent> events(Collection<EventId> ids);

  /** Delivers entries, each with all its effects or, if somebody else did, without. */
  List<Verdict> deliver(List<Delivery> deliveries);

  // Reading

  /** Returns runs, newest first, pending and ended alike. */
  Page<RunRecord> runs(RunQuery query);

  /** Returns runs by id, in no order; those that are unknown are left out. */
  List<RunRecord> runs(Collection<RunId> ids);

  /** Returns the ended passes of a run, in order of fence. */
  List<Pass> passes(RunId run);

  /**
   * Returns a page of the ledger: ended passes of kept runs, in the order of {@link LedgerCursor}.
   * Looks at no more rows than the limit, whatever the query filters.
   */
  LedgerPage ledger(LedgerQuery query);

  /** Returns what a run is gathered with for its next batch, if it is. */
  Optional<Gathered> gathered(RunId run);

  /** Returns the earliest due time of the ready runs of a job. */
  Optional<Instant> nextDue(String job);

  /**
   * Returns how many runs have not ended, by job and state, in order of both. Looks at each of
   * them: ask seldom where there may be a million.
   */
  List<PendingCount> pending();

  /** Returns what ended of some jobs, by job and part of time, in order of both. */
  List<Rollup> rollups(RollupQuery query);

  // Rows of other modules

  /** Returns the records of other modules in this store. */
  Records records();

  // Upkeep

  /**
   * Deletes history, payloads, memos, events, ticks, keys, records, statistics and dead nodes that
   * are past their time, in one batch of bounded size and time. What belongs to a run goes before
   * its history does.
   *
   * @param limit the most ended runs to delete
   */
  Purged purge(Retention retention, int limit);

  /** Adds somebody who wants to hear of new work; called after commits, on any thread. */
  Subscription onHint(Consumer<? super Hint> listener);

  /**
   * Ends an opening. The last one frees what the store itself has made; a {@code DataSource} handed
   * in is never closed. The store may be opened again.
   */
  @Override
  void close();

  /** Ends what {@link #onHint} began. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
