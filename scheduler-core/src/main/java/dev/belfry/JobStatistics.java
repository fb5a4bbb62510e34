// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How a job has fared, as far back as statistics are kept (90 days).
 *
 * @param job the name of the job
 * @param total runs that ended, in whatever way
 * @param completed runs that ended COMPLETED
 * @param failed runs that ended FAILED
 * @param timedOut runs that ended TIMED_OUT
 * @param cancelled runs that ended CANCELLED
 * @param skipped runs that ended SKIPPED
 * @param mean the mean time that the last pass of a completed, failed or timed-out run took
 * @param longest the longest such time
 * @param lastRun the newest run that ended
 * @param lastSuccess the newest run that completed
 * @param lastFailure the newest run that failed or timed out
 * @param nextRun when the next run is due, by a schedule or because it waits already
 * @param lastRuns the newest ten runs, newest first, pending ones included
 */
public record JobStatistics(
    String job,
    long total,
    long completed,
    long failed,
    long timedOut,
    long cancelled,
    long skipped,
    Optional<Duration> mean,
    Optional<Duration> longest,
    Optional<Run> lastRun,
    Optional<Run> lastSuccess,
    Optional<Run> lastFailure,
    Optional<Instant> nextRun,
    List<Run> lastRuns) {
  /**
   * Returns completed / (completed + failed + timed out), between 0 and 1; empty while none of
   * these has happened.
   */
  public OptionalDouble successRate() {
    long judged = completed + failed + timedOut;
    return judged == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) completed / judged);
  }
}
