// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import dev.belfry.run.Failure;
import dev.belfry.store.Claimed;
import dev.belfry.store.CodecException;
import dev.belfry.store.Ending;
import dev.belfry.store.PassReport;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * One pass of a run on its worker: decodes the input, calls the handler, decides where the run
 * goes. The control loop may cut it short; whichever comes first, the cut or the end, wins.
 */
final class HandlerPass implements Runnable {
  /** Why the loop wants a pass to end. */
  enum Cut {
    CANCELLED,
    TIMED_OUT,
    SHUT_DOWN,
    LEASE_LOST
  }

  /**
   * What a pass came to.
   *
   * @param pausesJob whether the job is to be paused before the run is let go
   */
  record Result(Ending ending, PassReport report, Optional<Throwable> thrown, boolean pausesJob) {}

  private final JobDefinition<?, ?> job;
  private final Claimed claim;
  private final Payloads payloads;
  private final Host host;
  private final PassContext context;
  private final String node;
  private final long claimedNanos;
  private long startedNanos;
  private volatile @Nullable Cut cut;
  private String cutReason = "";
  private @Nullable Result result; // guarded by this

  HandlerPass(
      JobDefinition<?, ?> job,
      Claimed claim,
      Payloads payloads,
      Host host,
      String node,
      long claimedNanos,
      BooleanSupplier leaseHeld) {
    this.job = job;
    this.claim = claim;
    this.payloads = payloads;
    this.host = host;
    this.node = node;
    this.claimedNanos = claimedNanos;
    this.startedNanos = host.nanoTime();
    this.context = new PassContext(claim, host, () -> cut != null, leaseHeld);
  }

  @Override
  public void run() {
    startedNanos = host.nanoTime();
    MDC.put("job", job.name());
    MDC.put("run", claim.id().toString());
    MDC.put("attempt", Integer.toString(claim.attempt()));
    MDC.put("node", node);
    try {
      finish(call(job));
    } catch (Throwable thrown) {
      finishThrown(thrown);
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

  private synchronized void finish(Ending ending) {
    if (result != null) {
      return;
    }
    boolean completed = ending instanceof Ending.Completed;
    if (completed && cut == Cut.TIMED_OUT) {
      finishThrown(new TimeoutException(cutReason + "; it returned later"));
    } else if (completed && cut == Cut.CANCELLED) {
      result = new Result(new Ending.Cancelled(cutReason), report(), Optional.empty(), false);
    } else {
      result = new Result(ending, report(), Optional.empty(), false);
    }
  }

  private synchronized void finishThrown(Throwable thrown) {
    if (result != null) {
      return;
    }
    PassReport report = report();
    Endings.Decided decided = decide(thrown, report.ran());
    result = new Result(decided.ending(), report, Optional.of(thrown), decided.pausesJob());
  }

  private Endings.Decided decide(Throwable thrown, Duration ran) {
    Cut why = cut;
    if (why == null || why == Cut.LEASE_LOST) {
      return Endings.ofFailure(claim, job, ran, thrown, false);
    }
    return switch (why) {
      case CANCELLED -> new Endings.Decided(new Ending.Cancelled(cutReason), false);
      case SHUT_DOWN -> Endings.ofShutdown(claim, job, ran, thrown);
      default -> Endings.ofFailure(claim, job, ran, timeout(thrown), true);
    };
  }

  private Throwable timeout(Throwable thrown) {
    if (thrown instanceof TimeoutException) {
      return thrown;
    }
    var timeout = new TimeoutException(cutReason);
    timeout.initCause(thrown);
    return timeout;
  }

  private PassReport report() {
    return context.report(
        Duration.ofNanos(startedNanos - claimedNanos),
        Duration.ofNanos(host.nanoTime() - startedNanos));
  }

  /**
   * Tells the handler to end.
   *
   * @return whether it was told now; false if it has ended or was told before
   */
  synchronized boolean cut(Cut why, String reason) {
    if (result != null || cut != null) {
      return false;
    }
    cutReason = reason;
    cut = why;
    return true;
  }

  /** Returns what the pass came to, once it has ended. */
  synchronized Optional<Result> result() {
    return Optional.ofNullable(result);
  }

  /**
   * Gives up a pass that does not end, deciding for it; what it comes to later counts no more.
   *
   * @return what it comes to, unless it has ended meanwhile
   */
  synchronized Optional<Result> abandon() {
    if (result != null) {
      return Optional.empty();
    }
    finishThrown(new TimeoutException(cutReason + "; it ignores the interrupt"));
    return Optional.ofNullable(result);
  }

  /** Returns how long the handler has been running. */
  Duration ran() {
    return Duration.ofNanos(host.nanoTime() - startedNanos);
  }
}
