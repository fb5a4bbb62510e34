// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Status;
import dev.belfry.store.Claimed;
import dev.belfry.store.Ending;
import dev.belfry.store.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells people and listeners what an outcome means, once it is written. */
final class Reports {
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);

  private Reports() {}

  static void publish(
      ListenerBus listeners,
      JobDefinition<?, ?> job,
      Claimed claim,
      Outcome outcome,
      Optional<Throwable> thrown) {
    Ending ending = outcome.ending();
    logFailure(job, claim, ending, thrown);
    if (!listeners.isHeard()) {
      return;
    }
    boolean failed =
        ending instanceof Ending.Retried
            || ending instanceof Ending.Failed
            || ending instanceof Ending.TimedOut;
    if (failed) {
      Optional<Duration> retryIn =
          ending instanceof Ending.Retried retried
              ? Optional.of(retried.delay())
              : Optional.empty();
      listeners.publish(
          new SchedulerEvent.AttemptFailed(
              job.name(),
              claim.id(),
              claim.attempt(),
              thrown.orElseGet(() -> new TimeoutException(detail(ending))),
              retryIn));
    }
    if (ending instanceof Ending.Blocked blocked) {
      listeners.publish(
          new SchedulerEvent.RunBlocked(job.name(), claim.id(), claim.attempt(), blocked.detail()));
    }
    Status status = finalStatus(ending);
    if (status != null) {
      listeners.publish(
          new SchedulerEvent.RunEnded(
              job.name(), claim.id(), claim.attempt(), status, thrown, outcome.report().ran()));
    }
  }

  private static void logFailure(
      JobDefinition<?, ?> job, Claimed claim, Ending ending, Optional<Throwable> thrown) {
    if (ending instanceof Ending.Retried retried) {
      log.warn(
          "run {} of job {}: {}: {}",
          claim.id(),
          job.name(),
          retried.detail(),
          retried.failure().message());
    } else if (ending instanceof Ending.Failed || ending instanceof Ending.TimedOut) {
      log.error(
          "run {} of job {} ended {}: {}",
          claim.id(),
          job.name(),
          finalStatus(ending),
          detail(ending),
          thrown.orElse(null));
    } else if (ending instanceof Ending.Blocked blocked) {
      log.error("run {} of job {} is blocked: {}", claim.id(), job.name(), blocked.detail());
    }
  }

  private static String detail(Ending ending) {
    if (ending instanceof Ending.Failed failed) {
      return failed.detail();
    }
    return ending instanceof Ending.TimedOut timedOut ? timedOut.detail() : "";
  }

  /** Returns the state that an ending ends a run in; null if the run goes on. */
  static @Nullable Status finalStatus(Ending ending) {
    if (ending instanceof Ending.Completed) {
      return Status.COMPLETED;
    } else if (ending instanceof Ending.Failed) {
      return Status.FAILED;
    } else if (ending instanceof Ending.TimedOut) {
      return Status.TIMED_OUT;
    } else if (ending instanceof Ending.Cancelled) {
      return Status.CANCELLED;
    }
    return ending instanceof Ending.Skipped ? Status.SKIPPED : null;
  }
}
