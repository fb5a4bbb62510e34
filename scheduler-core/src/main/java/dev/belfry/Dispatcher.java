// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.WorkerPass.Cut;
import dev.belfry.host.Host;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
   * says that this node holds, but for calls of unknown outcome. The runs of a batch share one
   * holding and so one worker; each leaves by an outcome of its own.
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
  private final Holdings held = new Holdings();
  private boolean compareAgain;
  private boolean stopped;
  private long refused;
  private long catalogVersion;
  private final WakeUp wakeUp;

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
    this.wakeUp = new WakeUp(host, this::pump);
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
    wakeUp.at(next, node.now());
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
    claimed(answer.claimed(), false);
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

  /**
   * Takes claims over.
   *
   * @param adopted whether nobody has said which of them go together in batches
   */
  private void claimed(List<Claimed> claims, boolean adopted) {
    var batches = new LinkedHashMap<RunId, List<Claimed>>();
    for (Claimed claim : claims) {
      JobDefinition<?, ?> job = lanes.job(claim.lane());
      if (job == null || held.contains(claim.id())) {
        continue;
      }
      Optional<Ending> unstarted = Endings.withoutBody(claim, job);
      if (unstarted.isPresent()) {
        end(hold(List.of(claim), job), claim, unstarted.get(), PassReport.NOT_STARTED);
      } else if (job.isBatched() && adopted) {
        handBack(hold(List.of(claim), job), "the answer that says which batch it is in was lost");
      } else if (job.isBatched() && claim.batch().isPresent()) {
        batches.computeIfAbsent(claim.batch().get(), batch -> new ArrayList<>()).add(claim);
      } else {
        queue(hold(List.of(claim), job));
      }
    }
    for (List<Claimed> batch : batches.values()) {
      queue(hold(batch, requireNonNull(lanes.job(batch.get(0).lane()), "it has just been there")));
    }
  }

  private Holding hold(List<Claimed> claims, JobDefinition<?, ?> job) {
    QueueSlots slots = requireNonNull(queues.get(job.queue()), "every job's queue has workers");
    int priority = lanes.priority(claims.get(0).lane());
    var holding = new Holding(claims, job, slots, priority, host.nanoTime());
    held.add(holding);
    holding.claims.keySet().forEach(node.runWaiters()::came);
    return holding;
  }

  private void queue(Holding holding) {
    if (stopped || lanes.isPaused(holding.job)) {
      handBack(holding, stopped ? "this node is closing" : "paused");
    } else {
      holding.slots.add(holding);
    }
  }

  /** Compares what the store says this node holds with what it has, soon. */
  void compareSoon() {
    exchanges.compareSoon();
    pump();
  }

  @Override
  public void compare(List<Claimed> inStore) {
    var difference = Difference.between(held, inStore, exchanges::isWaiting);
    compareAgain |= difference.isUnclear();
    difference.lost().forEach(this::lose);
    claimed(difference.found(), true);
    startHandlers();
    if (!difference.found().isEmpty()) {
      log.info("adopted {} runs of a claim whose answer was lost", difference.found().size());
    }
    node.checkIdle();
  }

  /** A run that is not ours any more: its body is told, whatever it comes to is dropped. */
  private void lose(RunId run) {
    Holding holding = held.remove(run);
    if (holding != null && holding.pass != null) {
      handlers.interrupt(holding, run, Cut.LEASE_LOST, "the run was taken over");
    } else if (holding != null && isTakenBack(holding)) {
      handBack(holding, "another run of its batch was taken over");
    }
    node.runWaiters().left(run, Optional.empty());
  }

  private static boolean isTakenBack(Holding holding) {
    return !holding.slots.takeBack(other -> other == holding).isEmpty();
  }

  /** Drops everything: this incarnation is dead. Returns how many runs it held. */
  int dropAll() {
    int dropped = held.size();
    held.runs().forEach(this::lose);
    exchanges.clear();
    return dropped;
  }

  // Outcomes

  @Override
  public void ended(Holding holding, List<WorkerPass.Result> results) {
    holding.ended(results);
    if (results.stream().noneMatch(WorkerPass.Result::pausesJob)) {
      end(holding, results);
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
          end(holding, results);
          pump();
        });
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
    givenUp(holding, new Ending.HandedBack(false, why));
  }

  @Override
  public void givenUp(Holding holding, Ending ending) {
    for (Claimed claim : holding.claims.values()) {
      end(holding, claim, ending, PassReport.NOT_STARTED);
    }
  }

  private void end(Holding holding, List<WorkerPass.Result> results) {
    for (WorkerPass.Result result : results) {
      end(holding, result.claim(), result.ending(), result.report());
    }
  }

  /** Queues the outcome of a run that is still ours. */
  private void end(Holding holding, Claimed claim, Ending ending, PassReport report) {
    if (held.of(claim.id()) == holding) {
      Optional<Instant> latest = FinishLimit.of(holding.job, claim).map(FinishLimit::at);
      exchanges.add(new Outcome(claim.id(), claim.fence(), ending, report, latest));
    }
  }

  @Override
  public void written(Outcome outcome, Verdict verdict) {
    RunId run = outcome.run();
    Holding holding = held.remove(run);
    if (holding == null) {
      return;
    }
    Claimed claim = holding.claimOf(run);
    if (verdict == Verdict.REFUSED) {
      refused++;
      log.warn(
          "the outcome of run {} of job {} was refused: it was taken over or moved meanwhile",
          run,
          holding.job.name());
      listeners.publish(
          new SchedulerEvent.OutcomeRefused(holding.job.name(), run, claim.attempt()));
    } else {
      Reports.publish(listeners, holding.job, claim, outcome, holding.thrown(run));
    }
    node.runWaiters().left(run, returned(outcome, verdict));
  }

  private static Optional<Payload> returned(Outcome outcome, Verdict verdict) {
    return verdict != Verdict.REFUSED && outcome.ending() instanceof Ending.Completed completed
        ? Optional.of(completed.result())
        : Optional.empty();
  }

  /** Tells the handler of a run to end, if this node holds the run. */
  void cut(RunId run, Cut why, String reason) {
    Holding holding = held.of(run);
    if (holding != null && holding.pass != null) {
      handlers.interrupt(holding, run, why, reason);
    } else if (holding != null && isTakenBack(holding)) {
      Claimed claim = holding.claimOf(run);
      end(holding, claim, new Ending.Cancelled(reason), PassReport.NOT_STARTED);
      handBack(holding, "another run of its batch was asked to end");
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
    return held.contains(run);
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
