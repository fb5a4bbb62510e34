// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import dev.belfry.run.Failure;
import dev.belfry.run.NodeId;
import dev.belfry.run.RunId;
import dev.belfry.store.Claimed;
import dev.belfry.store.CodecException;
import dev.belfry.store.Ending;
import dev.belfry.store.PassReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** One pass of a run: decodes the input, calls the handler, decides where the run goes. */
final class HandlerPass extends WorkerPass {
  private final JobDefinition<?, ?> job;
  private final Claimed claim;
  private final Payloads payloads;
  private final PassContext context;
  private final String nodeName;
  private final Host host;

  HandlerPass(
      JobDefinition<?, ?> job,
      Claimed claim,
      Settings settings,
      NodeId node,
      MemoWriter writer,
      long claimedNanos,
      BooleanSupplier leaseHeld,
      Runnable interrupter) {
    super(job, settings, claimedNanos);
    this.job = job;
    this.claim = claim;
    this.payloads = settings.payloads();
    this.nodeName = settings.name();
    this.host = settings.host();
    this.context =
        new PassContext(
            new PassFrame(
                claim,
                node,
                settings,
                writer,
                claimedNanos,
                this::isTold,
                leaseHeld,
                interrupter,
                PassWatch.NONE));
  }

  // On the worker

  @Override
  public void run() {
    begin();
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
      return Endings.undecodable(undecodable);
    }
    if (claim.opened() && !typed.dependencies().isWanted(input)) {
      return Endings.unwanted();
    }
    Optional<Ending> cancelled = cancelledBefore(claim);
    if (cancelled.isPresent()) {
      return cancelled.get();
    }
    O value;
    try {
      context.begin();
      host.beforeBody(claim.id(), claim.job(), "", claim.attempt());
      value = typed.call().run(context, input);
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
      end(suspended(suspension.get()), null);
    } else {
      if (returned instanceof Ending.Completed) {
        context.noteUnmet();
      }
      end(returned, thrown);
    }
  }

  private static Ending suspended(PassCourse.Suspension suspension) {
    return suspension.on().isEmpty()
        ? new Ending.Snoozed(Duration.ZERO, suspension.words())
        : new Ending.Suspended(suspension.on(), suspension.words());
  }

  private void end(@Nullable Ending returned, @Nullable Throwable thrown) {
    PassReport report = report();
    settle(
            told ->
                thrown == null && returned != null
                    ? List.of(ofReturn(claim, returned, told, report))
                    : List.of(ofThrown(claim, cause(thrown), told, report)))
        .map(results -> Reports.finalStatus(results.get(0).ending()))
        .ifPresent(context::finished);
  }

  private static Throwable cause(@Nullable Throwable thrown) {
    return thrown == null ? new IllegalStateException("no result") : thrown;
  }

  private PassReport report() {
    return context.report(waited(), ran());
  }

  // On the control loop

  @Override
  boolean cut(RunId run, Cut why, String reason) {
    return cut(why, reason);
  }

  @Override
  Optional<String> swallowed() {
    return context.course().swallowed();
  }

  @Override
  List<Result> resultsOfThrown(Throwable thrown, @Nullable Told told) {
    return List.of(ofThrown(claim, thrown, told, report()));
  }
}
