// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

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
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Makes handles of runs, and waits for their ends. Thread-safe. */
final class Handles {
  /*
   * A run that ends on this node is heard of at once. One that ends elsewhere is found by asking the
   * store, after pauses that double from 20 ms up to a second.
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
    return new Handle<>(accepted.run(), accepted instanceof Accepted.Created, null);
  }

  <O extends @Nullable Object> ResultHandle<O> of(Accepted accepted, JobDefinition<?, O> job) {
    return new Handle<>(accepted.run(), accepted instanceof Accepted.Created, job);
  }

  /** Waits until a run has ended; empty if the time is over before. */
  private Optional<RunRecord> awaitEnd(RunId run, Duration timeout) throws InterruptedException {
    long deadline = host.nanoTime() + Lanes.nanos(timeout);
    Duration pause = FIRST_PAUSE;
    while (true) {
      CompletableFuture<Void> left =
          node.map(n -> n.whenRunLeaves(run)).orElseGet(CompletableFuture::new);
      try {
        Optional<RunRecord> found = store.runs(List.of(run)).stream().findFirst();
        if (found.isPresent() && found.get().run().status().isFinal()) {
          return found;
        }
        var remaining = Duration.ofNanos(deadline - host.nanoTime());
        if (remaining.isNegative() || remaining.isZero()) {
          return Optional.empty();
        }
        host.await(left, pause.compareTo(remaining) < 0 ? pause : remaining);
      } finally {
        node.ifPresent(n -> n.forget(run, left));
      }
      Duration doubled = pause.multipliedBy(2);
      pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }
  }

  private final class Handle<O extends @Nullable Object> implements ResultHandle<O> {
    private final RunId id;
    private final boolean created;
    private final @Nullable JobDefinition<?, O> job;

    Handle(RunId id, boolean created, @Nullable JobDefinition<?, O> job) {
      this.id = id;
      this.created = created;
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
      return awaitEnd(id, timeout).map(RunRecord::run);
    }

    @Override
    public O result(Duration timeout) throws InterruptedException {
      Optional<RunRecord> ended = awaitEnd(id, timeout);
      if (ended.isEmpty()) {
        Run run = store.runs(List.of(id)).stream().findFirst().map(RunRecord::run).orElse(null);
        throw NotCompletedException.notInTime(id, run, timeout);
      }
      Optional<Payload> result = ended.get().result();
      if (ended.get().run().status() != Status.COMPLETED || result.isEmpty() || job == null) {
        throw NotCompletedException.otherwise(ended.get().run());
      }
      return payloads.decode(job.result(), result.get());
    }

    @Override
    public String toString() {
      return "run " + id;
    }
  }

  /** Says how a run ended, for messages. */
  static String endOf(RunState state) {
    if (state instanceof RunState.Failed failed) {
      return "FAILED: " + failed.failure().type() + ": " + failed.failure().message();
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
