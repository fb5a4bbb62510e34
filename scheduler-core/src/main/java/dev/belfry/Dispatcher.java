// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.HandlerPass.Cut;
import dev.belfry.host.Host;
import dev.belfry.host.Host.Cancellable;
import dev.belfry.run.RunId;
import dev.belfry.run.Target;
import dev.belfry.store.Catalog;
import dev.belfry.store.Claimed;
import dev.belfry.store.Demand;
import dev.belfry.store.Ending;
import dev.belfry.store.Exchanged;
import dev.belfry.store.Hint;
import dev.belfry.store.Outcome;
import dev.belfry.store.PassReport;
import dev.belfry.store.PauseChange;
import dev.belfry.store.Payload;
import dev.belfry.store.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
 * The heart of a node: which runs it holds, which it claims next, which handler starts. For the
 * control loop only.
 */
final class Dispatcher implements Exchanges.Owner, Handlers.Owner {
  /*
   * A run is in `held` from the answer that claimed it to the answer that wrote its outcome: first in
   * its queue's buffer, then as a handler, then as an outcome on its way. `held` is what the store
   * says that this node holds, but for calls of unknown outcome.
   */
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);

  private final Node node;
  private final Settings settings;
  private final Host host;
  private final Membership membership;
  private final ListenerBus listeners;
  private final Exchanges exchanges;
  private final Handlers handlers;
  private final Lanes lanes;
  private final Map<String, QueueSlots> queues = new TreeMap<>();
  private final Map<RunId, Holding> held = new LinkedHashMap<>();
  private boolean compareAgain;
  private boolean stopped;
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
    this.listeners = listeners;
    this.exchanges = new Exchanges(node, host, settings.store(), membership, outage, this);
    this.handlers = new Handlers(settings, membership, listeners, this);
    this.lanes = new Lanes(settings.jobs());
    settings.workers().forEach((queue, count) -> queues.put(queue, new QueueSlots(count)));
    update(catalog);
  }

  // What wakes the dispatcher

  /** Asks all lanes at once, and the store for news. */
  void poll() {
    lanes.lookAtAll(node.now());
    exchanges.exchangeSoon();
    pump();
  }

  /** Makes the calls that wait because the last ones failed. */
  void storeAnswers() {
    exchanges.tryNow();
  }

  /** Asks lanes when their runs are due. */
  void heard(Hint hint) {
    if (!lanes.heard(hint, node.now())) {
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
        handBack(holding, "paused");
      }
    }
  }

  /** Does whatever can be done now. Called after every event that may have changed that. */
  void pump() {
    startHandlers();
    exchanges.pump();
  }

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
  public void nothingToDo() {
    // What is due already waits for a worker, whose end pumps; so only the future needs a timer.
    long next = stopped ? Lanes.NEVER : lanes.nextDueAfter(node.now());
    if (next == Lanes.NEVER || (next >= wakeUpAt && wakeUpAt > node.now())) {
      return;
    }
    if (wakeUp != null) {
      wakeUp.cancel();
    }
    wakeUpAt = next;
    wakeUp = host.after(Duration.ofNanos(next - node.now()), this::pump);
  }

  // Claims

  @Override
  public List<Demand> demands() {
    var demands = new ArrayList<Demand>();
    if (!stopped && exchanges.size() < Settings.MAX_OUTCOMES) {
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

  @Override
  public void answered(Exchanged answer, boolean asked) {
    if (asked) {
      lanes.answered(answer, node.now());
    }
    if (compareAgain) { // now that the outcomes in doubt are settled
      compareAgain = false;
      exchanges.compareSoon();
    }
    answer.claimed().forEach(this::claimed);
    answer.cancels().forEach((run, reason) -> cut(run, Cut.CANCELLED, reason));
    startHandlers();
    if (answer.catalogVersion() != catalogVersion) {
      node.refreshCatalog();
    }
    if (answer.inbox()) {
      node.deliverInbox();
    }
    node.checkIdle();
  }

  @Override
  public void unanswered() {
    lanes.unanswered();
  }

  @Override
  public void refused(int lane, Duration rest) {
    lanes.rest(lane, node.now() + rest.toNanos());
  }

  private void claimed(Claimed claim) {
    JobDefinition<?, ?> job = lanes.job(claim.lane());
    if (job == null || held.containsKey(claim.id())) {
      return;
    }
    QueueSlots slots = requireNonNull(queues.get(job.queue()), "every job's queue has workers");
    var holding = new Holding(claim, job, slots, lanes.priority(claim.lane()), host.nanoTime());
    held.put(claim.id(), holding);
    node.runWaiters().came(claim.id());
    Optional<Ending> unstarted = Endings.withoutBody(claim, job);
    if (unstarted.isPresent()) {
      end(holding, unstarted.get(), PassReport.NOT_STARTED);
    } else if (stopped || lanes.isPaused(job)) {
      handBack(holding, stopped ? "this node is closing" : "paused");
    } else {
      slots.add(holding);
    }
  }

  /** Compares what the store says this node holds with what it has, soon. */
  void compareSoon() {
    exchanges.compareSoon();
    pump();
  }

  @Override
  public void compare(List<Claimed> inStore) {
    var stored = new HashMap<RunId, Claimed>();
    inStore.forEach(claim -> stored.put(claim.id(), claim));
    for (Holding holding : List.copyOf(held.values())) {
      Claimed now = stored.get(holding.claim.id());
      if (now != null && now.fence() == holding.claim.fence()) {
        stored.remove(holding.claim.id());
      } else if (!exchanges.isWaiting(holding.claim.id())) {
        lose(holding);
      } else { // its outcome may have been written already, and the run claimed once more
        compareAgain |= now != null;
      }
    }
    int adopted = 0;
    for (Claimed claim : inStore) {
      if (stored.containsKey(claim.id()) && !held.containsKey(claim.id())) {
        claimed(claim);
        adopted++;
      }
    }
    startHandlers();
    if (adopted > 0) {
      log.info("adopted {} runs of a claim whose answer was lost", adopted);
    }
    node.checkIdle();
  }

  /** A run that is not ours any more: its body is told, whatever it comes to is dropped. */
  private void lose(Holding holding) {
    held.remove(holding.claim.id());
    holding.slots.takeBack(other -> other == holding);
    handlers.interrupt(holding, Cut.LEASE_LOST, "the run was taken over");
    node.runWaiters().left(holding.claim.id(), Optional.empty());
  }

  /** Drops everything: this incarnation is dead. Returns how many runs it held. */
  int dropAll() {
    int dropped = held.size();
    exchanges.clear();
    List.copyOf(held.values()).forEach(this::lose);
    return dropped;
  }

  // Outcomes

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
  public void noThread() {
    exchanges.backOff();
  }

  @Override
  public void workerFreed() {
    pump();
    node.bodyEnded();
  }

  private void handBack(Holding holding, String why) {
    end(holding, new Ending.HandedBack(false, why), PassReport.NOT_STARTED);
  }

  /** Queues the outcome of a run that is still ours. */
  private void end(Holding holding, Ending ending, PassReport report) {
    if (held.get(holding.claim.id()) == holding) {
      Optional<Instant> latest = FinishLimit.of(holding.job, holding.claim).map(FinishLimit::at);
      exchanges.add(new Outcome(holding.claim.id(), holding.claim.fence(), ending, report, latest));
    }
  }

  @Override
  public void written(Outcome outcome, Verdict verdict) {
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
    node.runWaiters().left(outcome.run(), returned(outcome, verdict));
  }

  private static Optional<Payload> returned(Outcome outcome, Verdict verdict) {
    return verdict != Verdict.REFUSED && outcome.ending() instanceof Ending.Completed completed
        ? Optional.of(completed.result())
        : Optional.empty();
  }

  /** Tells the handler of a run to end, if this node holds the run. */
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

  // The end

  /** Stops claiming and starting; what was claimed ahead is handed back. */
  void stop() {
    stopped = true;
    for (QueueSlots slots : queues.values()) {
      slots.takeBack(any -> true).forEach(holding -> handBack(holding, "this node is closing"));
    }
    pump();
  }

  /** Returns the handlers that are running. */
  Handlers handlers() {
    return handlers;
  }

  /** Returns whether this node holds a run. */
  boolean holds(RunId run) {
    return held.containsKey(run);
  }

  /** Returns how many runs this node holds. */
  int holds() {
    return held.size();
  }

  /** Returns whether this node holds nothing, and no call to the store could change that. */
  boolean isEmpty() {
    return held.isEmpty() && handlers.isEmpty() && exchanges.isQuiet();
  }

  /** Returns how many outcomes were refused. */
  long refused() {
    return refused;
  }

  /** Returns the number of the exchange that would tell what is due from now on. */
  long nextExchange() {
    return exchanges.next();
  }

  /** Returns whether nothing is due or running, as an exchange from that number on has said. */
  boolean isIdleSince(long exchange) {
    return exchanges.isQuietSince(exchange) && isEmpty() && !lanes.isDue(node.now());
  }
}
