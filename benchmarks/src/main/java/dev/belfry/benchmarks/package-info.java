// SPDX-License-Identifier: Apache-2.0

/** Benchmarks of Belfry and its peers. */
@NullMarked
package dev.belfry.benchmarks;

import org.jspecify.annotations.NullMarked;
