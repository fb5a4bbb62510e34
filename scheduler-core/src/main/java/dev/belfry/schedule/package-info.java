// SPDX-License-Identifier: Apache-2.0

/** Schedules and cron expressions as plain values, on {@code java.time} alone. */
@NullMarked
package dev.belfry.schedule;

import org.jspecify.annotations.NullMarked;
