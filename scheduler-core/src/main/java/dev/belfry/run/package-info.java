// SPDX-License-Identifier: Apache-2.0

/** Values of a run's life: its id, state, attempts and counters. */
@NullMarked
package dev.belfry.run;

import org.jspecify.annotations.NullMarked;
