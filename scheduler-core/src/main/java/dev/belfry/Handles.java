// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.host.Host;
import dev.belfry.run.Run;
import dev.belfry.run.RunId;
import dev.belfry.run.RunState;
import dev.belfry.run.Status;
import dev.belfry.store.Accepted;
import dev.belfry.store.JobStore;
import dev.belfry.store.Payload;
import dev.belfry.store.RunRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes handles of runs, and waits for their ends. Thread-safe. */
final class Handles {
  /*
   * A run that ends on this node is heard of at once, with what it returned. One that ends elsewhere
   * is found by asking the store, after pauses that double from 20 ms up to a second. The store is
   * not asked for what is known: a run that was made just now has not ended, nor has one that this
   * node holds.
   */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final Host host;
  private final JobStore store;
  private final Payloads payloads;
  private final Optional<Node> node;

  Handles(Host host, JobStore store, Payloads payloads, Optional<Node> node) {
    this.host = host;
    this.store = store;
    this.payloads = payloads;
    this.node = node;
  }

  RunHandle of(Accepted accepted) {
    return handle(accepted, null);
  }

  <O extends @Nullable Object> ResultHandle<O> of(Accepted accepted, JobDefinition<?, O> job) {
    return handle(accepted, job);
  }

  private <O extends @Nullable Object> Handle<O> handle(
      Accepted accepted, @Nullable JobDefinition<?, O> job) {
    boolean created = accepted instanceof Accepted.Created;
    boolean fresh = created && node.isPresent();
    long notBefore = host.nanoTime() + (fresh ? FIRST_PAUSE.toNanos() : 0);
    return new Handle<>(accepted.run(), created, notBefore, job);
  }

  /**
   * Waits until a run has ended.
   *
   * @param notBefore when it is first worth the while to ask the store
   * @param resultOnly whether nothing but the result is wanted of a run that completes
   * @return empty if the time is over before
   */
  private Optional<Ended> await(RunId run, long notBefore, Duration timeout, boolean resultOnly)
      throws InterruptedException {
    long deadline = host.nanoTime() + Lanes.nanos(timeout);
    long ask = Math.min(notBefore, deadline);
    long pause = FIRST_PAUSE.toNanos();
    while (true) {
      RunWaiters.Waiter waiter = node.map(n -> n.waitFor(run)).orElseGet(RunWaiters.Waiter::new);
      try {
        if (host.nanoTime() >= ask) {
          Optional<RunRecord> found = store.runs(List.of(run)).stream().findFirst();
          if (found.isPresent() && found.get().run().status().isFinal()) {
            return Optional.of(new Ended(found, found.get().result()));
          }
          long now = host.nanoTime();
          if (now >= deadline) {
            return Optional.empty();
          }
          ask = Math.min(now + pause, deadline);
          pause = Math.min(2 * pause, LONGEST_PAUSE.toNanos());
        }
        if (awaitLeaving(waiter, ask, deadline)) {
          Optional<Payload> returned = waiter.left().getNow(Optional.empty());
          if (resultOnly && returned.isPresent()) {
            return Optional.of(new Ended(Optional.empty(), returned));
          }
          ask = host.nanoTime();
        }
      } finally {
        node.ifPresent(n -> n.forget(run, waiter));
      }
    }
  }

  /**
   * Waits until it is time to ask, or longer while the run is here; returns whether it has left.
   */
  private boolean awaitLeaving(RunWaiters.Waiter waiter, long ask, long deadline)
      throws InterruptedException {
    boolean left = host.await(waiter.left(), Duration.ofNanos(ask - host.nanoTime()));
    return left
        || (waiter.isHere()
            && host.await(waiter.left(), Duration.ofNanos(deadline - host.nanoTime())));
  }

  /**
   * A run that has ended.
   *
   * @param record all that the store knows, if it was asked
   * @param result what it returned, if it has completed
   */
  private record Ended(Optional<RunRecord> record, Optional<Payload> result) {}

  private final class Handle<O extends @Nullable Object> implements ResultHandle<O> {
    private final RunId id;
    private final boolean created;
    private final long notBefore;
    private final @Nullable JobDefinition<?, O> job;

    Handle(RunId id, boolean created, long notBefore, @Nullable JobDefinition<?, O> job) {
      this.id = id;
      this.created = created;
      this.notBefore = notBefore;
      this.job = job;
    }

    @Override
    public RunId id() {
      return id;
    }

    @Override
    public boolean created() {
      return created;
    }

    @Override
    public Optional<Run> await(Duration timeout) throws InterruptedException {
      return Handles.this
          .await(id, notBefore, timeout, false)
          .flatMap(Ended::record)
          .map(RunRecord::run);
    }

    @Override
    public O result(Duration timeout) throws InterruptedException {
      Optional<Ended> ended = Handles.this.await(id, notBefore, timeout, true);
      if (ended.isEmpty()) {
        Run run = store.runs(List.of(id)).stream().findFirst().map(RunRecord::run).orElse(null);
        throw NotCompletedException.notInTime(id, run, timeout);
      }
      Optional<Run> run = ended.get().record().map(RunRecord::run);
      Optional<Payload> result = ended.get().result();
      if (run.isPresent() && (run.get().status() != Status.COMPLETED || result.isEmpty())) {
        throw NotCompletedException.otherwise(run.get());
      }
      return payloads.decode(requireNonNull(job).result(), result.orElseThrow());
    }

    @Override
    public String toString() {
      return "run " + id;
    }
  }

  /** Says how a run ended, for messages. */
  static String endOf(RunState state) {
    if (state instanceof RunState.Failed failed) {
      return "FAILED: " + failed.failure();
    } else if (state instanceof RunState.TimedOut timedOut) {
      return "TIMED_OUT: " + timedOut.failure().message();
    } else if (state instanceof RunState.Cancelled cancelled) {
      return "CANCELLED: " + cancelled.reason();
    } else if (state instanceof RunState.Skipped skipped) {
      return "SKIPPED: " + skipped.reason();
    }
    return state.status().name();
  }
}
