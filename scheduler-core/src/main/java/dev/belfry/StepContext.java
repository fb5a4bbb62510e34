// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Failure;
import java.util.Optional;

/** One try of a step, of an item of a map or of a poll, as its body sees it. */
public interface StepContext {
  /**
   * Returns a key that stays the same over all tries of this step, in all passes and attempts of
   * the run, and that no other step has: 69 letters, digits and hyphens. Hand it to services that
   * do something once per key.
   */
  String key();

  /**
   * Returns which try this is, from 1. It counts for steps with a retry policy of their own; tries
   * of the others are attempts of the run, and this is always 1.
   */
  int attempt();

  /** Returns what the try before died of, if the step has a retry policy of its own. */
  Optional<Failure> lastFailure();

  /** Returns whether the body should end early. From any thread. */
  boolean cancelled();
}
