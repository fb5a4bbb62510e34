// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.Failure;
import java.util.Optional;

/** A try of something that has no limit of time. */
record StepTry(PassFrame frame, String key, int attempt, Optional<Failure> lastFailure)
    implements StepContext {
  @Override
  public boolean cancelled() {
    return frame.cancelled().getAsBoolean();
  }
}
