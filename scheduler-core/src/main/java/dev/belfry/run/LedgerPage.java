// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import java.util.List;
import java.util.Optional;

/**
 * A page of the ledger. It may be short, or empty, though more follow: it holds what the query is
 * for of the rows that were looked at.
 *
 * @param rows the rows of this page, in order
 * @param last the last row that was looked at, whether it is on the page or not; after it the next
 *     page begins, now or later
 * @param more whether further rows follow now
 */
public record LedgerPage(List<LedgerRow> rows, Optional<LedgerCursor> last, boolean more) {
  /** Copies the rows. */
  public LedgerPage {
    rows = List.copyOf(rows);
  }
}
