// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import static java.util.Objects.requireNonNull;

import dev.belfry.retry.RetryPolicy;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The job whose runs bring alerts to their sinks. */
final class AlertJob {
  private static final Logger log = LoggerFactory.getLogger(Alerts.class);
  private static final RetryPolicy RETRY = RetryPolicy.defaults();
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  /** How many alerts are told at once on a node, where nobody says otherwise. */
  static final int WORKERS = 2;

  private AlertJob() {}

  /** A queue of its own keeps its workers free when those of others hang. */
  static Job<Alert> of(List<AlertSink> sinks) {
    return Job.named(Alerts.JOB, Alert.class)
        .title("Alerts")
        .queue(Alerts.JOB)
        .retry(RETRY)
        .timeout(TIMEOUT)
        .inOrder(alert -> alert.rule() + " " + alert.job().orElse("")) // no end before its alert
        .handler((ctx, alert) -> tell(ctx, alert, sinks));
  }

  /** Returns the job as a node has it. */
  @SuppressWarnings("unchecked") // the name is that of this job alone
  static JobDefinition<Alert, ?> in(Jobs jobs) {
    return (JobDefinition<Alert, ?>)
        requireNonNull(jobs.find(Alerts.JOB), "it is registered where there are rules");
  }

  private static void tell(JobContext ctx, Alert alert, List<AlertSink> sinks) throws Exception {
    if (ctx.attempt() == 1) {
      if (alert.recovered()) {
        log.info("alert {}: {}", alert.rule(), alert.sentence());
      } else {
        log.warn("alert {}: {}", alert.rule(), alert.sentence());
      }
    }
    Exception failed = null;
    for (int i = 0; i < sinks.size(); i++) {
      failed = tell(ctx, "sink-" + (i + 1), alert, sinks.get(i), failed);
    }
    if (failed != null) {
      if (RETRY.maxAttempts().orElseThrow() <= ctx.attempt()) {
        log.error("alert {} could not be told: {}", alert.rule(), alert.sentence(), failed);
      }
      throw failed;
    }
  }

  /** A step, so that who has been told is not told again because another one has not. */
  private static @Nullable Exception tell(
      JobContext ctx, String step, Alert alert, AlertSink sink, @Nullable Exception before) {
    try {
      ctx.step(step, () -> sink.send(alert));
      return before;
    } catch (Exception failed) {
      if (before == null) {
        return failed;
      }
      before.addSuppressed(failed);
      return before;
    }
  }
}
