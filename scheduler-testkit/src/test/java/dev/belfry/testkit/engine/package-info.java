// SPDX-License-Identifier: Apache-2.0
/** The engine's specification: real scheduler, virtual time, in-memory store. */
@NullMarked
package dev.belfry.testkit.engine;

import org.jspecify.annotations.NullMarked;
