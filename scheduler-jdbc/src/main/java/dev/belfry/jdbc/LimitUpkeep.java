// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.Limit;
import dev.belfry.store.LimitKey;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What becomes of limits when they are declared, and now and then. */
final class LimitUpkeep {
  private static final int SCANNED = 1_000;
  private static final Duration KEPT = Duration.ofDays(1); // for runs that are claimed late
  private static final String UNUSED = "used = 0 and next_at is null or next_at < ?";

  private LimitUpkeep() {}

  static void declare(Tx tx, List<Limit> limits) throws SQLException {
    for (Limit limit : limits) {
      if (LimitTable.declare(tx, limit)) {
        Limits.fill(
            tx,
            tx.list(
                "select distinct name, slot_key from {held} where name = ?",
                LimitUpkeep::key,
                limit.name()));
      }
    }
  }

  /** Fills whatever has room: some may have gone back to a lane that is paused by now. */
  static void sweep(Tx tx) throws SQLException {
    Limits.fill(
        tx,
        tx.list("select distinct name, slot_key from {held} limit ?", LimitUpkeep::key, SCANNED));
    Instant old = tx.now().minus(KEPT);
    List<@Nullable Object[]> unused =
        tx.list(
            "select name, slot_key from {limit_slot} where " + UNUSED + " limit ?",
            row -> new @Nullable Object[] {row.text(), row.text(), old},
            old,
            SCANNED);
    tx.batch("delete from {limit_slot}" + LimitRow.AT_KEY + " and (" + UNUSED + ")", unused);
  }

  private static LimitKey key(Row row) throws SQLException {
    return new LimitKey(row.text(), row.text());
  }
}
