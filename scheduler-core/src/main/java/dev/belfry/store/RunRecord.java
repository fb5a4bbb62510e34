// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import dev.belfry.run.Run;
import java.util.List;
import java.util.Optional;

/**
 * A run with what only programs understand.
 *
 * @param run the run
 * @param fence its present fence
 * @param input what its handler gets
 * @param result what its handler returned, once it has completed
 * @param heldFor the limits that have it wait: which it is put aside for, whose next slot it stands
 *     in its lane for, or which have it wait for others; empty if none does
 */
public record RunRecord(
    Run run, long fence, Payload input, Optional<Payload> result, List<LimitKey> heldFor) {
  /** Copies the list. */
  public RunRecord {
    heldFor = List.copyOf(heldFor);
  }

  /** A run that no limit has put aside. */
  public RunRecord(Run run, long fence, Payload input, Optional<Payload> result) {
    this(run, fence, input, result, List.of());
  }
}
