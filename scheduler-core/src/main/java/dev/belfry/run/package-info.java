// SPDX-License-Identifier: Apache-2.0
/**
 * The values of a run's life: its id, its states and their legal moves, its passes and counters.
 */
@NullMarked
package dev.belfry.run;

import org.jspecify.annotations.NullMarked;
