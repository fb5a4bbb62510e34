// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.host.Host;
import dev.belfry.run.RunId;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes run ids that grow: within a millisecond by a sequence, so that what came first sorts so.
 */
final class RunIds {
  private static final int SEQUENCE_BITS = 12;

  private final Host host;
  private final AtomicLong last = new AtomicLong(); // milliseconds and sequence in one number

  RunIds(Host host) {
    this.host = host;
  }

  /** Returns an id that sorts after all that were made here before, whatever the clock does. */
  RunId next() {
    long now = host.wallTime().toEpochMilli() << SEQUENCE_BITS;
    long mine = last.updateAndGet(before -> Math.max(before + 1, now));
    return RunId.of(
        mine >>> SEQUENCE_BITS, (int) mine & (1 << SEQUENCE_BITS) - 1, host.random().nextLong());
  }
}
