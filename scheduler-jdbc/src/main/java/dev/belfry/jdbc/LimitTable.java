// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import dev.belfry.run.OnActive;
import dev.belfry.store.Limit;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The limits that were declared, a row each; the name tells the kind. */
final class LimitTable {
  private LimitTable() {}

  static Optional<Limit> find(Tx tx, String name) throws SQLException {
    return find(tx, name, "");
  }

  /** Writes what was declared last. Returns whether there was something else before. */
  static boolean declare(Tx tx, Limit limit) throws SQLException {
    Optional<Limit> before = find(tx, limit.name(), " for update");
    if (before.equals(Optional.of(limit))) {
      return false;
    }
    tx.update(
        before.isEmpty()
            ? "insert into {limit} (slots, per, policy, name) values (?, ?, ?, ?)"
            : "update {limit} set slots = ?, per = ?, policy = ? where name = ?",
        values(limit));
    return before.isPresent();
  }

  private static Optional<Limit> find(Tx tx, String name, String lock) throws SQLException {
    return tx.first(
        "select slots, per, policy from {limit} where name = ?" + lock,
        row -> {
          int most = row.number();
          Optional<Duration> period =
              row.optionalBigNumber().map(micros -> Duration.of(micros, ChronoUnit.MICROS));
          return limit(name, most, period, row.optionalText());
        },
        name);
  }

  private static Limit limit(
      String name, int most, Optional<Duration> period, Optional<String> policy) {
    return switch (Limit.Kind.ofName(name)) {
      case SLOTS -> new Limit.Slots(name, most);
      case ORDER -> new Limit.Order(name);
      case THROTTLE -> new Limit.Throttle(name, most, period.orElseThrow());
      case RATE -> new Limit.Rate(name, most, period.orElseThrow());
      case SINGLETON -> new Limit.Singleton(name, OnActive.valueOf(policy.orElseThrow()));
      case DEBOUNCE -> new Limit.Debounce(name, period);
      case BATCH -> new Limit.Batch(name, most, period.orElseThrow());
    };
  }

  private static @Nullable Object[] values(Limit limit) {
    int most = 1;
    Duration period = null;
    OnActive policy = null;
    if (limit instanceof Limit.Slots slots) {
      most = slots.slots();
    } else if (limit instanceof Limit.Throttle throttle) {
      most = throttle.starts();
      period = throttle.per();
    } else if (limit instanceof Limit.Rate rate) {
      most = rate.starts();
      period = rate.per();
    } else if (limit instanceof Limit.Singleton singleton) {
      policy = singleton.onActive();
    } else if (limit instanceof Limit.Debounce debounce) {
      period = debounce.max().orElse(null);
    } else if (limit instanceof Limit.Batch batch) {
      most = batch.maxSize();
      period = batch.maxWait();
    }
    return new @Nullable Object[] {
      most, period == null ? null : Texts.micros(period), policy, limit.name()
    };
  }
}
