// SPDX-License-Identifier: Apache-2.0

/** What every job store must pass. */
@NullMarked
package dev.belfry.testkit.contract;

import org.jspecify.annotations.NullMarked;
