// SPDX-License-Identifier: Apache-2.0

/** The one owner of clock, threads and randomness. */
@NullMarked
package dev.belfry.host;

import org.jspecify.annotations.NullMarked;
