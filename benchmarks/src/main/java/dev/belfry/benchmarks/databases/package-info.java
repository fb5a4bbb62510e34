// SPDX-License-Identifier: Apache-2.0

/**
 * Whole-system benchmarks on real databases: Belfry, its peers and plain JDBC at the same work, in
 * processes of their own, taking turns.
 */
@NullMarked
package dev.belfry.benchmarks.databases;

import org.jspecify.annotations.NullMarked;
