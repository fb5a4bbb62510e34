// SPDX-License-Identifier: Apache-2.0
package dev.belfry.run;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A place in the ledger: that of one ended pass. The ledger is in order of the time at which passes
 * ended, then run, then fence, so no two have one place.
 *
 * @param endedAt when the pass ended, by the store's clock
 * @param run its run
 * @param fence its fence
 */
public record LedgerCursor(Instant endedAt, RunId run, long fence)
    implements Comparable<LedgerCursor> {
  private static final Comparator<LedgerCursor> ORDER =
      Comparator.comparing(LedgerCursor::endedAt)
          .thenComparing(LedgerCursor::run)
          .thenComparingLong(LedgerCursor::fence);

  /** Refuses null. */
  public LedgerCursor {
    requireNonNull(endedAt, "endedAt");
    requireNonNull(run, "run");
  }

  /**
   * Reads the text form, as {@link #toString()} writes it.
   *
   * @throws IllegalArgumentException if the text is no cursor
   */
  public static LedgerCursor parse(String text) {
    String[] parts = text.split("/", -1);
    try {
      if (parts.length == 3) {
        return new LedgerCursor(
            Instant.parse(parts[0]), RunId.parse(parts[1]), Long.parseLong(parts[2]));
      }
    } catch (DateTimeParseException | IllegalArgumentException e) {
      throw bad(text, e);
    }
    throw bad(text, null);
  }

  private static IllegalArgumentException bad(String text, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "ledger cursor must be an instant, a run and a fence, as in"
            + " \"2026-03-02T12:00:00Z/019caf4c-6c00-7000-8000-000000000001/3\", was \""
            + text
            + "\"",
        cause);
  }

  @Override
  public int compareTo(LedgerCursor other) {
    return ORDER.compare(this, other);
  }

  /** Returns instant, run and fence with slashes between them. */
  @Override
  public String toString() {
    return endedAt + "/" + run + "/" + fence;
  }
}
