// SPDX-License-Identifier: Apache-2.0
/**
 * What a user types: jobs, the scheduler, its client. The engine behind them lives here too,
 * hidden.
 *
 * <p>The way of a run through the engine reads in one direction: {@code Client} inserts it, {@code
 * Dispatcher} claims it, {@code Pass} runs its handler, {@code Endings} decides where it goes, and
 * {@code Dispatcher} writes that. {@code Ticker} starts runs of schedules, {@code Membership} keeps
 * the node's lease.
 */
@NullMarked
package dev.belfry;

import org.jspecify.annotations.NullMarked;
