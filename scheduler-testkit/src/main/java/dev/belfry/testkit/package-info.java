// SPDX-License-Identifier: Apache-2.0

/** Tests jobs on virtual time, with faults, without waiting. */
@NullMarked
package dev.belfry.testkit;

import org.jspecify.annotations.NullMarked;
