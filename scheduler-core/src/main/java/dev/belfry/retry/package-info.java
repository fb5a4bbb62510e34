// SPDX-License-Identifier: Apache-2.0

/** Retry policies as plain values, and the exceptions that steer retries. */
@NullMarked
package dev.belfry.retry;

import org.jspecify.annotations.NullMarked;
