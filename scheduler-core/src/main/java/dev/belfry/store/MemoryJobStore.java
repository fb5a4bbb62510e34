// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.EventId;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store that lives as long as the process. Thread-safe. */
final class MemoryJobStore implements JobStore {
  /*
   * One lock around all, because every call is short: no call looks at more runs than it returns,
   * but for the queries of people. The clock is read inside the lock, so commits have the order of
   * their times. Hints go out after the lock is released; listeners may call the store.
   */
  private static final Logger log = LoggerFactory.getLogger(MemoryJobStore.class);

  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Consumer<? super Hint>> listeners = new CopyOnWriteArrayList<>();
  private final MemoryLanes lanes = new MemoryLanes();
  private final MemoryNodes nodes = new MemoryNodes();
  private final MemoryRuns runs = new MemoryRuns();
  private final MemorySubscriptions subscriptions = new MemorySubscriptions();
  private final MemoryHistory history = new MemoryHistory(subscriptions);
  private final MemoryEvents events = new MemoryEvents(history);
  private final MemoryWaits waits = new MemoryWaits(events);
  private final MemoryMemos memos = new MemoryMemos(runs, waits);
  private final MemoryLimits limits = new MemoryLimits();
  private final MemoryLife life = new MemoryLife(runs, lanes, nodes, history, memos, limits);
  private final MemorySchedules schedules = new MemorySchedules(lanes, runs, life);
  private final MemoryAmendments amendments = new MemoryAmendments(life, schedules);
  private final MemoryGroups groups = new MemoryGroups(runs, life, history);
  private final MemoryInbox inbox = new MemoryInbox(history, life, schedules, groups);
  private final MemoryRecords records =
      new MemoryRecords(
          new MemoryRecords.Calls() {
            @Override
            public <T> T commit(Function<? super Commit, ? extends T> work) {
              return MemoryJobStore.this.commit(work);
            }
          });

  /** A store has a clock of its own, as a database has: it alone decides what is due. */
  static MemoryJobStore onSystemClock() {
    return new MemoryJobStore(InstantSource.system());
  }

  MemoryJobStore(InstantSource clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  private <T> T commit(Function<? super Commit, ? extends T> work) {
    Commit commit;
    T result;
    lock.lock();
    try {
      commit = new Commit(Commit.micros(clock.instant()));
      result = work.apply(commit);
    } finally {
      lock.unlock();
    }
    commit.hint().ifPresent(this::tell);
    return result;
  }

  private void tell(Hint hint) {
    for (var listener : listeners) {
      try {
        listener.accept(hint);
      } catch (RuntimeException e) { // what was committed is committed
        log.warn("a listener for hints failed", e);
      }
    }
  }

  @Override
  public StoreInfo open() {
    return commit(commit -> new StoreInfo("in-memory store", 0, false, 0));
  }

  @Override
  public Instant now() {
    return commit(Commit::now);
  }

  // Nodes

  @Override
  public NodeId join(NodeCard card, Duration lease) {
    return commit(commit -> nodes.join(card, lease, commit.now()));
  }

  @Override
  public Lease renew(NodeId node, Duration lease) {
    return commit(commit -> nodes.renew(node, lease, commit.now()));
  }

  @Override
  public List<RunId> reap(NodeId by, Duration lease, int limit) {
    return commit(
        commit -> {
          var lost = nodes.bury(by, lease, limit, commit.now());
          lost.forEach(run -> life.lose(run, commit));
          return lost.stream().map(run -> run.id).toList();
        });
  }

  @Override
  public List<Claimed> heldBy(NodeId node) {
    return commit(commit -> life.heldBy(node));
  }

  @Override
  public boolean leave(NodeId node) {
    return commit(commit -> nodes.leave(node));
  }

  @Override
  public List<NodeInfo> nodes() {
    return commit(commit -> nodes.living());
  }

  // What rarely changes

  @Override
  public Catalog declare(List<Declaration> declarations) {
    return commit(
        commit -> {
          for (var declaration : declarations) {
            lanes.declare(declaration, commit);
            limits.declare(declaration.limits(), commit);
            subscriptions.declare(declaration);
            for (var schedule : declaration.schedules()) {
              schedules.declare(declaration.job(), schedule, commit);
            }
          }
          return lanes.catalog();
        });
  }

  @Override
  public Catalog catalog() {
    return commit(commit -> lanes.catalog());
  }

  @Override
  public Catalog pause(List<PauseChange> changes) {
    return commit(
        commit -> {
          changes.forEach(change -> lanes.pause(change, commit));
          return lanes.catalog();
        });
  }

  // Runs

  @Override
  public List<Accepted> insert(List<NewRun> newRuns) {
    return commit(commit -> life.insert(newRuns, commit));
  }

  @Override
  public List<Accepted> insert(List<NewRun> newRuns, StoreTransaction in) {
    throw noTransactions("enqueue");
  }

  @Override
  public List<Accepted> insert(NewGroup group) {
    return commit(commit -> groups.insert(group, commit));
  }

  @Override
  public List<Accepted> insert(NewGroup group, StoreTransaction in) {
    throw noTransactions("enqueue");
  }

  @Override
  public <C, X extends Exception> Verdict transact(
      NodeId node, Class<C> resource, TransactionCall<? super C, MemoWrite, X> work) {
    throw new StoreException(
        StoreException.Kind.PERMANENT,
        "the in-memory store has no transactions; ctx.transaction needs a database store",
        null);
  }

  private static StoreException noTransactions(String what) {
    return new StoreException(
        StoreException.Kind.PERMANENT,
        "the in-memory store has no transactions to join; "
            + what
            + " without one, or use a database store",
        null);
  }

  @Override
  public Exchanged exchange(NodeId node, List<Outcome> outcomes, List<Demand> demands) {
    return commit(
        commit -> {
          var verdicts = new ArrayList<Verdict>(outcomes.size());
          for (var outcome : outcomes) {
            verdicts.add(life.write(node, outcome, commit));
          }
          var holder = nodes.get(node);
          var claimed = new ArrayList<Claimed>();
          if (holder != null && !holder.isDead()) {
            demands.forEach(demand -> life.claim(holder, demand, claimed, commit));
          }
          return new Exchanged(
              verdicts,
              claimed,
              demands.isEmpty() ? Map.of() : life.nextDue(demands),
              commit.now(),
              holder == null ? Map.of() : holder.cancels(),
              lanes.version(),
              history.hasInbox());
        });
  }

  @Override
  public List<Verdict> amend(List<Amendment> changes) {
    return commit(
        commit -> changes.stream().map(change -> amendments.amend(change, commit)).toList());
  }

  // Memos

  @Override
  public Map<RunId, List<Memo>> memos(Collection<RunId> ids) {
    return commit(commit -> memos.read(ids));
  }

  @Override
  public List<Verdict> record(NodeId node, List<MemoWrite> writes) {
    return commit(
        commit -> writes.stream().map(write -> memos.record(node, write, commit)).toList());
  }

  @Override
  public List<WaitHit> lookBack(List<LookBack> questions, int limit) {
    return commit(
        commit ->
            questions.stream()
                .flatMap(asked -> waits.lookBack(runs.get(asked.run()), asked, limit).stream())
                .toList());
  }

  // Schedules

  @Override
  public DueTicks dueTicks(Set<String> jobs, Set<String> declared, int limit) {
    return commit(commit -> schedules.due(jobs, declared, limit, commit.now()));
  }

  @Override
  public List<Verdict> fire(List<Firing> firings) {
    return commit(
        commit -> firings.stream().map(firing -> schedules.fire(firing, commit)).toList());
  }

  @Override
  public Page<ScheduleRow> schedules(Optional<String> afterId, int limit) {
    return commit(commit -> schedules.rows(afterId, limit));
  }

  @Override
  public Optional<ScheduleRow> schedule(String id) {
    return commit(commit -> schedules.row(id));
  }

  @Override
  public List<ScheduleRow> schedulesOf(String job, int limit) {
    return commit(commit -> schedules.rowsOf(job, limit));
  }

  // Events and inbox

  @Override
  public void send(List<NewEvent> newEvents) {
    commit(
        commit -> {
          events.send(newEvents, commit);
          return true;
        });
  }

  @Override
  public void send(List<NewEvent> newEvents, StoreTransaction in) {
    throw noTransactions("send");
  }

  @Override
  public List<OpenWait> openWaits(
      String event, Optional<String> key, Optional<OpenWait> after, int limit) {
    return commit(commit -> waits.find(event, key, after, limit));
  }

  @Override
  public List<InboxEntry> inbox(int limit) {
    return commit(commit -> inbox.read(limit));
  }

  @Override
  public Map<String, Set<String>> subscribers(Set<String> names) {
    return commit(commit -> subscriptions.of(names));
  }

  @Override
  public List<SentEvent> events(Collection<EventId> ids) {
    return commit(
        commit ->
            new LinkedHashSet<>(ids)
                .stream().flatMap(id -> Optional.ofNullable(events.get(id)).stream()).toList());
  }

  @Override
  public List<Verdict> deliver(List<Delivery> deliveries) {
    return commit(commit -> deliveries.stream().map(d -> inbox.deliver(d, commit)).toList());
  }

  // Reading

  @Override
  public Page<RunRecord> runs(RunQuery query) {
    return commit(
        commit -> {
          var found = runs.find(query, query.limit() + 1);
          return Page.of(found.stream().map(MemoryRun::toRecord).toList(), query.limit());
        });
  }

  @Override
  public List<RunRecord> runs(Collection<RunId> ids) {
    return commit(
        commit ->
            new LinkedHashSet<>(ids)
                .stream()
                    .flatMap(id -> Optional.ofNullable(runs.get(id)).stream())
                    .map(MemoryRun::toRecord)
                    .toList());
  }

  @Override
  public List<Pass> passes(RunId id) {
    return commit(
        commit -> Optional.ofNullable(runs.get(id)).map(MemoryRun::passes).orElse(List.of()));
  }

  @Override
  public LedgerPage ledger(LedgerQuery query) {
    return commit(commit -> history.ledger(query, commit.now()));
  }

  @Override
  public Optional<Gathered> gathered(RunId run) {
    return commit(commit -> life.gathered(run));
  }

  @Override
  public Optional<Instant> nextDue(String job) {
    return commit(commit -> lanes.nextDue(job));
  }

  @Override
  public List<PendingCount> pending() {
    return commit(commit -> runs.pending());
  }

  @Override
  public List<Rollup> rollups(RollupQuery query) {
    return commit(commit -> history.rollups(query));
  }

  @Override
  public Records records() {
    return records;
  }

  // Upkeep

  @Override
  public Purged purge(Retention retention, int limit) {
    return commit(
        commit -> {
          var longest =
              retention.ended().compareTo(retention.failed()) > 0
                  ? retention.ended()
                  : retention.failed();
          schedules.purge(commit.now().minus(longest), limit);
          nodes.purge();
          records.purge(commit.now());
          limits.fillAll(commit);
          events.purge(commit.now().minus(retention.events()));
          int purged = life.purge(retention, limit, commit.now());
          return new Purged(purged, purged == limit);
        });
  }

  @Override
  public Subscription onHint(Consumer<? super Hint> listener) {
    Consumer<Hint> own = hint -> listener.accept(hint); // so that one may be added twice
    listeners.add(own);
    return () -> listeners.remove(own);
  }

  /** Nothing to free: the store lives as long as somebody refers to it. */
  @Override
  public void close() {}
}
