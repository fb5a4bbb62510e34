// SPDX-License-Identifier: Apache-2.0
/**
 * Several nodes of the real engine on one time line, over a store that a seed makes fail. See
 * docs/reliability.md.
 */
@NullMarked
package dev.belfry.testkit.simulation;

import org.jspecify.annotations.NullMarked;
