// SPDX-License-Identifier: Apache-2.0

/** Runnable applications that show Belfry at work. */
@NullMarked
package dev.belfry.examples;

import org.jspecify.annotations.NullMarked;
