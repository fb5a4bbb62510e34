// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.Target;

/**
 * A pause or its end.
 *
 * @param target what is paused or resumed
 * @param paused whether it is to be paused
 * @param actor who asked
 */
public record PauseChange(Target target, boolean paused, String actor) {}
