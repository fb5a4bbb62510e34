// SPDX-License-Identifier: Apache-2.0

/**
 * What very many schedules cost: memory, a look at what is due, ten thousand ticks in one second.
 */
@NullMarked
package dev.belfry.benchmarks.schedules;

import org.jspecify.annotations.NullMarked;
