// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

import dev.belfry.run.RunId;

/** Sees what the passes of a virtual host do, on their threads. */
interface HostWatch {
  /** An application's code is called next; what this throws, the code seems to have thrown. */
  default void before(BodyCall call) {}

  /** Returns whether a pass goes on after a step of it was stored. */
  default boolean goesOn(RunId run) {
    return true;
  }
}
