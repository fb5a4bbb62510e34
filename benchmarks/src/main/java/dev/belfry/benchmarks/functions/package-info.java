// SPDX-License-Identifier: Apache-2.0
/** What durable functions take beside time. */
@NullMarked
package dev.belfry.benchmarks.functions;

import org.jspecify.annotations.NullMarked;
