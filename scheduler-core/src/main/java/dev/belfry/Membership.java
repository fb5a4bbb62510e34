// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.store.JobStore;
import dev.belfry.store.Lease;
import dev.belfry.store.NodeCard;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node's lease and frees the runs of dead nodes. On the control loop, but for {@link
 * #held()}, which any thread may ask.
 */
final class Membership {
  /*
   * The lease is judged by the monotonic clock, from before its renewal was sent, less a tenth: so
   * this node stops earlier than any other may take over. When it has run out, a late renewal may
   * still succeed, because only a mark of death ends an incarnation; after that the node drops what
   * it holds and joins as a new one.
   */
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);
  private static final int REAP_BATCH = 500;
  private static final String RENEW = "renew the lease";
  private static final String JOIN = "join";

  /** Who must act when the membership changes. */
  interface Listener {
    /** The lease is valid again after it was not. */
    void leaseRegained();

    /** This incarnation is dead: drop what it holds. Returns how many runs that were. */
    int incarnationLost();

    /** Runs of dead nodes were freed. */
    void runsFreed(List<RunId> runs);
  }

  private final Host host;
  private final JobStore store;
  private final NodeCard card;
  private final Duration lease;
  private final Outage outage;
  private final ListenerBus listeners;
  private final Listener owner;
  private @Nullable NodeId id;
  private volatile long deadline; // nanoTime; meaningful while member
  private volatile boolean member;
  private boolean leaving;
  private boolean ended;
  private boolean lapsed;
  private int renewals;
  private Host.@Nullable Cancellable expiry;

  Membership(
      Host host,
      JobStore store,
      NodeCard card,
      Duration lease,
      Outage outage,
      ListenerBus listeners,
      Listener owner) {
    this.host = host;
    this.store = store;
    this.card = card;
    this.lease = lease;
    this.outage = outage;
    this.listeners = listeners;
    this.owner = owner;
  }

  /** Joins on the caller's thread, before the loop begins, so that a refusal reaches the caller. */
  NodeId joinFirst() {
    long sent = host.nanoTime();
    NodeId joined = store.join(card, lease);
    adopt(joined, sent);
    return joined;
  }

  /** Begins to renew. */
  void begin() {
    host.after(lease.dividedBy(3), this::renew);
  }

  /** Returns whether the lease is valid, so that this node may claim, start and write. */
  boolean held() {
    return member && deadline - host.nanoTime() > 0;
  }

  /** Returns the present incarnation; null between the loss of one and the next. */
  @Nullable NodeId id() {
    return id;
  }

  private void adopt(NodeId joined, long sentNanos) {
    id = joined;
    extend(sentNanos);
    member = true;
  }

  private void extend(long sentNanos) {
    deadline = sentNanos + lease.toNanos() / 10 * 9;
    if (expiry != null) {
      expiry.cancel();
    }
    expiry = host.after(Duration.ofNanos(deadline - host.nanoTime()), this::lapse);
  }

  /** Says that the lease is over, also while a renewal neither fails nor is answered. */
  private void lapse() {
    if (!ended && !held() && !lapsed) {
      lapsed = true;
      log.warn("the lease has run out: nothing is claimed or started until it is renewed");
    }
  }

  private void renew() {
    NodeId renewed = id;
    if (ended) {
      return;
    }
    if (renewed == null) {
      rejoin();
      return;
    }
    long sent = host.nanoTime();
    host.<Lease>io(
        () -> store.renew(renewed, lease),
        (answer, thrown) -> {
          if (ended) {
            return;
          }
          if (answer instanceof Lease.Held held) {
            host.after(lease.dividedBy(3), this::renew); // first of all: nothing may end the chain
            renewed(held, sent);
          } else if (answer == null) {
            failed(RENEW, thrown);
          } else if (!leaving) { // else our own leaving came before this renewal
            lost();
          }
        });
  }

  private void renewed(Lease.Held answer, long sentNanos) {
    outage.answered(RENEW);
    boolean wasHeld = held();
    extend(sentNanos);
    if (!wasHeld && held()) {
      lapsed = false;
      log.info("the lease is valid again; nobody had taken over");
      owner.leaseRegained();
    }
    renewals++;
    // Now and then also without an expired node in sight: that finds a claim which a dead node
    // committed late, after the reaper had looked.
    if (answer.reaper() && (answer.expired() || renewals % 10 == 0)) {
      reap();
    }
  }

  private void failed(String what, @Nullable Throwable thrown) {
    host.after(lease.dividedBy(9), this::renew);
    outage.failed(what, thrown);
    lapse();
  }

  private void lost() {
    member = false;
    id = null;
    lapsed = false;
    rejoin();
    int dropped = owner.incarnationLost();
    log.warn("this node was declared dead by another; it dropped {} runs and joins anew", dropped);
    listeners.publish(new SchedulerEvent.NodeRejoined(dropped));
  }

  private void rejoin() {
    long sent = host.nanoTime();
    host.<NodeId>io(
        () -> store.join(card, lease),
        (joined, thrown) -> {
          if (ended) {
            return;
          }
          if (joined == null) {
            failed(JOIN, thrown);
          } else {
            host.after(lease.dividedBy(3), this::renew);
            outage.answered(JOIN);
            outage.answered(RENEW);
            adopt(joined, sent);
            owner.leaseRegained();
          }
        });
  }

  private void reap() {
    NodeId by = id;
    if (by == null || !held()) {
      return;
    }
    host.<List<RunId>>io(
        () -> store.reap(by, lease, REAP_BATCH),
        (freed, thrown) -> {
          if (freed == null || freed.isEmpty()) {
            return; // the next renewal tries again
          }
          log.info("took over {} runs of nodes that are gone", freed.size());
          listeners.publish(new SchedulerEvent.RunsRecovered(freed.size()));
          owner.runsFreed(freed);
          if (freed.size() >= REAP_BATCH) {
            reap();
          }
        });
  }

  /** Notes whether this node is about to leave by itself. */
  void leaving(boolean now) {
    leaving = now;
  }

  /** Stops renewing. What was held until now may be taken over once the lease has run out. */
  void end() {
    ended = true;
    member = false;
    if (expiry != null) {
      expiry.cancel();
    }
  }
}
