// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.schedule.ClockChange;
import dev.belfry.store.Catalog;
import dev.belfry.store.Hint;
import dev.belfry.store.JobStore;
import dev.belfry.store.NodeCard;
import dev.belfry.store.StoreInfo;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's control loop: the parts of the engine, what wakes them, and their end. All of it runs on
 * the host's loop, but for {@link #start} and what returns a future.
 */
final class Node implements Membership.Listener {
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);
  private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(5);
  private static final Duration LAST_CALLS = Duration.ofSeconds(5);
  private static final Duration LAST_EVENTS = Duration.ofSeconds(5);
  private static final Duration SWEEP = Duration.ofMinutes(1);

  private enum Phase {
    RUNNING,
    CLOSING,
    /** close() has returned, but a handler goes on and the lease must be kept for it. */
    LINGERING,
    CLOSED
  }

  /** Somebody who waits until nothing is due. */
  private record IdleWaiter(long exchange, long look, CompletableFuture<Void> done) {}

  private final Settings settings;
  private final Host host;
  private final JobStore store;
  private final Calls catalogs;
  private final long startNanos;
  private final ListenerBus listeners;
  private final Membership membership;
  private final Dispatcher dispatcher;
  private final Ticker ticker;
  private final Deliverer deliverer;
  private final Janitor janitor;
  private final AlertWatch alerts;
  private final List<IdleWaiter> idleWaiters = new ArrayList<>();
  private final RunWaiters runWaiters = new RunWaiters();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private Phase phase = Phase.RUNNING;
  private boolean refreshing;
  private boolean refreshAgain;
  private boolean leaving;
  private int leases;
  private JobStore.@Nullable Subscription hints;

  private Node(Settings settings, Catalog catalog, RunIds ids) {
    this.settings = settings;
    this.host = settings.host();
    this.store = settings.store();
    this.catalogs = new Calls(host);
    this.startNanos = host.nanoTime();
    this.listeners = new ListenerBus(host, settings.listeners());
    var outage = new Outage(host, listeners);
    var card = new NodeCard(settings.name(), Version.TEXT, settings.jobs().names());
    this.membership = new Membership(host, store, card, settings.lease(), outage, listeners, this);
    this.dispatcher = new Dispatcher(this, settings, membership, outage, listeners, catalog);
    this.ticker = new Ticker(this, settings, membership, outage, ids);
    this.deliverer = new Deliverer(this, settings, ids, outage);
    this.janitor = new Janitor(host, store, settings.retention());
    this.alerts = new AlertWatch(settings, catalog);
  }

  /**
   * Joins the store's nodes and starts the loop.
   *
   * @param info what the store said when it was opened for this node, which will close it
   */
  static Node start(Settings settings, Catalog catalog, RunIds ids, StoreInfo info) {
    var node = new Node(settings, catalog, ids);
    NodeId id = node.membership.joinFirst();
    log.debug("joined as node {}", id);
    node.hints = settings.store().onHint(hint -> node.host.post(() -> node.hinted(hint)));
    node.host.post(() -> node.begin(info.recovered()));
    return node;
  }

  private void begin(int recovered) {
    if (recovered > 0) {
      log.info("took over {} runs of the process that had the store before", recovered);
      listeners.publish(new SchedulerEvent.RunsRecovered(recovered));
    }
    membership.begin();
    janitor.begin();
    alerts.begin();
    ticker.look();
    poll();
    host.after(settings.lease(), this::reconcile);
    host.after(SWEEP, this::sweep);
  }

  /** Tells of a schedule that a change of the clock will touch. From any thread. */
  void warn(String schedule, ClockChange change) {
    log.info("schedule {}: {}", schedule, change.effect());
    host.post(() -> listeners.publish(new SchedulerEvent.ClockChangeAhead(schedule, change)));
  }

  // What wakes the engine

  private void poll() {
    if (phase == Phase.CLOSED) {
      return;
    }
    long micros = settings.poll().toNanos() / 1_000;
    long less = host.random().nextLong(micros / 10 + 1); // nodes shall not poll in step
    host.after(Duration.of(micros - less, ChronoUnit.MICROS), this::poll);
    dispatcher.poll();
  }

  /** Something may be due that no hint will tell of. */
  void pollSoon() {
    if (phase != Phase.CLOSED) {
      dispatcher.poll();
    }
  }

  private void hinted(Hint hint) {
    if (phase == Phase.CLOSED) {
      return;
    }
    if (hint.catalog()) {
      refreshCatalog();
    }
    if (!hint.due().isEmpty()) {
      dispatcher.heard(hint);
    }
  }

  /** Lanes, pauses or schedules changed. */
  void refreshCatalog() {
    if (refreshing) {
      refreshAgain = true;
      return;
    }
    refreshing = true;
    catalogs.<Catalog>make(
        store::catalog,
        (catalog, thrown) -> {
          refreshing = false;
          if (catalog != null) { // else the next exchange says again that it changed
            dispatcher.update(catalog);
            alerts.update(catalog);
            ticker.look();
            dispatcher.poll();
          }
          if (refreshAgain) {
            refreshAgain = false;
            refreshCatalog();
          }
          checkIdle();
        });
  }

  /** Takes over a catalog that a call on this node has changed. */
  void changed(Catalog catalog) {
    host.post(
        () -> {
          dispatcher.update(catalog);
          alerts.update(catalog);
          dispatcher.poll();
          ticker.look();
        });
  }

  /** Delivers what was just committed here. From any thread. */
  void deliverSoon() {
    host.post(
        () -> {
          if (phase != Phase.CLOSED) {
            deliverer.deliver();
          }
        });
  }

  void deliverInbox() {
    deliverer.deliver();
  }

  void lookAtSchedules() {
    ticker.look();
  }

  private void reconcile() {
    if (phase != Phase.CLOSED) {
      host.after(settings.lease(), this::reconcile);
      // Less often while nothing is held, so that an idle node costs its store next to nothing.
      if (dispatcher.holds() > 0 || leases++ % 8 == 0) {
        dispatcher.compareSoon();
      }
    }
  }

  private void sweep() {
    if (phase != Phase.CLOSED) {
      host.after(SWEEP, this::sweep);
      dispatcher.handlers().warnOfLongRuns();
    }
  }

  /** Asks a handler to end that may run here. */
  void cancelHere(RunId run, String reason) {
    host.post(() -> dispatcher.cut(run, WorkerPass.Cut.CANCELLED, reason));
  }

  @Override
  public void storeAnswers() {
    dispatcher.storeAnswers();
    ticker.look();
  }

  @Override
  public void leaseRegained() {
    dispatcher.poll();
    ticker.look();
  }

  @Override
  public int incarnationLost() {
    return dispatcher.dropAll();
  }

  @Override
  public void nodesExpired() {
    alerts.tellOfLostNodes();
  }

  @Override
  public void runsFreed(List<RunId> runs) {
    dispatcher.poll();
    ticker.look();
  }

  // Who waits

  /** Begins to wait for a run. From any thread. */
  RunWaiters.Waiter waitFor(RunId run) {
    var waiter = new RunWaiters.Waiter();
    host.post(() -> runWaiters.add(run, waiter, dispatcher.holds(run)));
    return waiter;
  }

  /** Forgets somebody who waits for a run no longer. From any thread. */
  void forget(RunId run, RunWaiters.Waiter waiter) {
    host.post(() -> runWaiters.remove(run, waiter));
  }

  /** Returns those who wait for runs. */
  RunWaiters runWaiters() {
    return runWaiters;
  }

  /** Returns a future that is done when nothing is due or running. */
  CompletableFuture<Void> whenIdle() {
    if (closed.isDone()) {
      return closed; // nothing runs here any more
    }
    var idle = new CompletableFuture<Void>();
    host.post(
        () -> {
          idleWaiters.add(new IdleWaiter(dispatcher.nextExchange(), ticker.nextLook(), idle));
          ticker.look();
          dispatcher.poll();
        });
    return idle;
  }

  /** Tells those who wait for idleness, if it has come. */
  void checkIdle() {
    idleWaiters.removeIf(
        waiter -> {
          boolean idle =
              dispatcher.isIdleSince(waiter.exchange())
                  && ticker.isIdleSince(waiter.look())
                  && deliverer.isIdle()
                  && !refreshing;
          return idle && waiter.done().complete(null);
        });
    leaveIfDone();
  }

  // The end

  /** Begins to close. The future is done when close() may return. */
  CompletableFuture<Void> close() {
    host.post(this::beginToClose);
    return closed;
  }

  /** Returns a future that is done when this node has closed. */
  CompletableFuture<Void> whenClosed() {
    return closed;
  }

  private void beginToClose() {
    if (phase != Phase.RUNNING) {
      return;
    }
    phase = Phase.CLOSING;
    ticker.stop();
    janitor.stop();
    alerts.stop();
    dispatcher.stop();
    host.after(settings.grace(), this::interruptHandlers);
    leaveIfDone();
  }

  private void interruptHandlers() {
    if (phase == Phase.CLOSING) {
      dispatcher.handlers().interruptAll();
      host.after(AFTER_INTERRUPT, this::stopWaiting);
    }
  }

  private void stopWaiting() {
    if (phase != Phase.CLOSING) {
      return;
    }
    if (dispatcher.handlers().isEmpty()) {
      giveUpWriting();
    } else {
      phase = Phase.LINGERING;
      log.warn("closed, but handlers go on; their lease is renewed until they end");
      closed.complete(null);
    }
  }

  private void giveUpWriting() {
    if (phase != Phase.CLOSED && dispatcher.handlers().isEmpty()) {
      log.warn(
          "closed with {} runs whose outcome the store did not take; others take them over",
          dispatcher.holds());
      finish();
    }
  }

  void bodyEnded() {
    if (phase == Phase.LINGERING && dispatcher.handlers().isEmpty()) {
      host.after(AFTER_INTERRUPT, this::giveUpWriting);
    }
    leaveIfDone();
  }

  private void leaveIfDone() {
    boolean closing = phase == Phase.CLOSING || phase == Phase.LINGERING;
    if (!closing || leaving || !dispatcher.isEmpty()) {
      return;
    }
    NodeId id = membership.id();
    if (id == null) {
      finish();
      return;
    }
    leaving = true;
    membership.leaving(true);
    host.<Boolean>io(
        () -> store.leave(id),
        (left, thrown) -> {
          leaving = false;
          if (left != null && !left) {
            membership.leaving(false);
            dispatcher.compareSoon(); // a claim of unknown outcome; it is handed back
          } else {
            finish();
          }
        });
  }

  private void finish() {
    if (phase == Phase.CLOSED) {
      return;
    }
    phase = Phase.CLOSED;
    membership.end();
    JobStore.Subscription subscription = hints;
    if (subscription != null) {
      subscription.close();
    }
    if (dispatcher.refused() == 0) {
      log.info("closed");
    } else {
      log.info(
          "closed; {} outcomes were refused, their runs had been taken over or moved",
          dispatcher.refused());
    }
    idleWaiters.forEach(waiter -> waiter.done().complete(null)); // nothing runs here any more
    runWaiters.leave();
    closeStoreWhenQuiet(now() + LAST_CALLS.toNanos());
  }

  /**
   * Calls that are under way return first, unless they hang: whoever closes may close the pool
   * next.
   */
  private void closeStoreWhenQuiet(long deadline) {
    int listening = listeners.isQuiet() ? 0 : 1;
    if (host.underWay() > listening && now() < deadline) {
      host.after(Duration.ofMillis(10), () -> closeStoreWhenQuiet(deadline));
      return;
    }
    closeStore();
    closed.complete(null);
    closeHostWhenQuiet(now() + LAST_EVENTS.toNanos());
  }

  private void closeStore() {
    try {
      store.close();
    } catch (RuntimeException failed) {
      log.warn("the store could not be closed", failed);
    }
  }

  /** Listeners hear the last events before the threads end, unless they block. */
  private void closeHostWhenQuiet(long deadline) {
    if (listeners.isQuiet()) {
      host.close();
    } else if (now() >= deadline) {
      log.warn("a listener has not returned for {}; the last events are dropped", LAST_EVENTS);
      host.close();
    } else {
      host.after(Duration.ofMillis(10), () -> closeHostWhenQuiet(deadline));
    }
  }

  /** Returns the nanoseconds since the start of this node. */
  long now() {
    return host.nanoTime() - startNanos;
  }
}
