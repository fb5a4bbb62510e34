// SPDX-License-Identifier: Apache-2.0
package dev.belfry.schedule;

/**
 * What happens to a fixed time that the clock leaps over, as when daylight saving time starts.
 *
 * <p>A time that is shown twice runs the first time only, under both policies. Expressions that
 * follow the clock, such as <code>*&#47;15 * * * *</code>, are not affected; see {@link
 * CronExpression}.
 */
public enum DstPolicy {
  /** It runs once, at the first instant after the gap. The default. */
  RUN_ONCE,

  /** It does not run that day. */
  SKIP
}
