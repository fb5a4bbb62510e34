// SPDX-License-Identifier: Apache-2.0

/** Registers, starts and enqueues jobs: what an application types. */
@NullMarked
package dev.belfry;

import org.jspecify.annotations.NullMarked;
