// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.time.Duration;
import java.time.Instant;

/**
 * What ended of one job in some minutes, over all nodes.
 *
 * @param job the job
 * @param start when the minutes begin, a multiple of their length since 1970
 * @param completed runs that ended COMPLETED
 * @param failed runs that ended FAILED
 * @param timedOut runs that ended TIMED_OUT
 * @param cancelled runs that ended CANCELLED
 * @param skipped runs that ended SKIPPED
 * @param total the sum of how long the last passes of the completed, failed and timed-out runs ran
 * @param longest the longest of these
 */
public record Rollup(
    String job,
    Instant start,
    long completed,
    long failed,
    long timedOut,
    long cancelled,
    long skipped,
    Duration total,
    Duration longest) {}
