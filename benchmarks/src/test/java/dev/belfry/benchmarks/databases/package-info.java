// SPDX-License-Identifier: Apache-2.0

/** Tests of the benchmarks on databases: of what they compute, and that they run. */
@NullMarked
package dev.belfry.benchmarks.databases;

import org.jspecify.annotations.NullMarked;
