// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import java.util.Optional;

/**
 * A row of the ledger: an ended pass, and whose it was.
 *
 * @param pass the pass, without the trace of its failure, its notes and its log, which {@code
 *     passes(run)} has
 * @param trigger what started the run: the tick that it stands for is its {@code nominal}
 * @param key the unique key that the run was enqueued with
 */
public record LedgerRow(Pass pass, Trigger trigger, Optional<String> key) {
  /** Returns its place in the ledger. */
  public LedgerCursor cursor() {
    return new LedgerCursor(pass.endedAt(), pass.run(), pass.fence());
  }
}
