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
   *
   * A renewal may hang for longer than the lease, on a connection that leads nowhere. So another one
   * is sent beside it soon, on another connection, and whichever is answered counts. Each without an
   * answer doubles the wait: a store that hangs for hours costs a few threads.
   */
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);
  private static final int REAP_BATCH = 500;
  private static final int MOST_DOUBLINGS = 8;
  private static final String RENEW = "renew the lease";
  private static final String JOIN = "join";

  /** Who must act when the membership changes. */
  interface Listener {
    /** A renewal was answered after one that had failed. */
    void storeAnswers();

    /** The lease is valid again after it was not. */
    void leaseRegained();

    /** This incarnation is dead: drop what it holds. Returns how many runs that were. */
    int incarnationLost();

    /** Nodes whose lease has ended are about to be declared dead. Off the control loop. */
    void nodesExpired();

    /** Runs of dead nodes were freed. */
    void runsFreed(List<RunId> runs);
  }

  private final Host host;
  private final JobStore store;
  private final Calls joins;
  private final Calls reaps;
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
  private boolean joining;
  private boolean failing;
  private int renewals;
  private int unanswered; // renewals
  private long answered; // nanoTime at which the last renewal or join was sent that was answered
  private Host.@Nullable Cancellable expiry;
  private Host.@Nullable Cancellable next;

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
    this.joins = new Calls(host);
    this.reaps = new Calls(host);
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
    renewIn(lease.dividedBy(3));
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
    answered = sentNanos;
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

  private void renewIn(Duration delay) {
    if (next != null) {
      next.cancel();
    }
    next = host.after(delay, this::renew);
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
    renewIn(lease.dividedBy(9).multipliedBy(1L << Math.min(unanswered, MOST_DOUBLINGS)));
    unanswered++;
    long sent = host.nanoTime();
    host.<Lease>io(
        () -> store.renew(renewed, lease),
        (answer, thrown) -> {
          unanswered--;
          if (ended || !renewed.equals(id)) {
            return; // of a dead incarnation
          }
          boolean overtaken = sent - answered < 0;
          if (answer instanceof Lease.Lost) {
            if (!leaving) { // else our own leaving came before this renewal
              lost();
            }
          } else if (!overtaken && answer instanceof Lease.Held held) {
            renewIn(lease.dividedBy(3)); // first of all: nothing may end the chain
            renewed(held, sent);
          } else if (!overtaken) {
            failed(RENEW, thrown);
          }
        });
  }

  private void renewed(Lease.Held answer, long sentNanos) {
    outage.answered(RENEW);
    boolean wasHeld = held();
    extend(sentNanos);
    if (failing) {
      failing = false;
      owner.storeAnswers();
    }
    if (!wasHeld && held()) {
      lapsed = false;
      log.info("the lease is valid again; nobody had taken over");
      owner.leaseRegained();
    }
    renewals++;
    // Now and then also without an expired node in sight: that finds a claim which a dead node
    // committed late, after the reaper had looked.
    if (answer.reaper() && (answer.expired() || renewals % 10 == 0)) {
      reap(answer.expired());
    }
  }

  private void failed(String what, @Nullable Throwable thrown) {
    renewIn(lease.dividedBy(9));
    failing = true;
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
    if (joining) {
      return;
    }
    joining = true;
    long sent = host.nanoTime();
    joins.<NodeId>make(
        () -> store.join(card, lease),
        (joined, thrown) -> {
          joining = false;
          if (ended) {
            return;
          }
          if (joined == null) {
            failed(JOIN, thrown);
          } else {
            renewIn(lease.dividedBy(3));
            outage.answered(JOIN);
            outage.answered(RENEW);
            adopt(joined, sent);
            owner.leaseRegained();
          }
        });
  }

  private void reap(boolean expired) {
    NodeId by = id;
    if (by == null || !held()) {
      return;
    }
    reaps.<List<RunId>>make(
        () -> {
          if (expired) {
            owner.nodesExpired();
          }
          return store.reap(by, lease, REAP_BATCH);
        },
        (freed, thrown) -> {
          if (freed == null || freed.isEmpty()) {
            return; // the next renewal tries again
          }
          log.info("took over {} runs of nodes that are gone", freed.size());
          listeners.publish(new SchedulerEvent.RunsRecovered(freed.size()));
          owner.runsFreed(freed);
          if (freed.size() >= REAP_BATCH) {
            reap(false);
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
    if (next != null) {
      next.cancel();
    }
  }
}
