// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import dev.belfry.run.EventId;
import dev.belfry.run.LedgerCursor;
import dev.belfry.run.LedgerPage;
import dev.belfry.run.LedgerQuery;
import dev.belfry.run.LedgerRow;
import dev.belfry.run.Page;
import dev.belfry.run.Part;
import dev.belfry.run.Pass;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunQuery;
import dev.belfry.run.Target;
import dev.belfry.run.Trigger;
import dev.belfry.schedule.ClockChange;
import dev.belfry.store.Accepted;
import dev.belfry.store.Amendment;
import dev.belfry.store.Catalog;
import dev.belfry.store.Due;
import dev.belfry.store.JobStore;
import dev.belfry.store.NewEvent;
import dev.belfry.store.NewGroup;
import dev.belfry.store.NewRun;
import dev.belfry.store.PauseChange;
import dev.belfry.store.RunRecord;
import dev.belfry.store.StoreTransaction;
import dev.belfry.store.Verdict;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The client, with a node beside it or without. Thread-safe. */
class Client implements SchedulerClient {
  private static final int BATCH = 1_000;

  private final JobStore store;
  private final Jobs jobs;
  private final Payloads payloads;
  private final Optional<Node> node;
  private final RunIds ids;
  private final Handles handles;
  private final Inserts inserts;
  private final Schedules schedules;
  private final Alerts alerts;

  Client(JobStore store, Jobs jobs, Payloads payloads, Host host, RunIds ids, Optional<Node> node) {
    this.store = store;
    this.jobs = jobs;
    this.payloads = payloads;
    this.node = node;
    this.ids = ids;
    this.handles = new Handles(host, store, payloads, node);
    this.alerts = new Silences(store);
    this.inserts =
        new Inserts(
            payloads,
            ids,
            handles,
            BATCH,
            runs -> store.insert(checkKnown(runs)),
            this::insert,
            this::send);
    this.schedules = new StoredSchedules(store, jobs, payloads, ids, handles, this::warn);
  }

  private void warn(String schedule, ClockChange change) {
    node.ifPresent(present -> present.warn(schedule, change));
  }

  /** The host of all that enqueue without a node: it is asked for ids and never starts a thread. */
  private static final class NoNode {
    static final Host HOST = Host.threads("client", false);
    static final RunIds IDS = new RunIds(HOST);
  }

  /** Returns an enqueuer in a caller's transaction. */
  static Enqueuer within(JobStore store, StoreTransaction transaction) {
    var payloads = new Payloads(store.codec());
    return new Inserts(
        payloads,
        NoNode.IDS,
        new Handles(NoNode.HOST, store, payloads, Optional.empty()),
        Integer.MAX_VALUE, // all of a call in one, as it may be a transaction of its own
        runs -> store.insert(runs, transaction),
        group -> store.insert(group, transaction),
        events -> store.send(events, transaction));
  }

  /** Returns a client without a node. */
  static SchedulerClient alone(JobStore store, List<Job<?>> jobs) {
    return alone(store, NoNode.HOST, NoNode.IDS, jobs);
  }

  /** Returns a client without a node on a host. */
  static SchedulerClient alone(JobStore store, Host host, RunIds ids, List<Job<?>> jobs) {
    Jobs known = Jobs.of(jobs);
    store.open();
    var payloads = new Payloads(store.codec());
    LiveScheduler.checkTypes(known, payloads);
    return new Client(store, known, payloads, host, ids, Optional.empty());
  }

  /**
   * A run of a job that the node beside it lacks is most likely a slip, and would wait for ever.
   */
  private List<NewRun> checkKnown(List<NewRun> runs) {
    checkOpen("enqueue");
    runs.forEach(run -> checkKnown(run.job()));
    return runs;
  }

  private void checkKnown(String job) {
    if (node.isPresent() && jobs.find(job) == null) {
      throw new IllegalArgumentException(
          "job \""
              + job
              + "\" is not registered with this scheduler; registered: "
              + jobs.names()
              + "; to enqueue for another node use SchedulerClient.of(store, job)");
    }
  }

  private List<Accepted> insert(NewGroup group) {
    checkKnown(group.members());
    checkKnown(group.then());
    List<Accepted> accepted = store.insert(group);
    if (group.members().isEmpty()) { // then it is over
      node.ifPresent(Node::deliverSoon);
    }
    return accepted;
  }

  private void send(List<NewEvent> events) {
    checkOpen("send");
    store.send(events);
    node.ifPresent(Node::deliverSoon);
  }

  private void checkOpen(String what) {
    if (node.isPresent() && node.get().whenClosed().isDone()) {
      throw new IllegalStateException(
          "the scheduler is closed; to "
              + what
              + " for other nodes use SchedulerClient.of(store, job)");
    }
  }

  // Enqueuer

  @Override
  public RunHandle enqueue(Job<@Nullable Void> job) {
    return inserts.enqueue(job);
  }

  @Override
  public <I extends @Nullable Object> RunHandle enqueue(Job<I> job, I input) {
    return inserts.enqueue(job, input);
  }

  @Override
  public <I extends @Nullable Object, O extends @Nullable Object> ResultHandle<O> enqueue(
      ResultJob<I, O> job, I input) {
    return inserts.enqueue(job, input);
  }

  @Override
  public <I extends @Nullable Object> RunHandle enqueue(
      Job<I> job, I input, EnqueueOptions options) {
    return inserts.enqueue(job, input, options);
  }

  @Override
  public <I extends @Nullable Object, O extends @Nullable Object> ResultHandle<O> enqueue(
      ResultJob<I, O> job, I input, EnqueueOptions options) {
    return inserts.enqueue(job, input, options);
  }

  @Override
  public <I extends @Nullable Object> List<RunHandle> enqueueAll(
      Job<I> job, Collection<? extends I> inputs) {
    return inserts.enqueueAll(job, inputs);
  }

  @Override
  public GroupHandle enqueueGroup(RunGroup group) {
    return inserts.enqueueGroup(group);
  }

  @Override
  public <E> EventId send(EventType<E> type, E data) {
    return inserts.send(type, data);
  }

  @Override
  public <E> EventId send(EventType<E> type, E data, EventId id) {
    return inserts.send(type, data, id);
  }

  @Override
  public <E> List<EventId> sendAll(EventType<E> type, Collection<? extends E> data) {
    return inserts.sendAll(type, data);
  }

  // Runs

  @Override
  public CancelResult cancel(RunId run, String reason) {
    Verdict verdict = store.amend(List.of(new Amendment.Cancel(run, reason))).get(0);
    node.ifPresent(n -> n.cancelHere(run, reason));
    return switch (verdict) {
      case APPLIED -> CancelResult.REQUESTED;
      case REPEATED -> CancelResult.ALREADY_REQUESTED;
      case REFUSED -> find(run).isPresent() ? CancelResult.ALREADY_ENDED : CancelResult.UNKNOWN;
    };
  }

  @Override
  public RunHandle retry(RunId run, String actor) {
    RunRecord found =
        find(run).orElseThrow(() -> new IllegalArgumentException("there is no run " + run));
    return switch (found.run().status()) {
      case SCHEDULED ->
          amended(run, new Amendment.Reschedule(run, new Due.Now(), actor), "is not waiting");
      case BLOCKED -> amended(run, new Amendment.Release(run, actor), "is not blocked");
      case RUNNING, WAITING ->
          throw new IllegalStateException(
              "run " + run + " is " + found.run().status() + "; cancel it first");
      default -> again(found, actor);
    };
  }

  private RunHandle amended(RunId run, Amendment change, String otherwise) {
    if (store.amend(List.of(change)).get(0) == Verdict.REFUSED) {
      throw new IllegalStateException("run " + run + " " + otherwise + " any more; look again");
    }
    return handle(run);
  }

  private RunHandle again(RunRecord ended, String actor) {
    Run run = ended.run();
    JobDefinition<?, ?> job = jobs.find(run.job());
    NewRun fresh =
        NewRun.of(ids.next(), run.job(), ended.input())
            .withTags(run.tags())
            .withTrigger(Trigger.retry(run.id(), actor));
    NewRun placed = RunLimit.byHand(RunLimit.place(job, payloads, fresh));
    return handles.of(store.insert(List.of(placed.withPriority(run.priority()))).get(0));
  }

  @Override
  public void pause(Target target, String actor) {
    change(new PauseChange(target, true, actor));
  }

  @Override
  public void resume(Target target, String actor) {
    change(new PauseChange(target, false, actor));
  }

  private void change(PauseChange change) {
    Catalog catalog = store.pause(List.of(change));
    node.ifPresent(n -> n.changed(catalog)); // here at once, elsewhere at the next poll
  }

  @Override
  public List<Target> paused() {
    return store.catalog().paused().stream()
        .sorted(Comparator.comparing(Target::toString))
        .toList();
  }

  @Override
  public Schedules schedules() {
    return schedules;
  }

  @Override
  public Alerts alerts() {
    return alerts;
  }

  // Reading

  @Override
  public RunHandle handle(RunId run) {
    return handles.of(new Accepted.Existing(run));
  }

  @Override
  public Optional<Run> run(RunId run) {
    return find(run).map(RunRecord::run);
  }

  private Optional<RunRecord> find(RunId run) {
    return store.runs(List.of(run)).stream().findFirst();
  }

  @Override
  public Page<Run> runs(RunQuery query) {
    return store.runs(query).map(RunRecord::run);
  }

  @Override
  public Optional<Progress> progress(RunId run) {
    return PassProgress.of(store.memos(List.of(run)).getOrDefault(run, List.of()));
  }

  @Override
  public List<Pass> passes(RunId run) {
    return store.passes(run);
  }

  @Override
  public List<Part> parts(RunId run) {
    return StoredParts.of(run, store.memos(List.of(run)).getOrDefault(run, List.of()));
  }

  @Override
  public void exportRun(RunId run, Appendable out) throws IOException {
    out.append(RecordedRun.read(store, run).toJson()).append('\n');
  }

  @Override
  public Optional<LedgerCursor> exportLedger(LedgerQuery query, LedgerFormat format, Appendable out)
      throws IOException {
    var writer = new LedgerWriter(format, out);
    if (query.after().isEmpty()) {
      writer.begin();
    }
    LedgerQuery rest = query;
    while (true) {
      LedgerPage page = store.ledger(rest);
      for (LedgerRow row : page.rows()) {
        writer.write(row);
      }
      rest = page.last().map(rest::after).orElse(rest);
      if (!page.more()) {
        return rest.after();
      }
    }
  }

  @Override
  public JobStatistics statistics(Job<?> job) {
    return Statistics.of(store, job.name());
  }

  @Override
  public String explain(RunId run) {
    return Explanation.of(store, run);
  }

  @Override
  public String explainJob(String name) {
    return JobExplanation.of(store, name);
  }

  @Override
  public String explainSchedule(String id) {
    return ScheduleExplanation.of(store, jobs, id);
  }

  @Override
  public String explainSchedule(String id, Instant at) {
    return ScheduleExplanation.of(store, jobs, id, at);
  }
}
