// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.store.Limit;
import dev.belfry.store.LimitKey;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The row of a key of a limit, as one call finds it and leaves it. */
final class LimitRow {
  static final String AT_KEY = " where name = ? and slot_key = ?";
  static final String READ = "select used from {limit_slot}" + AT_KEY;
  static final String INSERT = "insert into {limit_slot} (name, slot_key, used) values (?, ?, 0)";
  static final String UPDATE = "update {limit_slot} set used = ?" + AT_KEY;

  private final LimitKey key;
  private final Optional<Limit> limit;
  private int used;
  private boolean changed;

  private LimitRow(LimitKey key, Optional<Limit> limit, int used) {
    this.key = key;
    this.limit = limit;
    this.used = used;
  }

  static LimitRow none(LimitKey key, Optional<Limit> limit) {
    return new LimitRow(key, limit, 0);
  }

  static LimitRow of(LimitKey key, Optional<Limit> limit, Row row) throws SQLException {
    return new LimitRow(key, limit, row.number());
  }

  /** Returns how many more runs there is room for. */
  int free() {
    if (key.isTurn()) {
      return 1 - used;
    }
    return limit.orElse(null) instanceof Limit.Slots slots
        ? slots.slots() - used
        : Integer.MAX_VALUE;
  }

  void take() {
    used++;
    changed = true;
  }

  void release() {
    used--;
    changed = true;
  }

  /** Returns the parameters of {@link #UPDATE} if something has changed since it was last asked. */
  Optional<@Nullable Object[]> change() {
    if (!changed) {
      return Optional.empty();
    }
    changed = false;
    return Optional.of(new @Nullable Object[] {used, key.limit(), key.key()});
  }
}
