// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.time.Duration;

/**
 * How long ended runs are kept.
 *
 * @param ended runs that ended COMPLETED, CANCELLED or SKIPPED
 * @param failed runs that ended FAILED or TIMED_OUT
 */
public record Retention(Duration ended, Duration failed) {}
