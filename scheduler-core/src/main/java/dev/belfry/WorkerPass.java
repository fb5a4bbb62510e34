// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import dev.belfry.run.RunId;
import dev.belfry.store.Claimed;
import dev.belfry.store.Ending;
import dev.belfry.store.JobStore;
import dev.belfry.store.PassReport;
import dev.belfry.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a worker does in one go: a pass of one run, or of the runs of a batch. The control loop may
 * cut it short; whichever comes first, the cut or the end, wins.
 */
abstract class WorkerPass implements Runnable {
  /*
   * The state moves by compare-and-set: going, perhaps told to end, then over or abandoned. So the
   * control loop never waits for the worker, which decides outside any lock: a retry policy may hold
   * predicates of strangers. If a cut comes while the worker decides, it decides once more.
   */

  /** Why the loop wants a pass to end. */
  enum Cut {
    CANCELLED,
    TIMED_OUT,
    OVERDUE,
    SHUT_DOWN,
    LEASE_LOST
  }

  /**
   * What a pass of a run came to.
   *
   * @param pausesJob whether the job is to be paused before the run is let go
   */
  record Result(
      Claimed claim,
      Ending ending,
      PassReport report,
      Optional<Throwable> thrown,
      boolean pausesJob) {}

  /** Where a pass is. */
  sealed interface State {}

  private record Going() implements State {}

  /** That a pass was told to end. */
  record Told(Cut why, String reason) implements State {}

  private record Over(List<Result> results) implements State {}

  private record Abandoned(Told told) implements State {}

  private final JobDefinition<?, ?> job;
  private final JobStore store;
  private final Host host;
  private final long claimedNanos;
  private final AtomicReference<State> state = new AtomicReference<>(new Going());
  private volatile long startedNanos;

  /**
   * Creates a pass.
   *
   * @param claimedNanos when the claim was answered, by the host's monotonic clock
   */
  WorkerPass(JobDefinition<?, ?> job, Settings settings, long claimedNanos) {
    this.job = job;
    this.store = settings.store();
    this.host = settings.host();
    this.claimedNanos = claimedNanos;
    this.startedNanos = host.nanoTime();
  }

  // On the worker

  final void begin() {
    startedNanos = host.nanoTime();
  }

  /**
   * Returns how a run ends that may have been cancelled unseen: it does not start before that is
   * known.
   */
  final Optional<Ending> cancelledBefore(Claimed claim) {
    if (!claim.opened()) {
      return Optional.empty();
    }
    try {
      return CancelRule.lookBack(store, job, claim).map(Ending.Cancelled::new);
    } catch (StoreException unanswered) {
      if (unanswered.kind() == StoreException.Kind.PERMANENT) {
        throw unanswered; // else the run would be claimed and handed back for ever
      }
      return Optional.of(
          new Ending.HandedBack(
              false, "the store did not say what cancels it: " + unanswered.getMessage()));
    }
  }

  /**
   * Ends the pass as is decided of what it was told, null if nothing.
   *
   * @return what it came to; empty if it was given up before
   */
  final Optional<List<Result>> settle(Function<@Nullable Told, List<Result>> decide) {
    while (true) {
      State seen = state.get();
      if (seen instanceof Over || seen instanceof Abandoned) {
        return Optional.empty();
      }
      List<Result> results = decide.apply(seen instanceof Told told ? told : null);
      if (state.compareAndSet(seen, new Over(results))) {
        return Optional.of(results);
      }
    }
  }

  final Result ofReturn(Claimed claim, Ending returned, @Nullable Told told, PassReport report) {
    boolean early = returned instanceof Ending.Completed || returned instanceof Ending.Suspended;
    if (early && told != null) {
      if (told.why() == Cut.TIMED_OUT) {
        var late = new TimeoutException(told.reason() + "; it returned later");
        return ofThrown(claim, late, told, report);
      } else if (told.why() == Cut.CANCELLED) {
        var cancelled = new Ending.Cancelled(told.reason());
        return new Result(claim, cancelled, report, Optional.empty(), false);
      } else if (told.why() == Cut.OVERDUE) {
        return new Result(claim, overdue(told, "returned later"), report, Optional.empty(), false);
      }
    }
    return new Result(claim, returned, report, Optional.empty(), false);
  }

  final Result ofThrown(Claimed claim, Throwable thrown, @Nullable Told told, PassReport report) {
    Endings.Decided decided = decide(claim, thrown, told, report.ran());
    return new Result(claim, decided.ending(), report, Optional.of(thrown), decided.pausesJob());
  }

  private Endings.Decided decide(
      Claimed claim, Throwable thrown, @Nullable Told told, Duration ran) {
    if (told == null || told.why() == Cut.LEASE_LOST) {
      return Endings.ofFailure(claim, job, ran, thrown, false);
    }
    return switch (told.why()) {
      case CANCELLED -> new Endings.Decided(new Ending.Cancelled(told.reason()), false);
      case OVERDUE -> new Endings.Decided(overdue(told, "was interrupted"), false);
      case SHUT_DOWN -> Endings.ofShutdown(claim, job, ran, thrown);
      default -> Endings.ofFailure(claim, job, ran, timeout(thrown, told), true);
    };
  }

  private static Ending overdue(Told told, String how) {
    return FinishLimit.ending(told.reason(), "its handler " + how);
  }

  private static Throwable timeout(Throwable thrown, Told told) {
    if (thrown instanceof TimeoutException) {
      return thrown;
    }
    var timeout = new TimeoutException(told.reason());
    timeout.initCause(thrown);
    return timeout;
  }

  /** Returns how long the pass waited for a worker. */
  final Duration waited() {
    return Duration.ofNanos(startedNanos - claimedNanos);
  }

  /** Returns whether the pass was told to end, or is over. From any thread. */
  final boolean isTold() {
    return !(state.get() instanceof Going);
  }

  // On the control loop

  /**
   * Tells the handler to end.
   *
   * @return whether it was told now; false if it has ended or was told before
   */
  final boolean cut(Cut why, String reason) {
    State seen = state.get();
    return seen instanceof Going && state.compareAndSet(seen, new Told(why, reason));
  }

  /**
   * Tells the handler that one of its runs is to end.
   *
   * @return whether the handler was told to end by that, now; false if it goes on with other runs
   */
  abstract boolean cut(RunId run, Cut why, String reason);

  /** Returns what the pass came to, for each of its runs, once it has ended. */
  final Optional<List<Result>> results() {
    return state.get() instanceof Over over ? Optional.of(over.results()) : Optional.empty();
  }

  /** Returns what the pass waits for though its handler did not let itself be unwound. */
  abstract Optional<String> swallowed();

  /**
   * Gives up a pass that was told to end and did not; what it comes to later counts no more.
   *
   * @return whether it is given up; false if it has ended meanwhile
   */
  final boolean abandon() {
    return state.get() instanceof Told told && state.compareAndSet(told, new Abandoned(told));
  }

  /** Returns whether the pass was given up. */
  final boolean isAbandoned() {
    return state.get() instanceof Abandoned;
  }

  /** Returns how long the handler has been running. */
  final Duration ran() {
    return Duration.ofNanos(host.nanoTime() - startedNanos);
  }

  /** Decides for a pass that was given up. Calls the job's retry policy, so not on the loop. */
  final List<Result> resultsOfAbandoned() {
    Told told = ((Abandoned) state.get()).told();
    return resultsOfThrown(
        new TimeoutException(told.reason() + "; it ignores the interrupt"), told);
  }

  /** Returns what the runs come to if the handler throws this. */
  abstract List<Result> resultsOfThrown(Throwable thrown, @Nullable Told told);
}
