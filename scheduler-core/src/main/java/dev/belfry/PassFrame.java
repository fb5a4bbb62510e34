// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import dev.belfry.run.NodeId;
import dev.belfry.store.Claimed;
import dev.belfry.store.JobStore;
import dev.belfry.store.MemoKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.BooleanSupplier;

/**
 * What all parts of a pass stand on.
 *
 * @param claim the run, as this pass holds it
 * @param node the incarnation that holds it
 * @param settings what the scheduler is made of
 * @param writer writes memos for all passes of the node
 * @param claimedNanos when the claim was answered, by the host's monotonic clock
 * @param cancelled whether the handler was told to end
 * @param leaseHeld whether the node's lease is valid
 * @param interrupter interrupts the thread of the pass; for the control loop
 * @param watch follows the pass
 */
record PassFrame(
    Claimed claim,
    NodeId node,
    Settings settings,
    MemoWriter writer,
    long claimedNanos,
    BooleanSupplier cancelled,
    BooleanSupplier leaseHeld,
    Runnable interrupter,
    PassWatch watch) {
  Host host() {
    return settings.host();
  }

  JobStore store() {
    return settings.store();
  }

  Payloads payloads() {
    return settings.payloads();
  }

  /**
   * Returns the time of the store, as well as it can be known without asking: never later than it
   * is, as it counts from the claim.
   */
  Instant storeTime() {
    return claim
        .claimedAt()
        .plusNanos(host().nanoTime() - claimedNanos)
        .truncatedTo(ChronoUnit.MICROS);
  }

  /** Tells the host that the body of a part is called next. */
  void beforeBody(MemoKey part, int tries) {
    host().beforeBody(claim.id(), claim.job(), part.id(), tries);
  }

  /** Returns whether a time of the store has come. */
  boolean hasCome(Instant time) {
    return !time.isAfter(storeTime());
  }
}
