// SPDX-License-Identifier: Apache-2.0

/** The store SPI: where runs are kept, and the in-memory store. */
@NullMarked
package dev.belfry.store;

import org.jspecify.annotations.NullMarked;
