// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.HandlerPass.Cut;
import dev.belfry.host.Host;
import dev.belfry.host.Host.Running;
import dev.belfry.store.Ending;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The handlers that run on this node: starts them, cuts them short. For the control loop only. */
final class Handlers {
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);

  /** Who gave the runs and takes what they come to. */
  interface Owner {
    /** A pass came to a result. */
    void ended(Holding holding, HandlerPass.Result result);

    /** A pass came to none. */
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

  /** Starts a run's handler on the worker that its queue has set aside for it. */
  void start(Holding holding) {
    Optional<FinishLimit> finish = FinishLimit.of(holding.job, holding.claim);
    Optional<Duration> left = finish.map(limit -> limit.left(holding.claim, heldFor(holding)));
    if (left.filter(Duration::isZero).isPresent()) { // it has waited here for its worker
      holding.slots.freeWorker();
      owner.givenUp(
          holding, FinishLimit.ending(finish.orElseThrow().words(), "no worker was free in time"));
      return;
    }
    var pass =
        new HandlerPass(
            holding.job,
            holding.claim,
            settings,
            requireNonNull(membership.id(), "a handler is started under a lease only"),
            writer,
            holding.claimedNanos,
            membership::held,
            () -> interruptStep(holding));
    holding.pass = pass;
    running.add(holding);
    try {
      holding.running = host.work(holding.claim.id(), pass, () -> returned(holding, pass));
    } catch (Throwable noThread) { // OutOfMemoryError: unable to create native thread
      log.error("no thread for run {}; it is handed back", holding.claim.id(), noThread);
      running.remove(holding);
      holding.slots.freeWorker();
      owner.noThread();
      owner.givenUp(holding, new Ending.HandedBack(false, "no thread"));
      return;
    }
    if (listeners.isHeard()) {
      listeners.publish(
          new SchedulerEvent.RunStarted(
              holding.job.name(), holding.claim.id(), holding.claim.attempt()));
    }
    holding.job.timeout().ifPresent(limit -> limit(holding, limit));
    finish.ifPresent(
        limit ->
            holding.overdue =
                host.after(
                    left.orElseThrow(), () -> interrupt(holding, Cut.OVERDUE, limit.words())));
    longRuns.begun(holding);
  }

  private Duration heldFor(Holding holding) {
    return Duration.ofNanos(host.nanoTime() - holding.claimedNanos);
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

  /** Tells a handler to end; if it does not, it is stuck. */
  void interrupt(Holding holding, Cut why, String reason) {
    HandlerPass pass = holding.pass;
    Running thread = holding.running;
    if (pass != null && thread != null && pass.cut(why, reason)) {
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

  private void giveUp(Holding holding, HandlerPass pass, Running thread) {
    if (!pass.abandon()) {
      return; // it has ended in the meantime
    }
    Duration ran = pass.ran();
    String stack = thread.stack();
    log.error(
        "run {} of job {} ignores its interrupt after {}; its worker is replaced, its thread is"
            + " lost until it ends, at\n{}",
        holding.claim.id(),
        holding.job.name(),
        ran,
        stack);
    listeners.publish(
        new SchedulerEvent.RunStuck(
            holding.job.name(), holding.claim.id(), holding.claim.attempt(), ran, stack));
    // What it comes to is decided by its policy, which is a stranger's code: not on the loop.
    host.<HandlerPass.Result>io(
        pass::resultOfAbandoned,
        (result, thrown) -> {
          running.remove(holding);
          holding.slots.freeWorker();
          if (result != null) {
            owner.ended(holding, result);
          }
          owner.workerFreed();
        });
  }

  private void returned(Holding holding, HandlerPass pass) {
    longRuns.over(holding);
    if (holding.timeout != null) {
      holding.timeout.cancel();
    }
    if (holding.overdue != null) {
      holding.overdue.cancel();
    }
    if (pass.isAbandoned()) {
      log.info(
          "run {} of job {}, given up as stuck, has ended", holding.claim.id(), holding.job.name());
      return;
    }
    running.remove(holding);
    pass.swallowed().ifPresent(words -> warnOfSwallowed(holding, words));
    pass.result()
        .ifPresentOrElse(
            result -> {
              holding.slots.freeWorker(holding.job, result.report().ran());
              owner.ended(holding, result);
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
      HandlerPass pass = holding.pass;
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
        "run {} of job {} has been running for {}; set a timeout if that is not meant",
        holding.claim.id(),
        holding.job.name(),
        ran);
    listeners.publish(
        new SchedulerEvent.RunLong(
            holding.job.name(), holding.claim.id(), holding.claim.attempt(), ran));
  }
}
