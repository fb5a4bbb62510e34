// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.time.Instant;

/** The answer to a renewal. */
public sealed interface Lease {
  /**
   * The node lives.
   *
   * @param until when the lease ends, by the store's clock
   * @param reaper whether the node may reap: its lease was valid without a gap for a full lease
   * @param expired whether the store saw nodes whose lease has ended
   */
  record Held(Instant until, boolean reaper, boolean expired) implements Lease {}

  /** The node was marked dead. It never returns: drop what it holds and join as a new one. */
  record Lost() implements Lease {}
}
