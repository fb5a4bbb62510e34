// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import dev.belfry.run.Failure;
import dev.belfry.run.NodeId;
import dev.belfry.run.Status;
import dev.belfry.store.Claimed;
import dev.belfry.store.CodecException;
import dev.belfry.store.Ending;
import dev.belfry.store.JobStore;
import dev.belfry.store.PassReport;
import dev.belfry.store.StoreException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * One pass of a run on its worker: decodes the input, calls the handler, decides where the run
 * goes. The control loop may cut it short; whichever comes first, the cut or the end, wins.
 */
final class HandlerPass implements Runnable {
  /*
   * The state moves by compare-and-set: going, perhaps told to end, then over or abandoned. So the
   * control loop never waits for the worker, which decides outside any lock: a retry policy may hold
   * predicates of strangers. If a cut comes while the worker decides, it decides once more.
   */

  private static final String UNWANTED = "not wanted: its condition (onlyIf) is false";

  /** Why the loop wants a pass to end. */
  enum Cut {
    CANCELLED,
    TIMED_OUT,
    OVERDUE,
    SHUT_DOWN,
    LEASE_LOST
  }

  /**
   * What a pass came to.
   *
   * @param pausesJob whether the job is to be paused before the run is let go
   */
  record Result(Ending ending, PassReport report, Optional<Throwable> thrown, boolean pausesJob) {}

  private sealed interface State {}

  private record Going() implements State {}

  private record Told(Cut why, String reason) implements State {}

  private record Over(Result result) implements State {}

  private record Abandoned(Told told) implements State {}

  private final JobDefinition<?, ?> job;
  private final Claimed claim;
  private final Payloads payloads;
  private final JobStore store;
  private final Host host;
  private final PassContext context;
  private final String nodeName;
  private final long claimedNanos;
  private final AtomicReference<State> state = new AtomicReference<>(new Going());
  private volatile long startedNanos;

  HandlerPass(
      JobDefinition<?, ?> job,
      Claimed claim,
      Settings settings,
      NodeId node,
      MemoWriter writer,
      long claimedNanos,
      BooleanSupplier leaseHeld,
      Runnable interrupter) {
    this.job = job;
    this.claim = claim;
    this.payloads = settings.payloads();
    this.store = settings.store();
    this.host = settings.host();
    this.nodeName = settings.name();
    this.claimedNanos = claimedNanos;
    this.startedNanos = host.nanoTime();
    this.context =
        new PassContext(
            new PassFrame(
                claim,
                node,
                settings,
                writer,
                claimedNanos,
                () -> !(state.get() instanceof Going),
                leaseHeld,
                interrupter));
  }

  // On the worker

  @Override
  public void run() {
    startedNanos = host.nanoTime();
    MDC.put("job", job.name());
    MDC.put("run", claim.id().toString());
    MDC.put("attempt", Integer.toString(claim.attempt()));
    MDC.put("node", nodeName);
    Ending returned = null;
    Throwable thrown = null;
    try {
      returned = call(job);
    } catch (Throwable failed) {
      thrown = failed;
    }
    try {
      endAs(context.course(), returned, thrown);
    } finally {
      MDC.clear(); // the thread's next pass has no part in what this handler put there
    }
  }

  private <I extends @Nullable Object, O extends @Nullable Object> Ending call(
      JobDefinition<I, O> typed) throws Exception {
    I input;
    try {
      input = payloads.decode(typed.input(), claim.input());
    } catch (CodecException undecodable) {
      return new Ending.Blocked("its input can't be decoded: " + undecodable.getMessage());
    }
    if (claim.opened() && !typed.dependencies().isWanted(input)) {
      return new Ending.Skipped(UNWANTED);
    }
    Optional<Ending> cancelled = claim.opened() ? cancelledBefore() : Optional.empty();
    if (cancelled.isPresent()) {
      return cancelled.get();
    }
    O value;
    try {
      context.begin();
      value = typed.body().run(context, input);
    } finally {
      context.end();
    }
    try {
      return new Ending.Completed(payloads.result(typed, value));
    } catch (IllegalArgumentException refused) {
      return new Ending.Failed(
          Failure.of(refused),
          "the handler returned what can't be kept; another attempt won't help");
    }
  }

  /** A run that may have been cancelled unseen does not start before that is known. */
  private Optional<Ending> cancelledBefore() {
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

  /** Ends as the course of the pass says; only one that could go on ends as its handler did. */
  @SuppressWarnings("ReferenceEquality") // there is one signal
  private void endAs(PassCourse course, @Nullable Ending returned, @Nullable Throwable thrown) {
    Optional<RuntimeException> broken = course.broken();
    Optional<PassCourse.Suspension> suspension = course.suspension();
    if (suspension.isPresent() && thrown != PassCourse.SIGNAL) {
      course.swallow();
    }
    if (broken.isPresent()) {
      end(null, broken.get());
    } else if (suspension.isPresent()) {
      end(new Ending.Suspended(suspension.get().on(), suspension.get().words()), null);
    } else {
      if (returned instanceof Ending.Completed) {
        context.noteUnmet();
      }
      end(returned, thrown);
    }
  }

  private void end(@Nullable Ending returned, @Nullable Throwable thrown) {
    PassReport report = report();
    while (true) {
      State seen = state.get();
      if (seen instanceof Over || seen instanceof Abandoned) {
        return;
      }
      Told told = seen instanceof Told t ? t : null;
      Result result =
          thrown == null && returned != null
              ? ofReturn(returned, told, report)
              : ofThrown(thrown, told, report);
      if (state.compareAndSet(seen, new Over(result))) {
        Status status = Reports.finalStatus(result.ending());
        if (status != null) {
          context.finished(status);
        }
        return;
      }
    }
  }

  private Result ofReturn(Ending returned, @Nullable Told told, PassReport report) {
    boolean early = returned instanceof Ending.Completed || returned instanceof Ending.Suspended;
    if (early && told != null) {
      if (told.why() == Cut.TIMED_OUT) {
        var late = new TimeoutException(told.reason() + "; it returned later");
        return ofThrown(late, told, report);
      } else if (told.why() == Cut.CANCELLED) {
        return new Result(new Ending.Cancelled(told.reason()), report, Optional.empty(), false);
      } else if (told.why() == Cut.OVERDUE) {
        return new Result(overdue(told, "returned later"), report, Optional.empty(), false);
      }
    }
    return new Result(returned, report, Optional.empty(), false);
  }

  private Result ofThrown(@Nullable Throwable thrown, @Nullable Told told, PassReport report) {
    Throwable cause = thrown == null ? new IllegalStateException("no result") : thrown;
    Endings.Decided decided = decide(cause, told, report.ran());
    return new Result(decided.ending(), report, Optional.of(cause), decided.pausesJob());
  }

  private Endings.Decided decide(Throwable thrown, @Nullable Told told, Duration ran) {
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

  private PassReport report() {
    return context.report(
        Duration.ofNanos(startedNanos - claimedNanos),
        Duration.ofNanos(host.nanoTime() - startedNanos));
  }

  // On the control loop

  /**
   * Tells the handler to end.
   *
   * @return whether it was told now; false if it has ended or was told before
   */
  boolean cut(Cut why, String reason) {
    State seen = state.get();
    return seen instanceof Going && state.compareAndSet(seen, new Told(why, reason));
  }

  /** Returns what the pass came to, once it has ended. */
  Optional<Result> result() {
    return state.get() instanceof Over over ? Optional.of(over.result()) : Optional.empty();
  }

  /** Returns what the pass waits for though its handler did not let itself be unwound. */
  Optional<String> swallowed() {
    return context.course().swallowed();
  }

  /**
   * Gives up a pass that was told to end and did not; what it comes to later counts no more.
   *
   * @return whether it is given up; false if it has ended meanwhile
   */
  boolean abandon() {
    return state.get() instanceof Told told && state.compareAndSet(told, new Abandoned(told));
  }

  /** Returns whether the pass was given up. */
  boolean isAbandoned() {
    return state.get() instanceof Abandoned;
  }

  /** Returns how long the handler has been running. */
  Duration ran() {
    return Duration.ofNanos(host.nanoTime() - startedNanos);
  }

  /** Decides for a pass that was given up. Calls the job's retry policy, so not on the loop. */
  Result resultOfAbandoned() {
    Told told = ((Abandoned) state.get()).told();
    return ofThrown(
        new TimeoutException(told.reason() + "; it ignores the interrupt"), told, report());
  }
}
