// SPDX-License-Identifier: Apache-2.0

/** What pages and answers of the management API cost over a long history. */
@NullMarked
package dev.belfry.benchmarks.pages;

import org.jspecify.annotations.NullMarked;
