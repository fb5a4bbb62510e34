// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.HandlerPass.Cut;
import dev.belfry.host.Host;
import dev.belfry.host.Host.Cancellable;
import dev.belfry.run.Failure;
import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.run.Target;
import dev.belfry.store.Catalog;
import dev.belfry.store.Claimed;
import dev.belfry.store.Demand;
import dev.belfry.store.Ending;
import dev.belfry.store.Exchanged;
import dev.belfry.store.Outcome;
import dev.belfry.store.PassReport;
import dev.belfry.store.PauseChange;
import dev.belfry.store.StoreException;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The heart of a node: claims runs, starts their handlers, writes what they came to. For the
 * control loop only.
 */
final class Dispatcher implements Handlers.Owner {
  /*
   * One exchange with the store is under way at a time. It carries all outcomes that are ready and
   * asks for as many runs as there is room; what becomes ready meanwhile goes with the next one. So
   * a lone outcome is never delayed, and under load outcomes and claims group by themselves.
   *
   * What the store says this node holds is in `held`, from the answer that claimed it to the answer
   * that wrote its outcome. After an exchange of unknown outcome the two may differ, so `heldBy` is
   * asked before the next one: what is not in memory is adopted, what is not in the store dropped.
   */
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);

  private final Node node;
  private final Settings settings;
  private final Host host;
  private final Membership membership;
  private final Outage outage;
  private final ListenerBus listeners;
  private final Handlers handlers;
  private final Lanes lanes;
  private final Map<String, QueueSlots> queues = new TreeMap<>();
  private final Map<RunId, Holding> held = new LinkedHashMap<>();
  private final Deque<Outcome> outcomes = new ArrayDeque<>();
  private boolean exchanging;
  private boolean reconciling;
  private boolean mustReconcile;
  private boolean mustExchange;
  private boolean stopped;
  private int splitTo = Integer.MAX_VALUE;
  private int failures;
  private long notBefore;
  private long exchanges;
  private long refused;
  private long catalogVersion;
  private @Nullable Cancellable wakeUp;
  private long wakeUpAt = Lanes.NEVER;

  Dispatcher(
      Node node,
      Settings settings,
      Membership membership,
      Outage outage,
      ListenerBus listeners,
      Catalog catalog) {
    this.node = node;
    this.settings = settings;
    this.host = settings.host();
    this.membership = membership;
    this.outage = outage;
    this.listeners = listeners;
    this.handlers = new Handlers(settings, membership, listeners, this);
    this.lanes = new Lanes(settings.jobs());
    settings.workers().forEach((queue, count) -> queues.put(queue, new QueueSlots(count)));
    update(catalog);
  }

  // What wakes the dispatcher

  /** Asks all lanes at once, and the store for news. */
  void poll() {
    lanes.lookAtAll(node.now());
    mustExchange = true;
    pump();
  }

  /** Asks lanes at once. */
  void lookAt(Collection<Integer> ids) {
    if (!lanes.lookAt(ids, node.now())) {
      node.refreshCatalog();
    }
    pump();
  }

  /** Takes over a newer catalog; what was claimed ahead and is paused now is handed back. */
  void update(Catalog catalog) {
    if (catalog.version() < catalogVersion) {
      return; // an answer that was overtaken
    }
    catalogVersion = catalog.version();
    lanes.update(catalog);
    for (QueueSlots slots : queues.values()) {
      for (Holding holding : slots.takeBack(h -> lanes.isPaused(h.job))) {
        end(holding, new Ending.HandedBack(false, "paused"), PassReport.NOT_STARTED);
      }
    }
  }

  /** Does whatever can be done now. Called after every event that may have changed that. */
  void pump() {
    startHandlers();
    if (exchanging || reconciling || !membership.held() || node.now() < notBefore) {
      return;
    }
    if (mustReconcile) {
      reconcile();
      return;
    }
    List<Demand> demands = demands();
    if (!outcomes.isEmpty() || !demands.isEmpty() || mustExchange) {
      exchange(demands);
    } else {
      armWakeUp();
    }
  }

  // Claiming and writing

  private List<Demand> demands() {
    var demands = new ArrayList<Demand>();
    if (!stopped && outcomes.size() < Settings.MAX_OUTCOMES) {
      queues.forEach(
          (queue, slots) -> {
            Demand demand = lanes.demand(queue, slots, node.now());
            if (demand != null) {
              demands.add(demand);
            }
          });
    }
    return demands;
  }

  private void exchange(List<Demand> demands) {
    NodeId by = membership.id();
    if (by == null) {
      return;
    }
    var sent = new ArrayList<Outcome>();
    while (sent.size() < splitTo && !outcomes.isEmpty()) {
      sent.add(outcomes.remove());
    }
    exchanging = true;
    mustExchange = false;
    exchanges++;
    host.<Exchanged>io(
        () -> settings.store().exchange(by, sent, demands),
        (answer, thrown) -> {
          exchanging = false;
          if (!by.equals(membership.id())) {
            lanes.unanswered(); // of a dead incarnation: its runs are others' now
          } else if (answer != null) {
            exchanged(sent, answer);
          } else {
            exchangeFailed(sent, demands, thrown);
          }
          pump();
        });
  }

  private void exchanged(List<Outcome> sent, Exchanged answer) {
    outage.answered();
    failures = 0;
    notBefore = 0;
    splitTo = Integer.MAX_VALUE;
    for (int i = 0; i < sent.size(); i++) {
      written(sent.get(i), answer.verdicts().get(i));
    }
    long now = node.now();
    lanes.answered(answer, now);
    answer.claimed().forEach(claim -> claimed(claim, host.nanoTime()));
    answer.cancels().forEach((run, reason) -> cut(run, Cut.CANCELLED, reason));
    if (answer.catalogVersion() != catalogVersion) {
      node.refreshCatalog();
    }
    if (answer.inbox()) {
      node.deliverInbox();
    }
    node.checkIdle();
  }

  private void exchangeFailed(
      List<Outcome> sent, List<Demand> demands, @Nullable Throwable thrown) {
    lanes.unanswered();
    Throwable cause = thrown == null ? new IllegalStateException("no answer") : thrown;
    boolean permanent =
        cause instanceof StoreException e && e.kind() == StoreException.Kind.PERMANENT;
    if (permanent && !sent.isEmpty()) {
      narrowDown(sent, cause);
      return;
    }
    for (int i = sent.size() - 1; i >= 0; i--) {
      outcomes.addFirst(sent.get(i));
    }
    boolean unapplied =
        cause instanceof StoreException e && e.kind() != StoreException.Kind.UNKNOWN;
    mustReconcile |= !unapplied && !demands.isEmpty();
    mustExchange = true;
    backOff();
    outage.failed("exchange", cause);
  }

  /**
   * A group that the store will never take is halved until the culprit is alone; that one fails.
   */
  private void narrowDown(List<Outcome> sent, Throwable cause) {
    if (sent.size() > 1) {
      splitTo = (sent.size() + 1) / 2;
      for (int i = sent.size() - 1; i >= 0; i--) {
        outcomes.addFirst(sent.get(i));
      }
      return;
    }
    Outcome culprit = sent.get(0);
    log.error("the store refuses the outcome of run {}; it ends FAILED", culprit.run(), cause);
    var failure = Failure.of("outcome refused", "the store refused the outcome of this pass");
    Ending safe = new Ending.Failed(failure, "the outcome can't be stored: " + cause.getMessage());
    boolean wasSafe =
        culprit.ending() instanceof Ending.Failed failed && failed.failure().equals(failure);
    if (wasSafe) {
      held.remove(culprit.run()); // not even that: leave it to whoever recovers it
      backOff();
    } else {
      outcomes.addFirst(new Outcome(culprit.run(), culprit.fence(), safe, PassReport.NOT_STARTED));
    }
  }

  private void backOff() {
    long wait =
        Math.min(MAX_BACKOFF.toNanos(), FIRST_BACKOFF.toNanos() << Math.min(failures++, 16));
    notBefore = node.now() + wait;
    host.after(Duration.ofNanos(wait), this::pump);
  }

  private void written(Outcome outcome, Verdict verdict) {
    Holding holding = held.remove(outcome.run());
    if (holding == null) {
      return;
    }
    if (verdict == Verdict.REFUSED) {
      refused++;
      log.warn(
          "the outcome of run {} of job {} was refused: it was taken over or moved meanwhile",
          outcome.run(),
          holding.job.name());
      listeners.publish(
          new SchedulerEvent.OutcomeRefused(
              holding.job.name(), outcome.run(), holding.claim.attempt()));
    } else {
      Reports.publish(listeners, holding.job, holding.claim, outcome, holding.thrown);
    }
    node.runLeft(outcome.run());
  }

  // What the store says we hold

  private void claimed(Claimed claim, long nowNanos) {
    JobDefinition<?, ?> job = lanes.job(claim.lane());
    if (job == null || held.containsKey(claim.id())) {
      return;
    }
    var holding = new Holding(claim, job, slots(job), lanes.priority(claim.lane()), nowNanos);
    held.put(claim.id(), holding);
    Optional<Ending> unstarted = Endings.withoutBody(claim, job);
    if (unstarted.isPresent()) {
      end(holding, unstarted.get(), PassReport.NOT_STARTED);
    } else if (stopped || lanes.isPaused(job)) {
      String why = stopped ? "this node is closing" : "paused";
      end(holding, new Ending.HandedBack(false, why), PassReport.NOT_STARTED);
    } else {
      holding.slots.add(holding);
    }
  }

  private QueueSlots slots(JobDefinition<?, ?> job) {
    return requireNonNull(queues.get(job.queue()), "every job's queue has workers");
  }

  /** Compares what the store says this node holds with what it has. */
  void reconcileSoon() {
    mustReconcile = true;
    pump();
  }

  private void reconcile() {
    NodeId by = membership.id();
    if (by == null) {
      return;
    }
    reconciling = true;
    host.<List<Claimed>>io(
        () -> settings.store().heldBy(by),
        (inStore, thrown) -> {
          reconciling = false;
          if (!by.equals(membership.id())) {
            return;
          }
          if (inStore == null) {
            outage.failed(
                "compare held runs", thrown == null ? new IllegalStateException() : thrown);
            backOff();
          } else {
            outage.answered();
            mustReconcile = false;
            compare(inStore);
          }
          pump();
        });
  }

  private void compare(List<Claimed> inStore) {
    var stored = new HashMap<RunId, Claimed>();
    inStore.forEach(claim -> stored.put(claim.id(), claim));
    for (Holding holding : List.copyOf(held.values())) {
      Claimed now = stored.remove(holding.claim.id());
      if (now == null || now.fence() != holding.claim.fence()) {
        lose(holding);
      }
    }
    int adopted = 0;
    for (Claimed claim : inStore) {
      if (stored.containsKey(claim.id())) {
        claimed(claim, host.nanoTime());
        adopted++;
      }
    }
    if (adopted > 0) {
      log.info("adopted {} runs of a claim whose answer was lost", adopted);
    }
  }

  /** A run that is not ours any more: its body is told, whatever it comes to is dropped. */
  private void lose(Holding holding) {
    held.remove(holding.claim.id());
    outcomes.removeIf(outcome -> outcome.run().equals(holding.claim.id()));
    holding.slots.takeBack(other -> other == holding);
    handlers.interrupt(holding, Cut.LEASE_LOST, "the run was taken over");
    node.runLeft(holding.claim.id());
  }

  /** Drops everything: this incarnation is dead. Returns how many runs it held. */
  int dropAll() {
    int dropped = held.size();
    List.copyOf(held.values()).forEach(this::lose);
    mustReconcile = false;
    return dropped;
  }

  // Handlers

  private void startHandlers() {
    if (stopped || !membership.held()) {
      return;
    }
    for (QueueSlots slots : queues.values()) {
      for (Holding next = slots.startNext(); next != null; next = slots.startNext()) {
        handlers.start(next);
      }
    }
  }

  @Override
  public void ended(Holding holding, HandlerPass.Result result) {
    holding.thrown = result.thrown();
    if (!result.pausesJob()) {
      end(holding, result.ending(), result.report());
      return;
    }
    // Paused first, and let go then: the other way round another node could start it at once.
    var pause = new PauseChange(Target.job(holding.job.name()), true, "retry policy of the job");
    log.warn("job {} is paused by its retry policy", holding.job.name());
    host.<Catalog>io(
        () -> settings.store().pause(List.of(pause)),
        (catalog, thrown) -> {
          if (catalog != null) {
            update(catalog);
          } else {
            log.warn("job {} could not be paused", holding.job.name(), thrown);
          }
          end(holding, result.ending(), result.report());
          pump();
        });
  }

  @Override
  public void givenUp(Holding holding, Ending ending) {
    end(holding, ending, PassReport.NOT_STARTED);
  }

  @Override
  public void workerFreed() {
    pump();
    node.bodyEnded();
  }

  /** Queues the outcome of a run that is still ours. */
  private void end(Holding holding, Ending ending, PassReport report) {
    if (held.get(holding.claim.id()) == holding) {
      outcomes.add(new Outcome(holding.claim.id(), holding.claim.fence(), ending, report));
    }
  }

  /** Tells the handler of a run to end, if this node runs it. */
  void cut(RunId run, Cut why, String reason) {
    Holding holding = held.get(run);
    if (holding == null) {
      return;
    }
    if (holding.pass != null) {
      handlers.interrupt(holding, why, reason);
    } else if (!holding.slots.takeBack(other -> other == holding).isEmpty()) {
      end(holding, new Ending.Cancelled(reason), PassReport.NOT_STARTED);
      pump();
    }
  }

  // Stopping

  /** Stops claiming and starting; what was claimed ahead is handed back. */
  void stop() {
    stopped = true;
    for (QueueSlots slots : queues.values()) {
      for (Holding holding : slots.takeBack(any -> true)) {
        end(holding, new Ending.HandedBack(false, "this node is closing"), PassReport.NOT_STARTED);
      }
    }
    pump();
  }

  /** Returns the handlers that are running. */
  Handlers handlers() {
    return handlers;
  }

  /** Returns how many runs this node holds. */
  int holds() {
    return held.size();
  }

  /** Returns how many outcomes were refused. */
  long refused() {
    return refused;
  }

  // Idleness

  /** Returns the number of the exchange that would tell what is due from now on. */
  long nextExchange() {
    return exchanges + 1;
  }

  /** Returns whether nothing is due or running, as an exchange from that number on has said. */
  boolean isIdleSince(long exchange) {
    return exchanges >= exchange
        && !exchanging
        && held.isEmpty()
        && handlers.isEmpty()
        && outcomes.isEmpty()
        && !mustExchange
        && lanes.nextLook() > node.now();
  }

  private void armWakeUp() {
    long next = lanes.nextLook();
    if (next == Lanes.NEVER || stopped || (next <= node.now() && !hasRoom())) {
      return; // a poll, a hint or the end of a pass comes first
    }
    if (next < wakeUpAt || wakeUpAt <= node.now()) {
      if (wakeUp != null) {
        wakeUp.cancel();
      }
      wakeUpAt = next;
      wakeUp =
          host.after(
              Duration.ofNanos(next - node.now()),
              () -> {
                wakeUpAt = Lanes.NEVER;
                pump();
              });
    }
  }

  private boolean hasRoom() {
    return queues.values().stream().anyMatch(slots -> slots.room() > 0);
  }
}
