// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.WorkerPass.Cut;
import dev.belfry.host.Host;
import dev.belfry.host.Host.Cancellable;
import dev.belfry.host.Host.Running;
import dev.belfry.run.RunId;
import dev.belfry.store.Claimed;
import dev.belfry.store.Ending;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The handlers that run on this node: starts them, cuts them short. For the control loop only. */
final class Handlers {
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);

  /** Who gave the runs and takes what they come to. */
  interface Owner {
    /** A pass came to an end, with a result for each of its runs. */
    void ended(Holding holding, List<WorkerPass.Result> results);

    /** A pass came to no result; all its runs end so. */
    void givenUp(Holding holding, Ending ending);

    /** The JVM has no thread for a handler: claim nothing for a moment. */
    void noThread();

    /** There may be room for another handler. */
    void workerFreed();
  }

  private final Settings settings;
  private final Host host;
  private final Membership membership;
  private final ListenerBus listeners;
  private final Owner owner;
  private final MemoWriter writer;
  private final LongRuns longRuns;
  private final Set<Holding> running = new LinkedHashSet<>();

  Handlers(Settings settings, Membership membership, ListenerBus listeners, Owner owner) {
    this.settings = settings;
    this.host = settings.host();
    this.membership = membership;
    this.listeners = listeners;
    this.owner = owner;
    this.writer = new MemoWriter(host, settings.store());
    this.longRuns = new LongRuns(settings);
  }

  /** Returns whether no handler runs, but for those given up as stuck. */
  boolean isEmpty() {
    return running.isEmpty();
  }

  /** Starts a handler on the worker that its queue has set aside for it. */
  void start(Holding holding) {
    if (holding.claims.size() == 1 && !hasTime(holding)) {
      return;
    }
    WorkerPass pass = passOf(holding);
    holding.pass = pass;
    running.add(holding);
    try {
      holding.running = host.work(holding.claim.id(), pass, () -> returned(holding, pass));
    } catch (Throwable noThread) { // OutOfMemoryError: unable to create native thread
      log.error("no thread for {}; it is handed back", holding, noThread);
      running.remove(holding);
      holding.slots.freeWorker();
      owner.noThread();
      owner.givenUp(holding, new Ending.HandedBack(false, "no thread"));
      return;
    }
    publish(
        holding, run -> new SchedulerEvent.RunStarted(holding.job.name(), run.id(), run.attempt()));
    holding.job.timeout().ifPresent(limit -> limit(holding, limit));
    holding.overdue =
        holding.claims.values().stream().flatMap(claim -> limitEnd(holding, claim)).toList();
    longRuns.begun(holding);
  }

  /** Returns whether a run has time left; one that has waited here too long ends unstarted. */
  private boolean hasTime(Holding holding) {
    Optional<FinishLimit> late =
        FinishLimit.of(holding.job, holding.claim)
            .filter(limit -> limit.left(holding.claim, heldFor(holding)).isZero());
    late.ifPresent(
        limit -> {
          holding.slots.freeWorker();
          owner.givenUp(holding, limit.ofNoWorker());
        });
    return late.isEmpty();
  }

  private Stream<Cancellable> limitEnd(Holding holding, Claimed claim) {
    return FinishLimit.of(holding.job, claim).stream()
        .map(
            limit ->
                host.after(
                    limit.left(claim, heldFor(holding)),
                    () -> interrupt(holding, claim.id(), Cut.OVERDUE, limit.words())));
  }

  private Duration heldFor(Holding holding) {
    return Duration.ofNanos(host.nanoTime() - holding.claimedNanos);
  }

  private WorkerPass passOf(Holding holding) {
    return holding.job.isBatched()
        ? new BatchPass(
            holding.job, holding.claims.values(), settings, holding.claimedNanos, membership::held)
        : new HandlerPass(
            holding.job,
            holding.claim,
            settings,
            requireNonNull(membership.id(), "a handler is started under a lease only"),
            writer,
            holding.claimedNanos,
            membership::held,
            () -> interruptStep(holding));
  }

  /** A step has run for too long; the pass goes on. */
  private static void interruptStep(Holding holding) {
    Running thread = holding.running;
    if (thread != null) {
      thread.interrupt();
    }
  }

  private void limit(Holding holding, Duration limit) {
    String reason = "ran longer than its timeout of " + limit;
    holding.timeout = host.after(limit, () -> interrupt(holding, Cut.TIMED_OUT, reason));
  }

  /** Tells a handler to end, with all of its runs. */
  void interrupt(Holding holding, Cut why, String reason) {
    interrupt(holding, why, pass -> pass.cut(why, reason));
  }

  /** Tells a handler that one of its runs is to end; the last of them ends the handler. */
  void interrupt(Holding holding, RunId run, Cut why, String reason) {
    interrupt(holding, why, pass -> pass.cut(run, why, reason));
  }

  /** Interrupts a handler if it was told to end; if it does not, it is stuck. */
  private void interrupt(Holding holding, Cut why, Predicate<WorkerPass> tell) {
    WorkerPass pass = holding.pass;
    Running thread = holding.running;
    if (pass != null && thread != null && tell.test(pass)) {
      thread.interrupt();
      if (why != Cut.SHUT_DOWN) {
        host.after(Settings.STUCK_AFTER, () -> giveUp(holding, pass, thread));
      }
    }
  }

  /** Tells all handlers to end. */
  void interruptAll() {
    List.copyOf(running)
        .forEach(holding -> interrupt(holding, Cut.SHUT_DOWN, "this node is closing"));
  }

  private void giveUp(Holding holding, WorkerPass pass, Running thread) {
    if (!pass.abandon()) {
      return; // it has ended in the meantime
    }
    longRuns.over(holding); // its runs end now, whatever its thread does
    Duration ran = pass.ran();
    String stack = thread.stack();
    log.error(
        "{} of job {} ignores its interrupt after {}; its worker is replaced, its thread is"
            + " lost until it ends, at\n{}",
        holding,
        holding.job.name(),
        ran,
        stack);
    publish(
        holding,
        run ->
            new SchedulerEvent.RunStuck(holding.job.name(), run.id(), run.attempt(), ran, stack));
    // What it comes to is decided by its policy, which is a stranger's code: not on the loop.
    host.<List<WorkerPass.Result>>io(
        pass::resultsOfAbandoned,
        (results, thrown) -> {
          running.remove(holding);
          holding.slots.freeWorker();
          if (results != null) {
            owner.ended(holding, results);
          }
          owner.workerFreed();
        });
  }

  private void returned(Holding holding, WorkerPass pass) {
    longRuns.over(holding);
    if (holding.timeout != null) {
      holding.timeout.cancel();
    }
    holding.overdue.forEach(Cancellable::cancel);
    if (pass.isAbandoned()) {
      log.info("{} of job {}, given up as stuck, has ended", holding, holding.job.name());
      return;
    }
    running.remove(holding);
    pass.swallowed().ifPresent(words -> warnOfSwallowed(holding, words));
    pass.results()
        .ifPresentOrElse(
            results -> {
              holding.slots.freeWorker(holding.job, results.get(0).report().ran());
              owner.ended(holding, results);
            },
            () -> { // the pass died of an error of its own, before it could say of what
              holding.slots.freeWorker();
              owner.givenUp(holding, new Ending.HandedBack(true, "the pass ended unexpectedly"));
            });
    owner.workerFreed();
  }

  private void warnOfSwallowed(Holding holding, String words) {
    log.warn(
        "the handler of job {} caught what ends a pass, at {} of run {}; what it did then is"
            + " ignored. Let Errors pass: catch exceptions, not Throwable",
        holding.job.name(),
        words,
        holding.claim.id());
    listeners.publish(
        new SchedulerEvent.SuspensionSwallowed(
            holding.job.name(), holding.claim.id(), holding.claim.attempt(), words));
  }

  /** Warns of handlers without a timeout that have been running for long. */
  void warnOfLongRuns() {
    for (Holding holding : running) {
      WorkerPass pass = holding.pass;
      if (pass != null
          && !holding.warnedLong
          && holding.job.timeout().isEmpty()
          && pass.ran().compareTo(Settings.LONG_RUN) >= 0) {
        holding.warnedLong = true;
        warn(holding, pass.ran());
      }
    }
  }

  private void warn(Holding holding, Duration ran) {
    log.warn(
        "{} of job {} has been running for {}; set a timeout if that is not meant",
        holding,
        holding.job.name(),
        ran);
    publish(
        holding,
        run -> new SchedulerEvent.RunLong(holding.job.name(), run.id(), run.attempt(), ran));
  }

  private void publish(Holding holding, Function<Claimed, SchedulerEvent> ofRun) {
    if (listeners.isHeard()) {
      holding.claims.values().forEach(run -> listeners.publish(ofRun.apply(run)));
    }
  }
}
