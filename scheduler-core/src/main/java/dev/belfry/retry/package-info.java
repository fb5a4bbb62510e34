// SPDX-License-Identifier: Apache-2.0
/**
 * Decides whether a failed piece of work is tried again, and when; it needs no engine and reads no
 * clock.
 *
 * <p>{@link dev.belfry.retry.RetryPolicy} is the entry: it turns an attempt number and a failure
 * into a {@link dev.belfry.retry.Decision}. A handler speaks to the policy by throwing {@link
 * dev.belfry.retry.NonRetryableException}, {@link dev.belfry.retry.RetryAfterException} or {@link
 * dev.belfry.retry.SnoozeException}.
 */
@NullMarked
package dev.belfry.retry;

import org.jspecify.annotations.NullMarked;
