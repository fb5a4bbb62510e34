// SPDX-License-Identifier: Apache-2.0
/** The whole system: real threads, real files, real processes, and what can happen to them. */
@NullMarked
package dev.belfry.jdbc.whole;

import org.jspecify.annotations.NullMarked;
