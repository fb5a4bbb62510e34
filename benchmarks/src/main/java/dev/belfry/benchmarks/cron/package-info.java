// SPDX-License-Identifier: Apache-2.0

/** Cron expressions, Belfry's beside those of other libraries. */
@NullMarked
package dev.belfry.benchmarks.cron;

import org.jspecify.annotations.NullMarked;
